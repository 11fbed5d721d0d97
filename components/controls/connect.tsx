'use client';

import { useId, useState } from 'react';
import type { Connection } from '#lib/live/types.ts';
import { CopyButton } from '../values/copy.tsx';
import { Icon } from '../values/glyph.tsx';
import { Prose } from '../values/prose.tsx';

interface ConnectProps {
  readonly base: string;
  readonly mcp: string;
  readonly connections: readonly Connection[];
  readonly loopback: boolean;
  /** Whom the newest exchange is laid to. */
  readonly connected: string | null;
}

/** The address, large, and what to paste where. */
export function Connect({ base, mcp, connections, loopback, connected }: ConnectProps) {
  const id = useId();
  const [open, setOpen] = useState<string | null>(null);
  const shown = connections.find((one) => one.title === open);
  return (
    <section className="con" aria-label="Connect a client">
      <div className="con-line">
        <span className="soft">MCP server</span>
        <span className="url" translate="no">
          {mcp.replace(/\/mcp$/, '')}
          <i>/mcp</i>
        </span>
        <CopyWord text={mcp} />
        <span className="lk">
          {connected ? (
            <>
              <i aria-hidden="true" />
              {connected} is connected
            </>
          ) : (
            'no client yet'
          )}
        </span>
        <div className="ways">
          <span className="dim">{connected ? 'Connect another:' : 'Connect:'}</span>
          {connections.map((one) => (
            <button
              key={one.title}
              type="button"
              aria-expanded={open === one.title}
              aria-controls={`${id}-s`}
              onClick={() => setOpen(open === one.title ? null : one.title)}
            >
              {one.title}
            </button>
          ))}
          <button
            type="button"
            aria-expanded={open === 'more'}
            aria-controls={`${id}-s`}
            onClick={() => setOpen(open === 'more' ? null : 'more')}
          >
            Addresses
          </button>
        </div>
      </div>
      <div id={`${id}-s`} hidden={open === null} className="con-more">
        {shown && (
          <>
            <p className="say">
              <Prose text={shown.says} />
              {loopback && /Claude Code|Cursor|VS Code/.test(shown.title)
                ? ' This address is on your own machine: a hosted client cannot reach it.'
                : ''}
            </p>
            <div className="snip">
              <Code text={shown.text} label={shown.title} />
              <CopyButton text={() => shown.text} label={`Copy what to paste for ${shown.title}`} />
            </div>
          </>
        )}
        {open === 'more' && <Addresses base={base} mcp={mcp} />}
      </div>
    </section>
  );
}

function Code({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it
    // biome-ignore lint/a11y/useSemanticElements: text to copy, no fieldset
    <pre className="m-code" tabIndex={0} role="group" aria-label={`To paste: ${label}`}>
      {text}
    </pre>
  );
}

function CopyWord({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Not allowed here');
    }
    setTimeout(() => setSaid(''), 1600);
  };
  return (
    <>
      <button type="button" className="btn" onClick={copy}>
        <Icon name={said === 'Copied' ? 'tick' : 'copy'} />
        Copy
      </button>
      <span className="vh" role="status">
        {said}
      </span>
    </>
  );
}

function Addresses({ base, mcp }: { readonly base: string; readonly mcp: string }) {
  const rows: [string, string][] = [
    ['Issuer', base],
    ['MCP, behind OAuth', mcp],
    ['A second one', `${base}/oauth`],
    ['MCP, any bearer token', `${base}/bearer`],
    ['MCP, open', `${base}/no-auth`],
    ['A plain API', `${base}/api/resource`],
    ['Codes of devices', `${base}/activate`],
  ];
  return (
    <dl className="addresses">
      {rows.map(([name, address]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{address}</code> <CopyButton text={() => address} label={`Copy the address: ${name}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
