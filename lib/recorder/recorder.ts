/**
 * Records what arrives at a sandbox. Entries are written in batches after the answer has left, so that recording costs
 * a request next to nothing; and they are written out before a read, so that a reader sees every finished exchange.
 */
import { clearTimeout, elapsed, setTimeout } from '#lib/spec/timers.ts';
import { type Store, StoreUnavailableError } from '#lib/store/store.ts';
import { createAlike } from './alike.ts';
import { type Draft, toExchange } from './draft.ts';
import { recordsOf } from './entries.ts';
import { restoredExchange, type StoredExchange } from '#lib/exchange/make.ts';
import { type Change, type Exchange, exchangesIn, type LedgerEntry, MAX_EXCHANGES } from '#lib/exchange/types.ts';
import { createFactNotes } from './facts.ts';

/** So many entries too many may wait before the oldest are dropped: a list is not shortened for each entry. */
const SURPLUS = 50;
/** ms that an entry waits for others, so that they are written in one transaction; more under load. */
const WAIT = 15;
const WAIT_UNDER_LOAD = 4_000;
/** Exchanges a second from which on it counts as load. */
const LOAD = 200;
/** ms over which the load is measured. */
const WINDOW = 500;
/** Entries that waited together, from which on it counts as load before a window is over. */
const BURST = 50;
/** ms that a reader waits for exchanges that are still open. */
const SETTLE = 300;
/** Entries of all sandboxes that wait in memory; with more, they are written at once. */
const MOST_WAITING = 5_000;

/** ms after which is tried again what the database could not take. */
const TRY_AGAIN = 1_000;

/** Hears that there is something to read; `reset`: the sandbox was reset or deleted. */
export type Listener = (news: 'written' | 'reset') => void;

/** A change that has no number yet. */
export type NewChange = Omit<Change, 'seq'>;

export interface Recorder {
  /** Says that an exchange has begun. @returns what to call when it was recorded, or will not be */
  begin(sandboxId: string): () => void;
  /**
   * Records an exchange. If other processes use the database, resolves when it is written: its answer ends after that,
   * so that a reader at another instance finds it.
   */
  record(draft: Draft): Promise<void>;
  /** Records that something was done to the sandbox. @param epoch of the sandbox after it */
  recordChange(sandboxId: string, change: NewChange, epoch: number): void;
  /** Says that an entry was written by another way than this recorder. */
  noteWritten(sandboxId: string): void;
  /** Resolves when every exchange that was answered is written. */
  settle(sandboxId: string): Promise<void>;
  /** Exchanges after a `seq`, oldest first, with their secrets. */
  list(sandboxId: string, options: { after: number; limit: number }): Promise<Exchange[]>;
  /** The same with the changes between them. */
  listEntries(sandboxId: string, options: { after: number; limit: number }): Promise<LedgerEntry[]>;
  /** Entries that are written already: does not wait for what is on its way. */
  read(sandboxId: string, options: { after: number; limit: number }): Promise<LedgerEntry[]>;
  /** Calls the listener with each entry that is written, in order. @returns what ends the subscription */
  subscribe(sandboxId: string, listener: Listener): () => void;
  /** Hears of every sandbox that has something new; null: news may have been missed. @returns what ends it */
  hearAll(listener: (sandboxId: string | null) => void): () => void;
  /** Number of listeners of all sandboxes. */
  allWatchers(): number;
  /** Number of listeners of a sandbox. */
  watchers(sandboxId: string): number;
  /** Whether this process is the only writer; if not, readers look in the store again and again. */
  readonly alone: boolean;
  /** Drops entries that wait to be written, because the sandbox was deleted or reset. */
  drop(sandboxId: string): void;
  /** Writes all entries that wait. */
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
  const waiting = new Map<string, Waiting[]>();
  /** How many were dropped before they had a number. They count, so that a reader sees that some are gone. */
  const lost = new Map<string, number>();
  const noteFacts = createFactNotes(store);
  const open = new Map<string, number>();
  const listeners = new Map<string, Set<Listener>>();
  const hearingAll = new Set<(sandboxId: string | null) => void>();
  const settlers = new Map<string, Set<() => void>>();
  const alike = createAlike();
  let count = 0;
  /** How many have come since the last time that all was written, those that were dropped since then included. */
  let arrived = 0;
  /** Exchanges a second, over the last window. */
  let rate = 0;
  let windowAt = elapsed();
  let windowCount = 0;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  /** What waits for a further try: the database was gone. */
  const triedBefore = new WeakSet<Waiting>();
  let closing = false;
  /** Writes of one sandbox, one after the other. */
  const writing = new Map<string, Promise<void>>();

