'use client';

import { useId, useState } from 'react';
import { CopyButton } from '#components/values/copy.tsx';
import { Tabs } from '#components/values/tabs.tsx';
import { codeConnections, editorConnections, serverName } from '#lib/exchange/connect.ts';
import type { LiveStatus } from '#lib/live/live.ts';
import { send } from '#lib/client/request.ts';
import type { SandboxRef } from '#lib/guide/types.ts';
import type { WalkHandle } from './use-walk.ts';

const LIVE: Readonly<Record<LiveStatus, string>> = {
  resting: 'Not listening',
  connecting: 'Connecting to the sandbox',
  live: 'Listening',
  cut: 'The connection broke; the page connects again',
  refused: 'The sandbox does not know this browser',
  gone: 'The sandbox is gone',
};

/** In the place of the request about to be sent: where an outside client connects, and how much of it has come. */
export function FollowFigure({ walk }: { readonly walk: WalkHandle }) {
  const id = useId();
  const { following, view } = walk;
  const { sandbox, followed, status } = following;
  const url = sandbox?.mcp.oauth ?? '';
  const ways =
    url === ''
      ? []
      : [...editorConnections({ url, name: serverName(sandbox?.id ?? '') }).slice(0, 1), ...codeConnections({ url })];
  const [way, setWay] = useState('Claude Code');
  const shown = ways.find((one) => one.title === way) ?? ways[0];
  const [open, setOpen] = useState<boolean | null>(null);
  const [moved, setMoved] = useState(false);
  const advance = async (of: SandboxRef) => {
    const address = `/api/sandboxes/${of.id}/clock`;
    await send('POST', address, { token: of.control_token, body: { advance: 3600 } }).then(
      (response) => setMoved(response.ok),
      () => setMoved(false),
    );
  };
  const isOpen = open ?? (followed?.seen ?? 0) === 0;
  const beside = followed?.beside ?? 0;
  return (
    <section aria-labelledby={`${id}-h`} className="follow-fig" id={`fig-${view.step.number}.1`}>
      <div className="figh">
        <span className="fign">Fig. {view.step.number}.1</span>
        <h2 id={`${id}-h`}>Where your client connects</h2>
        {isOpen && ways.length > 0 && (
          <Tabs
            label="Ways to connect"
            tabs={ways.map((one) => ({ id: one.title, label: one.title }))}
            value={way}
            onChange={setWay}
            panel={`${id}-p`}
          >
            <CopyButton text={() => shown?.text ?? ''} label="Copy what to paste" />
          </Tabs>
        )}
      </div>
      <p className="follow-url m-code">
        <span className="k">MCP</span>{' '}
        {url === '' ? (
          'The sandbox is being made.'
        ) : (
          <>
            <b>{url}</b>
            <CopyButton text={() => url} label="Copy the address of the MCP server" />
          </>
        )}
      </p>
      {isOpen && shown && (
        <div id={`${id}-p`} role="tabpanel" aria-label={shown.title}>
          <p className="cap">{shown.says}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it */}
          <pre className="snippet" tabIndex={0}>
            {shown.text}
          </pre>
        </div>
      )}
      <p className="follow-foot ui tiny">
        <span role="status">
          <span className={`dot ${status}`} aria-hidden="true" />
          {LIVE[status]}. {countOf(followed?.seen ?? 0, beside)}
        </span>{' '}
        {sandbox && <a href={sandbox.inspect_url}>All of them, and other ways to connect</a>}
        {view.step.id === 'refresh' && sandbox && (
          <>
            {' '}
            ·{' '}
            <button type="button" onClick={() => void advance(sandbox)}>
              Move the clock one hour
            </button>
            {moved && ' The clock stands an hour later: the access token has expired.'}
          </>
        )}
        {!isOpen && (
          <>
            {' '}
            ·{' '}
            <button type="button" onClick={() => setOpen(true)}>
              How to connect
            </button>
          </>
        )}
      </p>
    </section>
  );
}

function countOf(seen: number, beside: number): string {
  if (seen === 0) return 'Nothing has come yet.';
  const requests = `${seen} ${seen === 1 ? 'request has' : 'requests have'} come`;
  return beside === 0 ? `${requests}.` : `${requests}, ${beside} of them beside this track.`;
}
