'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react';
import { isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import type { Flow } from '#lib/exchange/flows.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';
import { inFrame } from '../ui/in-frame.ts';
import { LaneHead } from './lanes.tsx';
import { Row, type RowMark } from './row.tsx';
import { itemsOf } from './items.ts';
import './ledger.css';

/** px of a row on wide and on narrow screens; the style sheet has the same. */
const ROW = 30;
const ROW_NARROW = 44;

interface LedgerProps {
  readonly entries: readonly LedgerEntry[];
  /** Exchanges by what they belong to; null: as they came. */
  readonly flows: readonly Flow[] | null;
  readonly selected: number | null;
  /** Entries with a higher number came while one was looking: their arrows are drawn. */
  readonly first: number;
  readonly following: boolean;
  /** What the report says of an exchange, by its number. */
  readonly marks: ReadonlyMap<number, RowMark>;
  readonly onSelect: (seq: number) => void;
  /** Enter: into the exchange. */
  readonly onOpen: () => void;
}

/** ms between two entries that are drawn as they travel: in a burst there is nothing to see, and much to draw. */
const CALM = 400;

const isCalm = (entry: LedgerEntry, before: LedgerEntry | undefined): boolean =>
  before === undefined || Date.parse(entry.at) - Date.parse(before.at) > CALM;

/** The list is the wire: each exchange is a row with its arrows in the first column. Only what can be seen is drawn. */
export function Ledger({ entries, flows, selected, first, following, marks, onSelect, onOpen }: LedgerProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(() => itemsOf(entries, flows), [entries, flows]);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => (globalThis.innerWidth <= 860 ? ROW_NARROW : ROW),
    overscan: 8,
    getItemKey: (index) => items[index]?.key ?? index,
  });
  const at = items.findIndex((item) => item.kind === 'row' && item.entry.seq === selected);
  const drawn = rows.getVirtualItems();
  const shown = drawn.some(({ index }) => index === at);

  useLayoutEffect(() => {
    if (!following || items.length === 0) return;
    return inFrame(() => rows.scrollToIndex(items.length - 1, { align: 'end' }));
  }, [following, items.length, rows]);
  // What is chosen elsewhere (by a link, by a piece of evidence) is brought into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is chosen, not when the list grows
  useLayoutEffect(() => {
    if (following || at < 0) return;
    return inFrame(() => rows.scrollToIndex(at, { align: 'auto' }));
  }, [selected, rows]);
  // A window that is turned, or made narrow, has rows of another height.
  useEffect(() => {
    const narrow = matchMedia('(max-width: 860px)');
    const measure = () => rows.measure();
    narrow.addEventListener('change', measure);
    return () => narrow.removeEventListener('change', measure);
  }, [rows]);

  const move = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onOpen();
      return;
    }
    const places = items.flatMap((item, index) => (item.kind === 'row' && !isChange(item.entry) ? [index] : []));
    const here = places.indexOf(at);
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 300) / ROW) - 1);
    const next = {
      ArrowDown: here + 1,
      ArrowUp: here < 0 ? places.length - 1 : here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: places.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = places[Math.max(0, Math.min(places.length - 1, next))];
    const item = index === undefined ? undefined : items[index];
    if (item?.kind !== 'row') return;
    onSelect(item.entry.seq);
    rows.scrollToIndex(index as number, { align: 'auto' });
  };

  return (
    <div className="ledger-box">
      <div className="lh tiny" aria-hidden="true">
        <LaneHead />
        <span>no.</span>
        <span>request</span>
        <span />
        <span>answer</span>
        <span>after</span>
      </div>
      <div
        className="rows"
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label="Exchanges, oldest first; Enter goes into the one that is chosen"
        aria-activedescendant={shown ? `${id}-${selected}` : undefined}
        onKeyDown={move}
      >
        <div className="sheet" role="presentation" style={{ height: rows.getTotalSize() }}>
          {drawn.map(({ index, start, key }) => {
            const item = items[index];
            if (!item) return null;
            if (item.kind === 'flow')
              return (
                <div key={key} className="flow-head" role="presentation" style={{ top: start }}>
                  <span>{item.flow.title}</span>
                  <small>
                    {item.flow.exchanges.length === 1 ? '1 exchange' : `${item.flow.exchanges.length} exchanges`},{' '}
                    {timeOfDay(item.flow.exchanges[0]?.at ?? '')}
                  </small>
                </div>
              );
            const { entry, before, place } = item;
            return (
              <Row
                key={key}
                id={`${id}-${entry.seq}`}
                entry={entry}
                before={before}
                top={start}
                place={place}
                count={entries.length}
                selected={entry.seq === selected}
                fresh={entry.seq > first && isCalm(entry, before)}
                mark={marks.get(entry.seq) ?? null}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
