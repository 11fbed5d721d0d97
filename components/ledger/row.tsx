'use client';

import { memo } from 'react';
import { type Change, type Exchange, isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import { changeWords } from '#lib/live/changes.ts';
import { rowWords, sinceWords } from '#lib/live/rows.ts';
import { handNames } from '../values/glyph.tsx';
import { ChangeLanes, Lanes } from './lanes.tsx';

/** What the report says of an exchange: it decided a failure, or a warning. */
export type RowMark = 'fail' | 'warn';

interface RowProps {
  readonly id: string;
  readonly entry: LedgerEntry;
  readonly before: LedgerEntry | undefined;
  readonly top: number;
  readonly place: number;
  readonly count: number;
  readonly selected: boolean;
  readonly fresh: boolean;
  readonly mark: RowMark | null;
  readonly onSelect: (seq: number) => void;
}

/** One line: an exchange that can be chosen, or a change that was made to the sandbox. */
export function Row({ id, entry, before, top, place, count, selected, fresh, mark, onSelect }: RowProps) {
  const since = sinceWords(entry, before);
  if (isChange(entry))
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the keyboard goes from exchange to exchange
      <div
        role="option"
        aria-selected={false}
        aria-disabled="true"
        aria-posinset={place}
        aria-setsize={count}
        className={`row change${fresh ? ' new' : ''}`}
        style={{ top }}
      >
        <ChangeBody change={entry} since={since} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus, and names the option that is chosen
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box hears the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={place}
      aria-setsize={count}
      className={`row${selected ? ' on' : ''}${fresh ? ' new' : ''}`}
      style={{ top }}
      onClick={() => onSelect(entry.seq)}
    >
      <RowBody exchange={entry} since={since} selected={selected} mark={mark} />
    </div>
  );
}

const ChangeBody = memo(function ChangeBody({ change, since }: { readonly change: Change; readonly since: string }) {
  const { title, detail, sign, to } = changeWords(change);
  return (
    <>
      <ChangeLanes sign={sign} to={to} />
      <span className="no num">{change.seq}</span>
      <span className="ch">
        <b>{title}</b> {detail && <span>{detail}</span>}
      </span>
      <span className="tm num">{since}</span>
    </>
  );
});

/** What does not change as the list grows and the oldest go. */
const RowBody = memo(function RowBody({
  exchange,
  since,
  selected,
  mark,
}: {
  readonly exchange: Exchange;
  readonly since: string;
  readonly selected: boolean;
  readonly mark: RowMark | null;
}) {
  const { path, detail, status } = rowWords(exchange);
  const fault = exchange.acted.find(({ kind }) => kind === 'fault');
  return (
    <>
      <Lanes
        from={exchange.from}
        to={exchange.to}
        answered={exchange.response !== null}
        delivered={exchange.delivered}
        lit={selected}
      />
      <span className="no num">{exchange.seq}</span>
      <span className="rq">
        <span className="vh">
          {handNames[exchange.from].long} to {handNames[exchange.to].long}:{' '}
        </span>
        <b>{exchange.request.method}</b> {path}
        {detail && (
          <>
            {' '}
            <i>{detail}</i>
          </>
        )}
      </span>
      <span className="mks">
        {fault && (
          <svg className="mk" viewBox="0 0 12 12" role="img" aria-label="a fault acted">
            <path d="M6 2.2 9.8 6 6 9.8 2.2 6z" />
          </svg>
        )}
        {mark === 'fail' && (
          <svg className="mk fail" viewBox="0 0 12 12" role="img" aria-label="fails a rule">
            <path d="m3 3 6 6M9 3l-6 6" />
          </svg>
        )}
        {mark === 'warn' && (
          <svg className="mk warn" viewBox="0 0 12 12" role="img" aria-label="a warning">
            <path d="M6 2v5M6 9.5v.1" />
          </svg>
        )}
      </span>
      <span className="stt">
        <span className="vh">{exchange.response ? 'answered ' : 'no answer '}</span>
        {status}
      </span>
      <span className="tm num">{since}</span>
    </>
  );
});
