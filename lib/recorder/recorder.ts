/**
 * Records what arrives at a sandbox: written behind in batches, so that it costs a request next to
 * nothing, and written out before anybody reads, so that nobody misses what they just did.
 */
import type { Store } from '#lib/store/store.ts';
import { type Draft, draftBytes, toExchange } from './draft.ts';
import { restoredExchange, storedExchange, type StoredExchange } from '#lib/exchange/make.ts';
import type { Exchange } from '#lib/exchange/types.ts';

/** What is kept of a sandbox; older ones of a burst need not be written at all. */
export const KEPT = 500;
/** ms that a draft waits for company: little, and more only under load, when company is plenty. */
const WAIT = 15;
const WAIT_UNDER_LOAD = 2_000;
/** Exchanges a second that are load: of a burst in one sandbox only the last are kept, and need be written. */
const LOAD = 200;
/** ms over which that is measured. */
const WINDOW = 500;
/** ms that a reader waits for answers that are on their way out. */
const SETTLE = 300;
/** Drafts of all sandboxes in memory; beyond it the oldest sandbox's are written at once. */
const MOST_WAITING = 5_000;

/** Hears of exchanges as they are written; null: the sandbox was reset or deleted. */
export type Listener = (exchange: Exchange | null) => void;

export interface Recorder {
  /** Says that an exchange has begun; call what is returned when it was recorded or given up. */
  begin(sandboxId: string): () => void;
  record(draft: Draft): void;
  /** Resolves when all that was answered in the sandbox is written. */
  settle(sandboxId: string): Promise<void>;
  /** Exchanges after a `seq`, oldest first, with their secrets. */
  list(sandboxId: string, options: { after: number; limit: number }): Promise<Exchange[]>;
  /** The same of what is written already: does not wait for what is on its way. */
  read(sandboxId: string, options: { after: number; limit: number }): Promise<Exchange[]>;
  /** Exchanges as they are written, in order. @returns what ends it */
  subscribe(sandboxId: string, listener: Listener): () => void;
  /** Number of listeners of a sandbox. */
  watchers(sandboxId: string): number;
  /** Whether this process alone writes; else others' exchanges have to be looked for. */
  readonly alone: boolean;
  /** Drops what waits to be written for a sandbox that is no more, or was reset. */
  drop(sandboxId: string): void;
  /** Writes out everything. */
  close(): Promise<void>;
}

export function createRecorder({
  store,
  log,
  alone,
}: {
  store: Store;
  log: (message: string, error?: unknown) => void;
  alone: boolean;
}): Recorder {
  const waiting = new Map<string, Draft[]>();
  const open = new Map<string, number>();
  const listeners = new Map<string, Set<Listener>>();
  const settlers = new Map<string, Set<() => void>>();
  let count = 0;
  /** Exchanges a second, over the last window. */
  let rate = 0;
  let windowAt = performance.now();
  let windowCount = 0;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();

  function schedule(delay: number): void {
    const at = performance.now() + delay;
    if (timer !== undefined && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      timer = undefined;
      due = Number.POSITIVE_INFINITY;
      void flushAll();
    }, delay);
    timer.unref();
  }

  async function write(sandboxId: string): Promise<void> {
    const drafts = waiting.get(sandboxId);
    if (drafts === undefined) return;
    waiting.delete(sandboxId);
    count -= drafts.length;
    drafts.sort((a, b) => a.monotonic - b.monotonic);
    for (const [epoch, ofEpoch] of Map.groupBy(drafts, (draft) => draft.epoch)) await append(sandboxId, ofEpoch, epoch);
  }

  /** Writes exchanges that began in one epoch of the sandbox; after a reset they are dropped. */
  async function append(sandboxId: string, drafts: readonly Draft[], epoch: number): Promise<void> {
    const exchanges = drafts.slice(-KEPT).map(toExchange);
    try {
      const records = await store.tenant(sandboxId).appendExchanges(
        exchanges.map((exchange, i) => ({
          at: drafts[drafts.length - exchanges.length + i]!.at,
          bytes: draftBytes(exchange),
          data: storedExchange(exchange) as unknown as Record<string, unknown>,
        })),
        epoch,
      );
      const heard = listeners.get(sandboxId);
      if (heard)
        for (const [i, record] of records.entries())
          for (const listener of heard) listener({ ...exchanges[i]!, seq: record.seq });
    } catch (error) {
      log(`recorder: ${drafts.length} exchanges of ${sandboxId} could not be written`, error);
    }
  }

  function enqueue(work: () => Promise<void>): Promise<void> {
    writing = writing.then(work, work);
    return writing;
  }

  function flushAll(): Promise<void> {
    return enqueue(async () => {
      const now = performance.now();
      windowCount += count;
      if (now - windowAt > WINDOW) {
        rate = (1000 * windowCount) / (now - windowAt);
        windowAt = now;
        windowCount = 0;
      }
      for (const id of [...waiting.keys()]) await write(id);
    });
  }

  async function settle(sandboxId: string): Promise<void> {
    if ((open.get(sandboxId) ?? 0) > 0) {
      await new Promise<void>((resolve) => {
        const settlersHere = settlers.get(sandboxId) ?? new Set();
        settlers.set(sandboxId, settlersHere);
        const done = () => {
          clearTimeout(patience);
          settlersHere.delete(done);
          if (settlersHere.size === 0) settlers.delete(sandboxId);
          resolve();
        };
        const patience = setTimeout(done, SETTLE);
        settlersHere.add(done);
      });
    }
    await enqueue(() => write(sandboxId));
  }

  async function read(sandboxId: string, options: { after: number; limit: number }): Promise<Exchange[]> {
    const records = await store.tenant(sandboxId).listExchanges(options);
    return records.map((record) => restoredExchange(record.data as unknown as StoredExchange, record.seq));
  }

  return {
    alone,
    read,
    begin(sandboxId) {
      open.set(sandboxId, (open.get(sandboxId) ?? 0) + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const left = (open.get(sandboxId) ?? 1) - 1;
        if (left > 0) {
          open.set(sandboxId, left);
          return;
        }
        open.delete(sandboxId);
        for (const done of settlers.get(sandboxId) ?? []) done();
      };
    },
    record(draft) {
      const drafts = waiting.get(draft.sandboxId);
      if (drafts === undefined) waiting.set(draft.sandboxId, [draft]);
      else {
        drafts.push(draft);
        if (drafts.length > 2 * KEPT) count -= drafts.splice(0, drafts.length - KEPT).length;
      }
      count += 1;
      schedule(count > MOST_WAITING ? 0 : rate > LOAD && !listeners.has(draft.sandboxId) ? WAIT_UNDER_LOAD : WAIT);
    },
    settle,
    async list(sandboxId, options) {
      await settle(sandboxId);
      return read(sandboxId, options);
    },
    subscribe(sandboxId, listener) {
      const heard = listeners.get(sandboxId) ?? new Set();
      listeners.set(sandboxId, heard);
      heard.add(listener);
      return () => {
        heard.delete(listener);
        if (heard.size === 0 && listeners.get(sandboxId) === heard) listeners.delete(sandboxId);
      };
    },
    watchers: (sandboxId) => listeners.get(sandboxId)?.size ?? 0,
    drop(sandboxId) {
      count -= waiting.get(sandboxId)?.length ?? 0;
      waiting.delete(sandboxId);
      for (const listener of [...(listeners.get(sandboxId) ?? [])]) listener(null);
    },
    async close() {
      clearTimeout(timer);
      await flushAll();
    },
  };
}
