'use client';

import { ExchangeFigure } from '#components/exchange/figure.tsx';
import { headerOf } from '#lib/exchange/read.ts';
import { decidingNotes, whatWasDone } from '#lib/guide/experiments/tell.ts';
import { held } from '#lib/guide/values.ts';
import type { Bag, ChangedLine, ExchangeEntry, ExchangeView, ExperimentView, Track } from '#lib/guide/types.ts';
import { useSnippets } from './use-snippets.ts';
import type { WalkHandle } from './use-walk.ts';

/** What an experiment changed, and every exchange that came of it; the one that decides is open. */
export function Outcome({ view, walk }: { readonly view: ExperimentView; readonly walk: WalkHandle }) {
  const { track } = walk;
  const snippet = useSnippets(true);
  const outcome = view.record?.outcome;
  if (!outcome || outcome.exchanges.length === 0) return null;
  const bag = bagOfCopy(track, outcome.exchanges);
  const deciding = outcome.exchanges[outcome.deciding] ?? outcome.exchanges.at(-1)!;
  const exchanges = outcome.exchanges.map(
    (entry, index): ExchangeView => ({
      entry,
      title: titleOf(track, entry),
      number: index + 1,
      notes: entry === deciding ? decidingNotes(view.experiment, entry) : [],
      stale: false,
      bag,
      prefer: Object.keys(entry.used),
    }),
  );
  const done = whatWasDone(view.experiment);
  return (
    <>
      <section className="changes" aria-label="What was changed">
        {done.map((sentence) => (
          <p key={sentence} className="cap">
            {sentence}
          </p>
        ))}
        {outcome.changes && outcome.changes.length > 0 && <Changes lines={outcome.changes} />}
      </section>
      <ExchangeFigure
        number={`Fig. ${walk.view.step.number}${view.experiment.letter}`}
        exchanges={exchanges}
        track={track}
        current={walk.view.bag}
        snippet={snippet}
      />
    </>
  );
}

/** Changed lines only; equal ones are counted. */
export function Changes({
  lines,
  names = { was: 'was', now: 'now', same: 'as before' },
}: {
  readonly lines: readonly ChangedLine[];
  /** What stands before a line of the one side, and of the other; and what is said of those that are equal. */
  readonly names?: { readonly was: string; readonly now: string; readonly same: string };
}) {
  return (
    <ol className="diff m-code">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity than their place
        <li key={index} className={line.kind}>
          {line.kind === 'same' ? (
            <i>
              {line.text} {line.text === '1' ? 'line' : 'lines'} {names.same}
            </i>
          ) : (
            <>
              <span className="how">{names[line.kind]}</span>
              {line.kind === 'was' ? <del>{line.text}</del> : <ins>{line.text}</ins>}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

function titleOf(track: Track, entry: ExchangeEntry): string {
  const step = [...track.steps, ...track.before, ...track.others].find((one) => one.id === entry.step);
  const title = step?.requests.find((request) => request.id === entry.request)?.title ?? entry.request;
  return headerOf(entry.exchange.response, 'location')?.includes('/consent/')
    ? `${title}: the consent page opens`
    : title;
}

/** The values of the copy that an experiment ran in: other strings than those of the walk, by the same hands. */
function bagOfCopy(track: Track, entries: readonly ExchangeEntry[]): Bag {
  const values = entries.flatMap((entry) => Object.entries({ ...entry.used, ...entry.made }));
  return Object.fromEntries(values.map(([name, value]) => [name, held(track, name, value, null)]));
}
