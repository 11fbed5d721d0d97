'use client';

import { useEffect, useState } from 'react';
import { Snip } from '#components/controls/snip.tsx';
import { Stray } from '#components/site/stray.tsx';
import { CopyButton } from '#components/values/copy.tsx';
import { lifeInWords } from '#lib/spec/lifetimes.ts';

/** Nothing has arrived: what to do. */
export function Empty({
  waiting,
  filtered,
  mcp,
}: {
  readonly waiting: boolean;
  readonly filtered: boolean;
  readonly mcp: string;
}) {
  if (waiting)
    return (
      <p className="cap empty" role="status">
        Reading what has arrived.
      </p>
    );
  if (filtered) return <p className="cap empty">No exchange matches. Remove a filter.</p>;
  const command =
    `curl -si ${mcp} -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' ` +
    `-d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`;
  return (
    <section className="empty-how" aria-labelledby="empty-h">
      <div className="figh">
        <h2 id="empty-h">Nothing has arrived yet</h2>
      </div>
      <p>
        Give the address above to a client: as a server in Claude, Cursor or VS Code, or in your own code. The first
        request appears here within a second, and it should be a <b>401</b>: that is how every client learns where to
        go.
      </p>
      <p>No client yet? Send the first request yourself:</p>
      <Snip text={command} label="To paste: one request">
        <CopyButton text={() => command} label="Copy the command" />
      </Snip>
    </section>
  );
}

/** Without a token: the addresses above are everybody's, what arrives there is its owner's. */
export function Closed({
  shared,
  says,
  onToken,
}: {
  readonly shared: boolean;
  readonly says: string | null;
  readonly onToken: (token: string) => void;
}) {
  const [token, setToken] = useState('');
  return (
    <main className="closed" id="main">
      <h2>{shared ? 'This link has expired.' : 'This sandbox belongs to somebody.'}</h2>
      <p>
        {shared
          ? 'A share ends with its sandbox, or when its owner revokes it. Ask for another.'
          : 'The addresses above are not secret: any client may use them. The exchanges and the controls ' +
            'need the control token. Open the link that came with the sandbox, paste the token, or ask its ' +
            'owner for a share.'}
      </p>
      {!shared && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (token.trim()) onToken(token);
          }}
        >
          <label className="ui">
            <span className="tiny dim">Control token</span>
            <input
              className="m"
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          </label>
          <button type="submit" className="btn">
            Open
          </button>
        </form>
      )}
      <p className={says ? 'trouble' : 'vh'} role="alert">
        {says}
      </p>
      <p className="ui">
        <a className="link" href="/sandbox">
          Make a sandbox of your own
        </a>
      </p>
    </main>
  );
}

/**
 * Its time ran out, or somebody deleted it, while it was looked at.
 * @param props.ttl seconds that it lived after its last use, when the page was opened
 */
export function Gone({ id, ttl }: { readonly id: string; readonly ttl: number | null }) {
  useEffect(() => {
    document.title = 'This sandbox is gone · Authwalk';
  }, []);
  return (
    <Stray
      title="This sandbox is gone."
      ways={
        <a className="btn" href="/sandbox">
          Make another
        </a>
      }
    >
      <p className="lede">
        <code>{id}</code> was deleted{ttl === null ? '' : `, or was not used for ${lifeInWords(ttl)}`}. Its tokens, its
        users and its record are gone, too.
      </p>
    </Stray>
  );
}
