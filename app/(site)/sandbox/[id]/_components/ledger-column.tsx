'use client';

import { useMemo, useState } from 'react';
import { Filters } from '#components/ledger/filters.tsx';
import { Ledger } from '#components/ledger/ledger.tsx';
import type { RowMark } from '#components/ledger/row.tsx';
import { useSeconds } from '#components/ledger/use-seconds.ts';
import { Silence } from '#components/report/silence.tsx';
import type { LiveSnapshot } from '#lib/live/live.ts';
import type { Report } from '#lib/live/report.ts';
import { clientName } from '#lib/exchange/sender.ts';
import { isChange } from '#lib/exchange/types.ts';
import { everything } from '#lib/live/rows.ts';
import { Announce, AnnounceChange } from './announce.tsx';
import { statusWords } from './status-words.ts';
import type { Choice } from './use-choice.ts';

interface LedgerColumnProps {
  readonly snapshot: LiveSnapshot;
  readonly choice: Choice;
  readonly report: Report | null;
  readonly marks: ReadonlyMap<number, RowMark>;
  readonly onSelect: (seq: number) => void;
  readonly onOpen: () => void;
  readonly onRule: (rule: string) => void;
  readonly gist: React.ReactNode;
}

/** What arrived, as a list; below it, where a client that is silent stopped. */
export function LedgerColumn({ snapshot, choice, report, marks, onSelect, onOpen, onRule, gist }: LedgerColumnProps) {
  const [filtering, setFiltering] = useState(false);
  const { all, listed, names, filter } = choice;
  const endpoints = useMemo(
    () => (filtering ? [...new Set(all.map((one) => one.endpoint))].sort() : []),
    [all, filtering],
  );
  const clients = useMemo(
    () =>
      filtering ? [...new Set(all.map((one) => clientName(one, names)).filter((name) => name !== null))].sort() : [],
    [all, names, filtering],
  );
  return (
    <section className="led" aria-labelledby="led-h">
      {gist}
      <div className="figh">
        <h2 id="led-h">Exchanges</h2>
        <span className="cap">{statusWords(snapshot.status, all.length, choice.paused, choice.waiting)}</span>
        <div className="end toggles ui">
          <button type="button" aria-pressed={choice.following} onClick={() => choice.onFollow(!choice.following)}>
            Follow
          </button>
          <button type="button" aria-pressed={choice.paused} onClick={() => choice.onPause(!choice.paused)}>
            {choice.paused ? 'Resume' : 'Pause'}
          </button>
          <button type="button" aria-pressed={choice.grouped} onClick={() => choice.onGroup(!choice.grouped)}>
            By flow
          </button>
          <button
            type="button"
            aria-pressed={filtering}
            onClick={() => {
              if (filtering) choice.onFilter(everything);
              setFiltering(!filtering);
            }}
          >
            Filter
          </button>
        </div>
      </div>
      {filtering && (
        <Filters
          filter={filter}
          endpoints={endpoints}
          clients={clients}
          shown={listed.length}
          of={all.length}
          onChange={choice.onFilter}
        />
      )}
      <Ledger
        entries={listed}
        flows={choice.grouped ? choice.flows : null}
        selected={choice.selected}
        first={snapshot.first}
        following={choice.following}
        marks={marks}
        onSelect={onSelect}
        onOpen={onOpen}
      />
      {report?.silence && !choice.paused && (
        <Quiet report={report} latest={all.at(-1)?.at ?? null} onSelect={onSelect} onRule={onRule} />
      )}
      <Announce exchanges={all} first={snapshot.first} />
      <AnnounceChange change={snapshot.entries.findLast(isChange)} first={snapshot.first} />
    </section>
  );
}

function Quiet({
  report,
  latest,
  onSelect,
  onRule,
}: {
  readonly report: Report;
  readonly latest: string | null;
  readonly onSelect: (seq: number) => void;
  readonly onRule: (rule: string) => void;
}) {
  const now = useSeconds();
  if (!report.silence) return null;
  const seconds = now === null || latest === null ? report.silence.seconds : (now - Date.parse(latest)) / 1000;
  return (
    <Silence
      report={report}
      silence={report.silence}
      seconds={Math.max(seconds, report.silence.seconds)}
      onSelect={onSelect}
      onOpen={onRule}
    />
  );
}
