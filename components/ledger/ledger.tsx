'use client';

import { memo, useId, useLayoutEffect, useMemo, useRef } from 'react';
import type { Flow } from '#lib/exchange/flows.ts';
import { rowWords, sinceWords, timeOfDay } from '#lib/live/rows.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { handNames } from '../values/glyph.tsx';
import { LaneHead, Lanes } from './lanes.tsx';
import { rowHeight, useWindow } from './use-window.ts';
import './ledger.css';

interface LedgerProps {
  readonly exchanges: readonly Exchange[];
  /** Exchanges by what they belong to; null: as they came. */
  readonly flows: readonly Flow[] | null;
  readonly selected: number | null;
  /** Exchanges with a higher number came while one was looking: their arrows are drawn. */
  readonly first: number;
  readonly following: boolean;
  readonly onSelect: (seq: number) => void;
  /** Enter: into the exchange. */
  readonly onOpen: () => void;
}

type Item =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | {
      readonly kind: 'row';
      readonly exchange: Exchange;
      readonly before: Exchange | undefined;
      readonly place: number;
    };

/** The list is the wire: each exchange is a row of 30 px, its arrows in the first column. Only what can be seen is drawn. */
export function Ledger({ exchanges, flows, selected, first, following, onSelect, onOpen }: LedgerProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(() => itemsOf(exchanges, flows), [exchanges, flows]);
  const { from, to, show } = useWindow(box, items.length, following);
  const at = items.findIndex((item) => item.kind === 'row' && item.exchange.seq === selected);
  const drawn = at >= from && at < to;
  const rows = useMemo(() => items.flatMap((item, index) => (item.kind === 'row' ? [index] : [])), [items]);
  // What is chosen elsewhere (by a link, by an evidence) is brought into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is chosen, not when the list grows
  useLayoutEffect(() => {
    if (!following) show(at);
  }, [selected, show]);

  const move = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onOpen();
      return;
    }
    const here = rows.indexOf(at);
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 300) / rowHeight) - 1);
    const next = {
      ArrowDown: here + 1,
      ArrowUp: here < 0 ? rows.length - 1 : here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = rows[Math.max(0, Math.min(rows.length - 1, next))];
    const item = index === undefined ? undefined : items[index];
    if (item?.kind !== 'row') return;
    onSelect(item.exchange.seq);
    show(index as number);
  };

  return (
    <div className="ledger-box">
      <div className="lh tiny" aria-hidden="true">
        <LaneHead />
        <span>no.</span>
        <span>request</span>
        <span>answer</span>
        <span>after</span>
      </div>
      <div
        className="rows"
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label="Exchanges, oldest first; Enter goes into the one that is chosen"
        aria-activedescendant={drawn ? `${id}-${selected}` : undefined}
        onKeyDown={move}
      >
        <div className="sheet" role="presentation" style={{ height: items.length * rowHeight }}>
          {items.slice(from, to).map((item, index) =>
            item.kind === 'flow' ? (
              <div
                key={`flow-${item.flow.id}`}
                className="flow-head"
                role="presentation"
                style={{ top: (from + index) * rowHeight }}
              >
                <span>{item.flow.title}</span>
                <small>
                  {item.flow.exchanges.length === 1 ? '1 exchange' : `${item.flow.exchanges.length} exchanges`},{' '}
                  {timeOfDay(item.flow.exchanges[0]?.at ?? '')}
                </small>
              </div>
            ) : (
              <Row
                key={item.exchange.seq}
                id={`${id}-${item.exchange.seq}`}
                exchange={item.exchange}
                before={item.before}
                top={(from + index) * rowHeight}
                place={item.place}
                count={exchanges.length}
                selected={item.exchange.seq === selected}
                fresh={item.exchange.seq > first}
                onSelect={onSelect}
              />
            ),
          )}
        </div>
      </div>
    </div>
  );
}

function itemsOf(exchanges: readonly Exchange[], flows: readonly Flow[] | null): Item[] {
  if (flows === null)
    return exchanges.map((exchange, index) => ({
      kind: 'row',
      exchange,
      before: exchanges[index - 1],
      place: index + 1,
    }));
  const shown = new Set(exchanges);
  let place = 0;
  return flows.flatMap((flow): Item[] => {
    const own = flow.exchanges.filter((exchange) => shown.has(exchange));
    if (own.length === 0) return [];
    return [
      { kind: 'flow', flow: { ...flow, exchanges: own } },
      ...own.map((exchange, index): Item => {
        place += 1;
        return { kind: 'row', exchange, before: own[index - 1], place };
      }),
    ];
  });
}

interface RowProps {
  readonly id: string;
  readonly exchange: Exchange;
  readonly before: Exchange | undefined;
  readonly top: number;
  readonly place: number;
  readonly count: number;
  readonly selected: boolean;
  readonly fresh: boolean;
  readonly onSelect: (seq: number) => void;
}

function Row({ id, exchange, before, top, place, count, selected, fresh, onSelect }: RowProps) {
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
      onClick={() => onSelect(exchange.seq)}
    >
      <RowBody exchange={exchange} since={sinceWords(exchange, before)} selected={selected} />
    </div>
  );
}

/** What does not change as the list grows and the oldest go. */
const RowBody = memo(function RowBody({
  exchange,
  since,
  selected,
}: {
  readonly exchange: Exchange;
  readonly since: string;
  readonly selected: boolean;
}) {
  const { path, detail, status } = rowWords(exchange);
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
      <span className="stt">
        <span className="vh">{exchange.response ? 'answered ' : 'no answer '}</span>
        {status}
      </span>
      <span className="tm num">{since}</span>
    </>
  );
});
