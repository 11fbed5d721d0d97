'use client';

import { memo, useId, useState } from 'react';
import type { Connection } from '#lib/exchange/connect.ts';
import { spell } from '#lib/live/rows.ts';
import { useSeconds } from '../ledger/use-seconds.ts';
import { CopyButton, CopyWords } from '../values/copy.tsx';
import { Glyph, Icon } from '../values/glyph.tsx';
import { Prose } from '../values/prose.tsx';
import { Snip } from './snip.tsx';

interface ConnectProps {
  readonly base: string;
  readonly mcp: string;
  readonly connections: readonly Connection[];
  readonly loopback: boolean;
  /** Who sent the latest exchange that names its client, and when; null: nobody has named itself. */
  readonly connected: { readonly name: string; readonly at: string } | null;
  /** Whether an exchange has arrived; null: not known, or not for this reader to know. */
  readonly seen: boolean | null;
}

/** The address, large, and what to paste where. Once something has arrived it is one line. */
export const Connect = memo(function Connect({ base, mcp, connections, loopback, connected, seen }: ConnectProps) {
  const id = useId();
  const [open, setOpen] = useState<string | null>(null);
  const [unfolded, setUnfolded] = useState(false);
  const shown = connections.find((one) => one.title === open);
  const folded = seen === true && !unfolded;
  const toggle = (title: string) => setOpen(open === title ? null : title);
  return (
    <section className="con" aria-label="Connect a client">
      <div className="con-line">
        <span className="soft">MCP server</span>
        <span className="url" translate="no">
          {mcp.replace(/\/mcp$/, '')}
          <i>/mcp</i>
        </span>
        <CopyWords text={() => mcp}>
          <Icon name="copy" />
          Copy
        </CopyWords>
        <span className="lk">
          {connected ? (
            <LastSeen name={connected.name} at={connected.at} />
          ) : seen === null ? null : seen ? (
            'the client has not named itself'
          ) : (
            'no client yet'
          )}
        </span>
        {seen && (
          <button
            type="button"
            className="end"
            aria-expanded={unfolded}
            aria-controls={`${id}-w`}
            onClick={() => {
              setUnfolded(!unfolded);
              setOpen(null);
            }}
          >
            Connect another
            <Icon name="down" />
          </button>
        )}
      </div>
      <div className="ways" id={`${id}-w`} hidden={folded}>
        {!seen && <span className="dim">Connect:</span>}
        {[...connections.map(({ title }) => title), 'Addresses'].map((title) => (
          <button
            key={title}
            type="button"
            aria-expanded={open === title}
            aria-controls={`${id}-s`}
            onClick={() => toggle(title)}
          >
            {title}
          </button>
        ))}
      </div>
      <div id={`${id}-s`} hidden={open === null || folded} className="con-more">
        {shown && (
          <>
            <p className="say">
              <Prose text={shown.says} />
              {loopback && /Claude Code|Cursor|VS Code/.test(shown.title)
                ? ' This address is on your own machine: a hosted client cannot reach it.'
                : ''}
            </p>
            {shown.install && (
              <p className="install">
                <a className="btn" href={shown.install}>
                  Add to {shown.title}
                </a>{' '}
                <span className="tiny dim">or paste this:</span>
              </p>
            )}
            <Snip text={shown.text} label={`To paste: ${shown.title}`}>
              <CopyButton text={() => shown.text} label={`Copy what to paste for ${shown.title}`} />
            </Snip>
          </>
        )}
        {open === 'Addresses' && <Addresses base={base} mcp={mcp} />}
      </div>
    </section>
  );
});

/** Who is connected, and since when nothing has come. */
function LastSeen({ name, at }: { readonly name: string; readonly at: string }) {
  const now = useSeconds();
  const seconds = now === null ? 0 : Math.max(0, (now - Date.parse(at)) / 1000);
  return (
    <>
      <Glyph hand="client" />
      {name}, {seconds < 5 ? 'seen just now' : `last seen ${spell(seconds)} ago`}
    </>
  );
}

function Addresses({ base, mcp }: { readonly base: string; readonly mcp: string }) {
  const rows: [string, string][] = [
    ['Issuer', base],
    ['MCP, behind OAuth', mcp],
    ['MCP, a second resource', `${base}/oauth`],
    ['MCP, any bearer token', `${base}/bearer`],
    ['MCP, without a token', `${base}/no-auth`],
    ['A plain API', `${base}/api/resource`],
    ['Device codes', `${base}/activate`],
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
