'use client';

import { LaneHead } from '#components/ledger/lanes.tsx';
import { Row } from '#components/ledger/row.tsx';
import { Prose } from '#components/values/prose.tsx';
import type { LedgerEntry } from '#lib/exchange/types.ts';
import type { PlanStep } from '#lib/live/plan.ts';
import '#components/ledger/ledger.css';

/** As many rows as have room beside the steps. */
const MOST = 16;
const HEIGHT = 30;

interface ArrivalsProps {
  readonly entries: readonly LedgerEntry[];
  readonly next: PlanStep | null;
  readonly running: boolean;
}

/** What has arrived since the scenario was started, and what is expected next. */
export function Arrivals({ entries, next, running }: ArrivalsProps) {
  const shown = entries.slice(-MOST);
  return (
    <figure className="plan-arrivals" aria-labelledby="arrive-h">
      <figcaption className="figh" id="arrive-h">
        <span className="fign">Plate</span> <b>What arrives</b>
      </figcaption>
      <div className="lh tiny" aria-hidden="true">
        <LaneHead />
        <span>no.</span>
        <span>request</span>
        <span />
        <span>answer</span>
        <span />
      </div>
      <div className="rows still" role="listbox" aria-label="What has arrived" tabIndex={shown.length > 0 ? 0 : -1}>
        <div className="sheet" role="presentation" style={{ height: shown.length * HEIGHT }}>
          {shown.map((entry, index) => (
            <Row
              key={entry.seq}
              id={`arrived-${entry.seq}`}
              entry={entry}
              before={shown[index - 1]}
              top={index * HEIGHT}
              place={index + 1}
              count={shown.length}
              selected={false}
              fresh
              mark={null}
              onSelect={() => undefined}
            />
          ))}
        </div>
      </div>
      <p className="cap">
        {!running ? (
          'Nothing is asked of you before you start.'
        ) : next ? (
          <>
            Next: <Prose text={next.title} />.{' '}
            {entries.length > 0 && 'If the client stops here and says why, that may be right: judge it.'}
          </>
        ) : (
          'That was all. Enter judges it.'
        )}
      </p>
    </figure>
  );
}
