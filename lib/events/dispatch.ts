/**
 * Delivers what happens to webhooks: at least once, and in order within a sandbox. Nothing waits in memory: each
 * webhook has a cursor in the ledger, so whoever takes the job over goes on where the other one stopped.
 */
import { clearInterval, setInterval } from '#lib/spec/timers.ts';
import { randomUUID } from 'node:crypto';
import { restoredExchange, type StoredExchange } from '#lib/exchange/make.ts';
import type { Change, LedgerEntry } from '#lib/exchange/types.ts';
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { Store, WebhookProgress, WebhookRecord } from '#lib/store/store.ts';
import { eventOf, wants } from './event.ts';
import { send } from './send.ts';
import { webhookSecret } from './sign.ts';

/** ms between the tries of one event; after the last one it is given up. */
export const PAUSES = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000] as const;
/** Deliveries of a sandbox in a minute. */
export const PER_MINUTE = 60;

/** ms between two looks for what is due; ms for which the job is held, and before whose end it is not relied on. */
const TICK = 250;
const LEASE = 30_000;
const MARGIN = 12_000;
/** Entries of a ledger, and sandboxes, that are read at once. */
const PAGE = 50;
const SCOPES = 200;

export interface DispatcherParts {
  readonly store: Store;
  readonly fetch: GuardedFetch;
  /** Wall ms. */
  readonly wall: () => number;
  readonly log: (message: string, error?: unknown) => void;
  /** Whether no other process uses the database: then nobody has to take turns. */
  readonly alone: boolean;
  /** For tests. */
  readonly pauses?: readonly number[];
}

export interface Dispatcher {
  /** Says that a ledger has something new, or that a webhook was made. */
  wake(sandboxId: string): void;
  /** Says that something may have been missed: every sandbox with webhooks is looked at. */
  scan(): void;
  /** Whether the latest look at the database worked. */
  readonly healthy: boolean;
  close(): Promise<void>;
}

