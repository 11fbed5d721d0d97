'use client';

import { useId, useState } from 'react';
import { CopyButton } from '#components/values/copy.tsx';
import { standInOf } from '#lib/guide/stand-in.ts';
import type { WalkHandle } from './use-walk.ts';

/** Fields that point the walk at the reader's own MCP server, and what that server has to be told. */
export function StandIn({ walk, origin }: { readonly walk: WalkHandle; readonly origin: string }) {
  const { track, snapshot, run, hrefOf } = walk;
  const { server = null, sandbox } = snapshot.state;
  const [typed, setTyped] = useState<string | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useId();
  const first = track.steps[0]!.id;
  const use = async (url: string | null) => {
    setBusy(true);
    await run.standIn(url);
    // A document that was opened for another track may not call other addresses: this one is loaded anew.
    window.location.assign(hrefOf(first));
  };
  const submit = () => {
    const found = standInOf(typed ?? server ?? '', origin);
    setWhy('why' in found ? found.why : null);
    if ('url' in found) void use(found.url);
  };
  const issuer = sandbox && !snapshot.state.lost ? sandbox.base : null;
  const port = server === null ? null : new URL(server).port || '80';
  const command = `ISSUER=${issuer} PORT=${port} node examples/own-server/server.mjs`;
  return (
    <details className="before stand-in" open={server !== null || undefined}>
      <summary>
        {server === null ? 'Let your own server stand in for ours' : `Your server stands in: ${server}`}
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label className="ui" htmlFor={field}>
          Address of your MCP server
        </label>
        <input
          id={field}
          type="url"
          spellCheck={false}
          placeholder="http://localhost:8080/mcp"
          value={typed ?? server ?? ''}
          aria-invalid={why !== null || undefined}
          aria-describedby={`${field}-says`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="btn" disabled={busy || !snapshot.awake}>
          Walk to it
        </button>
        {server !== null && (
          <button type="button" className="btn" disabled={busy} onClick={() => void use(null)}>
            Back to ours
          </button>
        )}
      </form>
      <p className="tiny dim" id={`${field}-says`} role={why === null ? undefined : 'alert'}>
        {why ??
          'On your own machine. This browser calls it, with tokens that are for it alone. The walk begins anew, in a ' +
            'new sandbox; experiments show our server.'}
      </p>
      {server !== null && issuer !== null && (
        <dl className="tell-it">
          <dt>The issuer that it trusts</dt>
          <dd>
            <code>{issuer}</code> <CopyButton text={() => issuer} label="Copy the issuer" />
          </dd>
          <dt>Its own name</dt>
          <dd>
            <code>{server}</code>
          </dd>
          <dt>Or, from a clone of Authwalk</dt>
          <dd>
            <code>{command}</code> <CopyButton text={() => command} label="Copy the command" />
          </dd>
        </dl>
      )}
    </details>
  );
}
