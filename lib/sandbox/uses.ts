/** When sandboxes were used, and until when they therefore live. The store hears of a use up to a minute later. */
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { SandboxRecord, Store } from '#lib/store/store.ts';

/** ms between two notes of use. */
const TOUCH_EVERY = 60_000;
/** Sandboxes whose latest uses are remembered. */
const REMEMBERED = 2_000;

export interface Uses {
  /** Notes a use, and tells the store if it has not heard of one for a minute. */
  note(record: SandboxRecord, now: number): void;
  /** Wall ms of the latest use that this process remembers. */
  latest(id: string): number | undefined;
  /** Whether its time is over; uses that were noted lately count. */
  isOver(record: SandboxRecord, now: number): boolean;
  /** Its lifetime was set anew. */
  restart(id: string): void;
  forget(id: string): void;
}

export function createUses(store: Store): Uses {
  /** Wall ms of what the store has heard of. */
  const told = new BoundedMap<string, number>(REMEMBERED);
  const latest = new BoundedMap<string, number>(REMEMBERED);
  return {
    note({ id, ttl, lastUsedAt }, now) {
      if (ttl === null) return;
      latest.set(id, now);
      if (now - (told.get(id) ?? lastUsedAt) < TOUCH_EVERY) return;
      told.set(id, now);
      store.touchSandbox(id, now).catch(() => told.delete(id));
    },
    latest: (id) => latest.get(id),
    isOver({ id, expiresAt, ttl }, now) {
      if (expiresAt === null || ttl === null) return false;
      return now >= Math.max(expiresAt, (told.get(id) ?? 0) + (told.has(id) ? ttl * 1000 : 0));
    },
    restart: (id) => void told.delete(id),
    forget(id) {
      told.delete(id);
      latest.delete(id);
    },
  };
}