export function startDispatcher(parts: DispatcherParts): Dispatcher {
  const { store, fetch, wall, log, alone, pauses = PAUSES } = parts;
  const holder = randomUUID();
  const dirty = new Set<string>();
  /** Sandboxes to look at again, and when. */
  const due = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const budgets = new Map<string, { minute: number; sent: number }>();
  let scanning = true;
  let heldUntil = 0;
  let closed = false;
  let healthy = true;
  let ticking: Promise<void> = Promise.resolve();

  const isHeld = (): boolean => alone || wall() < heldUntil - MARGIN;
  const lookAgain = (id: string, at: number): void => void due.set(id, Math.min(at, due.get(id) ?? at));

  /** Takes the job, or keeps it. Who takes it over looks at everything. */
  async function hold(): Promise<boolean> {
    if (alone || wall() < heldUntil - LEASE / 2) return true;
    const now = wall();
    const had = now < heldUntil;
    if (!(await store.takeLease('webhooks', holder, now, LEASE))) {
      heldUntil = 0;
      return false;
    }
    if (!had) scanning = true;
    heldUntil = now + LEASE;
    return true;
  }

  async function scanAll(): Promise<void> {
    scanning = false;
    for (let after = ''; !closed; ) {
      const scopes = await store.listWebhookScopes({ after, limit: SCOPES });
      for (const id of scopes) dirty.add(id);
      const last = scopes.at(-1);
      if (scopes.length < SCOPES || last === undefined) return;
      after = last;
    }
  }

  /** What was put off and may be tried again now. */
  function takeDue(): void {
    if (due.size === 0) return;
    const now = wall();
    for (const [id, at] of due)
      if (at <= now) {
        due.delete(id);
        dirty.add(id);
      }
  }

  async function tick(): Promise<void> {
    takeDue();
    if (closed || (alone && !scanning && dirty.size === 0)) return;
    try {
      // An instance that does not hold the job drops the event: the holder gets it too, or looks at everything.
      if (!(await hold())) return dirty.clear();
      if (scanning) await scanAll();
      healthy = true;
    } catch (error) {
      scanning = true;
      if (healthy) log('webhooks: the database does not answer', error);
      healthy = false;
      return;
    }
    for (const id of [...dirty]) {
      if (running.has(id)) continue;
      dirty.delete(id);
      const work = deliverAll(id)
        .catch((error) => {
          log(`webhooks: those of ${id} could not be delivered`, error);
          lookAgain(id, wall() + pauses[0]!);
        })
        .finally(() => running.delete(id));
      running.set(id, work);
    }
  }

  async function deliverAll(id: string): Promise<void> {
    const webhooks = await store.tenant(id).listWebhooks();
    const active = webhooks.filter(({ state }) => state === 'active');
    if (active.length === 0) return;
    const sandbox = await store.getSandbox(id);
    if (sandbox === null) return;
    await Promise.all(active.map((webhook) => deliver(id, webhook, webhookSecret(sandbox.secret, webhook.id))));
  }

  /** Delivers to one webhook until it has everything, or has to wait. */
  async function deliver(id: string, webhook: WebhookRecord, secret: string): Promise<void> {
    const tenant = store.tenant(id);
    let at: WebhookProgress = webhook;
    const move = async (change: Partial<WebhookProgress>): Promise<boolean> => {
      const next = { ...at, ...change };
      if (!(await tenant.moveWebhook(webhook.id, at.cursor, next))) return false;
      at = next;
      return true;
    };
    for (;;) {
      if (at.dueAt > wall()) return lookAgain(id, at.dueAt);
      const records = await tenant.listExchanges({ after: at.cursor, limit: PAGE });
      if (records.length === 0) return;
      const lost = records[0]!.seq - at.cursor - 1;
      if (lost > 0) await noteLost(id, webhook, lost);
      let passed = at.cursor;
      for (const { seq, data } of records) {
        if (closed || !isHeld()) return;
        const event = eventOf(id, entryOf(data, seq));
        if (!wants(webhook.events, event)) {
          passed = seq;
          continue;
        }
        const pause = spend(id);
        if (pause > 0) {
          if (passed > at.cursor) await move({ cursor: passed });
          return lookAgain(id, wall() + pause);
        }
        const outcome = await send({ url: webhook.url, event, secret, fetch, now: wall() });
        if (outcome.is === 'gone') return void (await move({ state: 'gone', problem: 'The receiver answered 410.' }));
        if (outcome.is === 'failed') {
          const attempts = at.attempts + 1;
          const wait = pauses[attempts - 1];
          if (wait !== undefined) {
            const dueAt = wall() + Math.max(wait, outcome.after ?? 0);
            if (await move({ attempts, dueAt, problem: outcome.problem })) lookAgain(id, dueAt);
            return;
          }
          await tenant.addDeadLetter({
            id: randomUUID(),
            webhook: webhook.id,
            event: { ...event },
            problem: outcome.problem,
            attempts,
            createdAt: wall(),
          });
          if (!(await move({ cursor: seq, attempts: 0, dueAt: 0, problem: outcome.problem }))) return;
        } else if (!(await move({ cursor: seq, attempts: 0, dueAt: 0, problem: null, deliveredAt: wall() }))) return;
        passed = seq;
      }
      if (passed > at.cursor && !(await move({ cursor: passed }))) return;
    }
  }

  /** A ledger keeps its latest entries: a receiver that was away for long is told how many it missed. */
  async function noteLost(id: string, webhook: WebhookRecord, lost: number): Promise<void> {
    await store.tenant(id).addDeadLetter({
      id: randomUUID(),
      webhook: webhook.id,
      event: { lost },
      problem: `${lost} events were no longer kept when their turn came.`,
      attempts: 0,
      createdAt: wall(),
    });
  }

  /** Takes one of the deliveries of this minute. @returns ms until there is one; 0 if it was taken */
  function spend(id: string): number {
    const minute = Math.floor(wall() / 60_000);
    const budget = budgets.get(id);
    if (budget?.minute !== minute) {
      if (budgets.size > 10_000) budgets.clear();
      budgets.set(id, { minute, sent: 1 });
      return 0;
    }
    if (budget.sent >= PER_MINUTE) return (minute + 1) * 60_000 - wall() + 1;
    budget.sent += 1;
    return 0;
  }

  const timer = setInterval(() => {
    ticking = ticking.then(tick).catch((error) => log('webhooks: a round of deliveries failed', error));
  }, TICK);
  timer.unref();
  return {
    wake: (id) => void dirty.add(id),
    scan: () => {
      scanning = true;
    },
    get healthy() {
      return healthy;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await ticking;
      await Promise.all(running.values());
    },
  };
}

function entryOf(data: Readonly<Record<string, unknown>>, seq: number): LedgerEntry {
  return 'kind' in data
    ? { ...(data as unknown as Omit<Change, 'seq'>), seq }
    : restoredExchange(data as unknown as StoredExchange, seq);
}
