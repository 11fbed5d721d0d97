'use client';

import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Exchange, isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import { type Flow, flowsOf } from '#lib/exchange/flows.ts';
import type { LiveSnapshot } from '#lib/live/live.ts';
import { clientNames } from '#lib/exchange/sender.ts';
import { everything, type Filter, isFiltering, passes } from '#lib/live/rows.ts';

export interface Choice {
  /** What the list shows. */
  readonly listed: readonly LedgerEntry[];
  /** Everything there is to show, before filters. */
  readonly all: readonly Exchange[];
  readonly flows: readonly Flow[];
  readonly names: ReadonlyMap<string, string>;
  readonly selected: number | null;
  readonly exchange: Exchange | undefined;
  readonly flow: Flow | undefined;
  readonly following: boolean;
  readonly onFollow: (on: boolean) => void;
  readonly paused: boolean;
  /** Entries that came since the list was paused. */
  readonly waiting: number;
  readonly onPause: (on: boolean) => void;
  readonly grouped: boolean;
  readonly onGroup: (on: boolean) => void;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly select: (seq: number) => void;
  /** After a reset: nothing is chosen any more. */
  readonly restart: () => void;
}

/** Which entries are listed, and which exchange is open. */
export function useChoice({ entries, exchanges }: LiveSnapshot): Choice {
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [following, setFollowing] = useState(true);
  const [grouped, setGrouped] = useState(false);
  const [filter, setFilter] = useState<Filter>(everything);
  const [chosen, setChosen] = useState<number | null>(null);

  const all = useMemo(
    () => (pausedAt === null ? exchanges : exchanges.filter(({ seq }) => seq <= pausedAt)),
    [exchanges, pausedAt],
  );
  const names = useSame(
    useMemo(() => clientNames(all), [all]),
    isSameMap,
  );
  const listed = useMemo(() => {
    if (isFiltering(filter)) return all.filter((exchange) => passes(exchange, filter, names));
    return pausedAt === null ? entries : entries.filter(({ seq }) => seq <= pausedAt);
  }, [entries, all, filter, names, pausedAt]);
  const flows = useMemo(() => flowsOf(all), [all]);
  const newest = useCalm(listed.findLast((entry) => !isChange(entry))?.seq ?? null);
  const selected = following ? newest : (chosen ?? newest);
  const exchange = selected === null ? undefined : exchanges.find(({ seq }) => seq === selected);
  const flow = exchange && flows.find((one) => one.exchanges.includes(exchange));

  const select = useCallback((seq: number) => {
    setFollowing(false);
    setChosen(seq);
  }, []);
  const restart = useCallback(() => {
    setChosen(null);
    setFollowing(true);
    setPausedAt(null);
  }, []);
  return {
    listed,
    all,
    flows,
    names,
    selected,
    exchange,
    flow,
    following,
    onFollow: (on) => {
      if (on) setPausedAt(null);
      else setChosen(selected);
      setFollowing(on);
    },
    paused: pausedAt !== null,
    waiting: pausedAt === null ? 0 : exchanges.filter(({ seq }) => seq > pausedAt).length,
    onPause: (on) => setPausedAt(on ? (entries.at(-1)?.seq ?? 0) : null),
    grouped,
    onGroup: setGrouped,
    filter,
    onFilter: setFilter,
    select,
    restart,
  };
}

/** The value before, as long as one that equals it comes: what is drawn of it need not be drawn again. */
function useSame<T>(value: T, isSame: (one: T, other: T) => boolean): T {
  const [kept, keep] = useState(value);
  const same = kept === value || isSame(kept, value);
  if (!same) keep(value);
  return same ? kept : value;
}

const isSameMap = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);

/** ms between two exchanges that open by themselves: nobody reads ten a second. */
const CALM = 900;

/** A value that changes at once after a lull, and no more often than one can look. */
function useCalm(value: number | null): number | null {
  const [calm, setCalm] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + CALM - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      startTransition(() => setCalm(value));
    }, wait);
    return () => clearTimeout(timer);
  }, [value]);
  return calm;
}
