'use client';

import { useState } from 'react';
import { Prose } from '#components/values/prose.tsx';
import { createApi } from '#lib/client/sandboxes.ts';
import { browserStorage, readMembership } from '#lib/guide/storage.ts';
import { EARLIER, WALKED } from '#lib/guide/revisions/revisions.ts';
import type { Comparison, ComparedExchange } from '#lib/guide/revisions/compare.ts';
import type { Exchange } from '#lib/guide/types.ts';
import { Changes } from './outcome.tsx';
import type { WalkHandle } from './use-walk.ts';

/** The exchanges of this step at the other revisions of MCP: sent for real, and only what is different is shown. */
export function Revisions({ walk, origin }: { readonly walk: WalkHandle; readonly origin: string }) {
  const { track, view } = walk;
  const [asked, setAsked] = useState<string | null>(null);
  const [found, setFound] = useState<Readonly<Record<string, Comparison>>>({});
  const ask = async (id: string) => {
    setAsked(id);
    if (found[id]) return;
    const { compareAt } = await import('#lib/guide/revisions/compare.ts');
    const fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);
    const api = createApi<Exchange>(origin, fetch, () => readMembership(browserStorage()));
    const options = { origin, fetch, api, now: Date.now };
    const comparison = await compareAt(track, view.step, id, options);
    setFound((before) => ({ ...before, [id]: comparison }));
  };
  const shown = asked === null ? undefined : found[asked];
  return (
    <section className="revisions" aria-labelledby="revisions-h">
      <div className="figh">
        <h2 id="revisions-h">At other revisions of MCP</h2>
      </div>
      <p className="cap">
        This walk speaks {WALKED}. The same step at an earlier revision is sent for real, in a copy of the sandbox. A
        line marked “here” is of this walk, and one marked “then” of the earlier revision.
      </p>
      <fieldset className="revision-choice">
        <legend className="vh">Revision to compare with</legend>
        {EARLIER.map(({ id }) => (
          <button
            key={id}
            type="button"
            className="btn"
            aria-pressed={asked === id}
            disabled={asked !== null && !found[asked]}
            onClick={() => void ask(id)}
          >
            {id}
          </button>
        ))}
      </fieldset>
      {asked !== null && (
        <>
          {track.revision_notes
            .filter((note) => note.revision === asked)
            .map((note) => (
              <p key={note.revision} className="revision-note">
                <Prose text={note.says} />
              </p>
            ))}
          <p className="vh" role="status">
            {shown ? `Revision ${asked}: ${summaryOf(shown, asked)}` : `Sending it at ${asked}`}
          </p>
          {shown ? <Compared comparison={shown} revision={asked} /> : <p className="cap">On the way …</p>}
        </>
      )}
    </section>
  );
}

const isEqual = (one: ComparedExchange): boolean => one.only === null && one.lines.length === 0;

/** Why there is nothing to compare; null if there is. */
const unreached = ({ endsAt }: Comparison, revision: string): string | null =>
  endsAt === null ? null : `At ${revision} a client does not come this far: it ends at the step “${endsAt}”.`;

function summaryOf(comparison: Comparison, revision: string): string {
  const { exchanges, trouble } = comparison;
  const why = trouble ?? unreached(comparison, revision);
  if (why !== null) return why;
  const different = exchanges.filter((one) => !isEqual(one)).length;
  return different === 0
    ? 'nothing is different in this step.'
    : `${different} of ${exchanges.length} exchanges differ.`;
}

function Compared({ comparison, revision }: { readonly comparison: Comparison; readonly revision: string }) {
  if (comparison.trouble !== null)
    return (
      <p className="trouble-bar" role="alert">
        {comparison.trouble}
      </p>
    );
  const why = unreached(comparison, revision);
  if (why !== null) return <p className="revision-note">{why}</p>;
  return (
    <ol className="compared">
      {comparison.exchanges.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no other identity than their place
        <li key={index}>
          <h3>
            {one.title} <span className="dim">{wordsOf(one, revision)}</span>
          </h3>
          {one.says !== null && (
            <p className="cap">
              <Prose text={one.says} />
            </p>
          )}
          {one.lines.length > 0 && <Changes lines={one.lines} names={{ was: 'here', now: 'then', same: 'alike' }} />}
        </li>
      ))}
    </ol>
  );
}

function wordsOf(one: ComparedExchange, revision: string): string {
  if (one.only === 'here') return `not at ${revision}`;
  const answered = one.status === null ? 'no answer' : `answered ${one.status}`;
  if (one.only === 'there') return `only at ${revision}, ${answered}`;
  return one.lines.length === 0 ? `the same, ${answered}` : answered;
}