  function tell(sandboxId: string, news: 'written' | 'reset'): void {
    for (const listener of [...(listeners.get(sandboxId) ?? [])]) listener(news);
    if (news === 'written') for (const listener of hearingAll) listener(sandboxId);
  }

  const deaf = store.onNews((topic) => {
    const [kind, sandboxId = ''] = topic?.split(' ') ?? [];
    if (topic === null) {
      for (const id of listeners.keys()) tell(id, 'written');
      for (const listener of hearingAll) listener(null);
    } else if (kind === 'exchanges') tell(sandboxId, 'written');
    else if (kind === 'reset') tell(sandboxId, 'reset');
  });

  function schedule(delay: number): void {
    const at = elapsed() + delay;
    if (timer !== undefined && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      timer = undefined;
      due = Number.POSITIVE_INFINITY;
      void flushAll(delay);
    }, delay);
    timer.unref();
  }

  async function write(sandboxId: string): Promise<void> {
    const drafts = waiting.get(sandboxId);
    if (drafts === undefined) return;
    let gone = lost.get(sandboxId) ?? 0;
    waiting.delete(sandboxId);
    lost.delete(sandboxId);
    count -= drafts.length;
    drafts.sort((a, b) => a.monotonic - b.monotonic);
    for (const [epoch, ofEpoch] of Map.groupBy(drafts, (draft) => draft.epoch)) {
      await append(sandboxId, ofEpoch, epoch, gone);
      gone = 0;
    }
  }

  /** Keeps what the database could not take now, and tries again; the oldest go if too many wait. */
  function putBack(sandboxId: string, drafts: readonly Waiting[], gone: number): void {
    const room = Math.max(0, MOST_WAITING - count);
    const kept = room === 0 ? [] : drafts.slice(-Math.min(MAX_EXCHANGES, room));
    if (kept.length === 0) return;
    lost.set(sandboxId, (lost.get(sandboxId) ?? 0) + gone + drafts.length - kept.length);
    waiting.set(sandboxId, [...kept, ...(waiting.get(sandboxId) ?? [])]);
    for (const draft of kept) triedBefore.add(draft);
    count += kept.length;
    schedule(TRY_AGAIN);
  }

  /** Entries that are not written yet: of a try that broke off, nobody knows whether the database took it. */
  async function unwritten(sandboxId: string, entries: readonly LedgerEntry[]): Promise<readonly LedgerEntry[]> {
    const tenant = store.tenant(sandboxId);
    const after = Math.max(0, (await tenant.lastExchangeSeq()) - MAX_EXCHANGES);
    const written = new Set(
      (await tenant.listExchanges({ after, limit: MAX_EXCHANGES })).map(({ data }) => data.monotonic),
    );
    return entries.filter(({ monotonic }) => !written.has(monotonic));
  }

  /** Writes entries that began in one epoch of the sandbox; after a reset they are dropped. */
  async function append(sandboxId: string, drafts: readonly Waiting[], epoch: number, gone: number): Promise<void> {
    const all = drafts.slice(-MAX_EXCHANGES).flatMap(entriesOf);
    try {
      const entries = drafts.some((draft) => triedBefore.has(draft)) ? await unwritten(sandboxId, all) : all;
      const beyond = gone + Math.max(0, drafts.length - MAX_EXCHANGES);
      const records = await store.tenant(sandboxId).appendExchanges(recordsOf(entries, beyond), epoch);
      if (records.length > 0) tell(sandboxId, 'written');
      await noteFacts(sandboxId, exchangesIn(entries));
    } catch (error) {
      if (error instanceof StoreUnavailableError && !closing) putBack(sandboxId, drafts, gone);
      log(`recorder: ${drafts.length} exchanges of ${sandboxId} could not be written`, error);
    }
  }

  function enqueue(sandboxId: string): Promise<void> {
    const work = () => write(sandboxId);
    const mine = (writing.get(sandboxId) ?? Promise.resolve()).then(work, work);
    writing.set(sandboxId, mine);
    const done = () => {
      if (writing.get(sandboxId) === mine) writing.delete(sandboxId);
    };
    mine.then(done, done);
    return mine;
  }

  /** @param waited ms in which all that waits has come */
  async function flushAll(waited: number): Promise<void> {
    const now = elapsed();
    windowCount += arrived;
    if (now - windowAt > WINDOW) {
      rate = (1000 * windowCount) / (now - windowAt);
      windowAt = now;
      windowCount = 0;
    }
    if (arrived >= BURST) rate = Math.max(rate, (1000 * arrived) / Math.max(waited, WAIT));
    arrived = 0;
    alike.clear();
    for (const id of [...waiting.keys()]) await enqueue(id);
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
    await enqueue(sandboxId);
  }

  async function read(sandboxId: string, options: { after: number; limit: number }): Promise<LedgerEntry[]> {
    const records = await store.tenant(sandboxId).listExchanges(options);
    return records.map(({ data, seq }) =>
      'kind' in data
        ? { ...(data as unknown as NewChange), seq }
        : restoredExchange(data as unknown as StoredExchange, seq),
    );
  }

  /** Reads on past changes until there are as many exchanges as were asked for. */
  async function readExchanges(sandboxId: string, options: { after: number; limit: number }): Promise<Exchange[]> {
    const found: Exchange[] = [];
    let { after } = options;
    for (;;) {
      const entries = await read(sandboxId, { after, limit: options.limit });
      found.push(...exchangesIn(entries));
      const last = entries.at(-1);
      if (entries.length < options.limit || found.length >= options.limit || last === undefined)
        return found.slice(0, options.limit);
      after = last.seq;
    }
  }

  function enqueueEntry(sandboxId: string, entry: Waiting): void {
    const entries = waiting.get(sandboxId);
    if (entries === undefined) waiting.set(sandboxId, [entry]);
    else {
      entries.push(entries.length >= BURST && 'facts' in entry ? alike.heldOnce(entry) : entry);
      if (entries.length > MAX_EXCHANGES + SURPLUS) {
        const gone = entries.splice(0, entries.length - MAX_EXCHANGES).length;
        count -= gone;
        lost.set(sandboxId, (lost.get(sandboxId) ?? 0) + gone);
      }
    }
    count += 1;
    arrived += 1;
    schedule(count > MOST_WAITING ? 0 : rate > LOAD && !listeners.has(sandboxId) ? WAIT_UNDER_LOAD : WAIT);
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
    async record(draft) {
      enqueueEntry(draft.sandboxId, draft);
      if (!alone) await enqueue(draft.sandboxId);
    },
    noteWritten: (sandboxId) => tell(sandboxId, 'written'),
    recordChange: (sandboxId, change, epoch) => enqueueEntry(sandboxId, { change, epoch, monotonic: change.monotonic }),
    settle,
    async list(sandboxId, options) {
      await settle(sandboxId);
      return readExchanges(sandboxId, options);
    },
    async listEntries(sandboxId, options) {
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
    hearAll(listener) {
      hearingAll.add(listener);
      return () => hearingAll.delete(listener);
    },
    allWatchers: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
    watchers: (sandboxId) => listeners.get(sandboxId)?.size ?? 0,
    drop(sandboxId) {
      count -= waiting.get(sandboxId)?.length ?? 0;
      waiting.delete(sandboxId);
      lost.delete(sandboxId);
      tell(sandboxId, 'reset');
    },
    async close() {
      closing = true;
      deaf();
      clearTimeout(timer);
      await flushAll(WAIT);
      await Promise.all(writing.values());
    },
  };
}

/** What waits to be written: an exchange that is over, or a change. */
type Waiting = Draft | { readonly change: NewChange; readonly epoch: number; readonly monotonic: number };

/** An exchange, and then the stages that it completed. */
function entriesOf(waiting: Waiting): LedgerEntry[] {
  if ('change' in waiting) return [{ ...waiting.change, seq: 0 }];
  return [toExchange(waiting), ...waiting.changes.map((change) => ({ ...change, seq: 0 }))];
}
