'use client';

import { placeWords, saidOf, type Verdict } from '#lib/live/report.ts';
import { Lemma } from '../exchange/line-parts.tsx';
import './report.css';

type Piece = Verdict['evidence'][number];

interface EvidenceProps {
  readonly evidence: readonly Piece[];
  /** Whether the rule failed or warned: then the first piece decided it. */
  readonly judged: boolean;
  /** null: the exchanges are not on this page. */
  readonly onEvidence: ((seq: number) => void) | null;
  readonly selected: number | null;
}

/** The lines that decided a rule. If many scenarios tell of it, the first is shown and the others are folded. */
export function Evidence({ evidence, judged, onEvidence, selected }: EvidenceProps) {
  if (evidence.length === 0) return null;
  const first = onEvidence ? evidence : evidence.filter(({ scenario }) => scenario === evidence[0]?.scenario);
  const others = evidence.filter((one) => !first.includes(one));
  const scenarios = new Set(others.map(({ scenario }) => scenario)).size;
  const list = (pieces: readonly Piece[], decides: boolean) => (
    <ol className="ev" aria-label="Evidence">
      {pieces.map((one, index) => (
        <li
          key={`${one.scenario ?? ''} ${one.seq} ${one.pointer} ${one.part?.name ?? ''}`}
          className={decides && index === 0 ? 'deciding' : undefined}
        >
          {onEvidence ? (
            <button
              type="button"
              className="num"
              aria-label={`exchange ${one.seq}`}
              aria-current={one.seq === selected || undefined}
              onClick={() => onEvidence(one.seq)}
            >
              {one.seq}
            </button>
          ) : (
            <span className="num" title={`exchange ${one.seq}`}>
              {one.seq}
            </span>
          )}
          <span className="val">
            {one.part ? (
              <>
                <span className="k">
                  <Lemma text={one.part.name} />
                </span>{' '}
              </>
            ) : null}
            {one.got ? (
              <code>
                <Lemma text={one.got} />
              </code>
            ) : one.part && decides && index === 0 ? (
              <em>absent</em>
            ) : null}
            {saidOf(one) && <small>{saidOf(one)}</small>}
            {one.expected && (
              <small>
                expected <code>{one.expected}</code>
              </small>
            )}
          </span>
          <small className="where">
            {one.scenario && !onEvidence && (
              <>
                <a href={`/scenarios/${one.scenario}`}>{one.scenario}</a>,{' '}
              </>
            )}
            {placeWords(one)}
          </small>
        </li>
      ))}
    </ol>
  );
  return (
    <>
      {list(first, judged)}
      {others.length > 0 && (
        <details className="ev-more">
          <summary>{scenarios === 1 ? 'And in another scenario' : `And in ${scenarios} other scenarios`}</summary>
          {list(others, false)}
        </details>
      )}
    </>
  );
}
