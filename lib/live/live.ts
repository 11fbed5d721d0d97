/**
 * The ledger of a sandbox as it grows, read from the live stream. A stream that breaks off continues after the last
 * number, so nothing is lost; a number is held once, so nothing is doubled.
 */
import { readEvents } from '#lib/client/events.ts';
import { isChange } from '#lib/exchange/types.ts';
import type { Exchange, LedgerEntry } from './types.ts';

/** As many as the recorder keeps. */
const MOST = 500;
/** ms between two changes of what is shown: under load, several exchanges come at once. */
const BEAT = 200;
/** ms without a sign of life (one comes each 15 s) after which the stream counts as cut. */
const PATIENCE = 40_000;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 8_000;

export type LiveStatus = 'resting' | 'connecting' | 'live' | 'cut' | 'refused' | 'gone';
export interface LiveSnapshot {
  /** Exchanges, and the changes that were made to the sandbox between them, in the order of their numbers. */
  readonly entries: readonly LedgerEntry[];
  /** The exchanges alone. */
  readonly exchanges: readonly Exchange[];
  readonly status: LiveStatus;
  /** With secrets. */
  readonly revealed: boolean;
  /** The highest number that was there when the page opened; later ones are new. */
  readonly first: number;
  /** Times that the sandbox was reset while it was looked at. */
  readonly resets: number;
}

export interface Live {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => LiveSnapshot;
  /** Begins to read, until the returned function is called. */
  readonly start: () => () => void;
  /** Shows or hides secrets: everything is read again. */
  readonly reveal: (on: boolean) => void;
}

export interface LiveOptions {
  /** `{origin}/api/sandboxes/{id}` */
  readonly address: string;
  /** Control or share token; null if none is needed. */
  readonly token: string | null;
  readonly fetch?: typeof globalThis.fetch;
}

const empty: LiveSnapshot = { entries: [], exchanges: [], status: 'resting', revealed: false, first: 0, resets: 0 };

export function createLive({ address, token, fetch = (...args) => globalThis.fetch(...args) }: LiveOptions): Live {
  let shown = empty;
  let bySeq = new Map<number, LedgerEntry>();
  let last = 0;
  let dirty = false;
  let beat: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;
  let round: AbortController | null = null;
  const listeners = new Set<() => void>();

  const change = (patch: Partial<LiveSnapshot>): void => {
    shown = { ...shown, ...patch };
    for (const listener of listeners) listener();
  };
  const flush = (): void => {
    clearTimeout(beat);
    beat = undefined;
    if (!dirty) return;
    dirty = false;
    hold([...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-MOST));
  };
  const hold = (entries: readonly LedgerEntry[], patch: Partial<LiveSnapshot> = {}): void => {
    if (bySeq.size !== entries.length) bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
    change({ ...patch, entries, exchanges: entries.filter((entry): entry is Exchange => !isChange(entry)) });
  };
  const take = (entry: LedgerEntry): void => {
    if (bySeq.has(entry.seq)) return;
    bySeq.set(entry.seq, entry);
    last = Math.max(last, entry.seq);
    dirty = true;
    beat ??= setTimeout(flush, BEAT);
  };
  const forget = (): void => {
    bySeq = new Map();
    last = 0;
    dirty = false;
    change({ entries: [], exchanges: [], resets: shown.resets + 1 });
  };

  const headers = (): Record<string, string> => (token === null ? {} : { Authorization: `Bearer ${token}` });
  const query = (more: string): string => `${more}&changes=1${shown.revealed ? '&reveal=1' : ''}`;

  /**
   * All that is kept, at once: when the page opens, when secrets are shown or hidden.
   * @returns false if there is nothing to wait for
   */
  async function readAll(signal: AbortSignal): Promise<boolean> {
    const response = await fetch(`${address}/exchanges?${query('limit=500')}`, {
      headers: headers(),
      cache: 'no-store',
      signal,
    });
    if (response.status === 404) {
      change({ status: 'gone' });
      return false;
    }
    if (response.status === 401 || response.status === 403) {
      change({ status: 'refused' });
      return false;
    }
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const { exchanges: entries } = (await response.json()) as { exchanges: LedgerEntry[] };
    bySeq = new Map();
    last = entries.at(-1)?.seq ?? 0;
    dirty = false;
    hold(entries, { first: Math.max(shown.first, last) });
    return true;
  }

  /** Whether what is held is still what the sandbox has: it may have been reset meanwhile. */
  async function isSame(signal: AbortSignal): Promise<boolean> {
    if (last === 0) return true;
    const response = await fetch(`${address}/exchanges?${query('limit=1')}`, {
      headers: headers(),
      cache: 'no-store',
      signal,
    });
    if (!response.ok) return true;
    const [oldest] = ((await response.json()) as { exchanges: LedgerEntry[] }).exchanges;
    if (!oldest) return false;
    const held = bySeq.get(oldest.seq);
    return held ? held.at === oldest.at : oldest.seq > last || !bySeq.has(oldest.seq + 1);
  }

  async function readStream(signal: AbortSignal, onLife: () => void): Promise<void> {
    const response = await fetch(`${address}/stream?${query('')}`, {
      headers: { ...headers(), Accept: 'text/event-stream', 'Last-Event-ID': String(last) },
      cache: 'no-store',
      signal,
    });
    if (response.status === 404) {
      change({ status: 'gone' });
      return;
    }
    if (response.status === 401 || response.status === 403) {
      change({ status: 'refused' });
      return;
    }
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
    change({ status: 'live' });
    for await (const { event, data } of readEvents(response.body, onLife)) {
      if (event === 'exchange' || event === 'change') take(JSON.parse(data) as LedgerEntry);
      else if (event === 'reset') forget();
    }
  }

  async function run(stop: AbortSignal): Promise<void> {
    let failures = 0;
    let whole = true;
    while (!stop.aborted) {
      const own = new AbortController();
      round = own;
      const signal = AbortSignal.any([stop, own.signal]);
      let watchdog: ReturnType<typeof setTimeout> | undefined;
      const onLife = (): void => {
        failures = 0;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => own.abort('silent'), PATIENCE);
      };
      try {
        if (whole || !(await isSame(signal))) {
          if (!whole) forget();
          if (!(await readAll(signal))) return;
        }
        whole = false;
        onLife();
        failures = Math.max(failures, 1) - 1;
        await readStream(signal, onLife);
        if (shown.status === 'gone' || shown.status === 'refused') return;
      } catch {
        // What broke off is taken up again, whatever it was.
      } finally {
        clearTimeout(watchdog);
        flush();
      }
      if (stop.aborted) return;
      if (own.signal.reason === 'reveal') {
        whole = true;
        continue;
      }
      change({ status: 'cut' });
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures) * (0.75 + Math.random() / 2);
      failures += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        for (const one of [stop, own.signal])
          one.addEventListener(
            'abort',
            () => {
              clearTimeout(timer);
              resolve();
            },
            { once: true },
          );
      });
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => shown,
    start() {
      const control = new AbortController();
      running = control;
      change({ status: 'connecting' });
      void run(control.signal);
      return () => {
        control.abort();
        if (running === control) running = null;
        clearTimeout(beat);
        beat = undefined;
      };
    },
    reveal(on) {
      if (shown.revealed === on) return;
      change({ revealed: on });
      round?.abort('reveal');
    },
  };
}
