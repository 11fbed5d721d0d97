import type { Pointer } from '#components/exchange/point.ts';
import { VerdictMark } from '#components/report/mark.tsx';
import { StillScore } from '#components/site/still-score.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import type { Exchange } from '#lib/exchange/types.ts';
import { bagAt } from '#lib/live/bag.ts';
import { notesFor } from '#lib/live/notes.ts';
import { placeWords, saidOf, type Verdict } from '#lib/live/report.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';
import { loadNotes } from '#lib/server/views/sandbox-words.ts';

interface FindingProps {
  readonly number: number;
  /** Number of its figure. */
  readonly figure: number;
  readonly verdict: Verdict;
  /** The exchange that decided; absent if it was not kept. */
  readonly exchange: Exchange | undefined;
}

/** A broken rule: what happened, the clause, the exchange that shows it, what can follow, and the fix. */
export function Finding({ number, figure, verdict, exchange }: FindingProps) {
  const [first] = verdict.evidence;
  const pointers: readonly Pointer[] = first?.part
    ? [
        {
          side: first.pointer.startsWith('/response') ? 'response' : 'request',
          in: first.part.in,
          name: first.part.name,
          expected: first.expected ?? null,
          absent: first.got === null || first.got === undefined,
        },
      ]
    : [];
  return (
    <section className="kr-finding" aria-labelledby={`rule-${verdict.rule}`}>
      <header className="figh bad">
        <span className="fign">{number}</span>
        <h2 id={`rule-${verdict.rule}`}>
          <VerdictMark mark="fail" /> <Prose text={verdict.says} />
        </h2>
      </header>
      <p className="kr-meta tiny">
        <code>{verdict.rule}</code> <b>{verdict.in_force ?? verdict.level}</b>{' '}
        {verdict.clauses.map((clause) => (
          <ClauseLink
            key={`${clause.url} ${clause.section}`}
            label={`${clause.doc}, ${clause.section}`}
            url={clause.url}
          />
        ))}
      </p>
      <ol className="ev" aria-label="Evidence">
        {verdict.evidence.map((one, index) => (
          <li
            key={`${one.seq} ${one.pointer} ${one.part?.name ?? ''}`}
            className={index === 0 ? 'deciding' : undefined}
          >
            <span className="num" title={`exchange ${one.seq}`}>
              {one.seq}
            </span>
            <span className="val">
              {one.part && <span className="k">{one.part.name}</span>}
              {one.got ? <code>{one.got}</code> : one.part && index === 0 ? <em>absent</em> : null}
              {saidOf(one) && <small>{saidOf(one)}</small>}
            </span>
            <small className="where">{placeWords(one)}</small>
          </li>
        ))}
      </ol>
      {exchange && (
        <div className="kr-exchange">
          <div className="figh">
            <span className="fign">Fig. {figure}</span>
            <h3>Exchange {exchange.seq}, the evidence</h3>
            <span className="cap">secrets are masked</span>
          </div>
          <StillScore
            exchange={exchange}
            bag={bagAt([exchange], exchange)}
            notes={notesFor(loadNotes(), exchange)}
            pointers={pointers}
            captions={{ request: timeOfDay(exchange.at), response: '' }}
          />
        </div>
      )}
      <dl className="kr-facts">
        <div>
          <dt>What can follow</dt>
          <dd>
            <Prose text={verdict.why} />
          </dd>
        </div>
        <div>
          <dt>How to fix it</dt>
          <dd>
            <Prose text={verdict.fix} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
