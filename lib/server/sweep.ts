import { randomUUID } from 'node:crypto';
import type { Store } from '#lib/store/store.ts';

/** ms between two rounds, and how many things one batch takes. */
const EVERY = 30_000;
const BATCH = 200;
/** ms after which another instance sweeps, if this one is gone. */
const LEASE = 75_000;
/** ms after which a user of a public `default` sandbox who has not come back is forgotten. */
const IDLE_USERS = 30 * 86_400_000;

/**
 * Deletes what has ended, in small batches with room for requests between them.
 * @param onExpired hears which sandboxes have expired, once a round
 * @param isPublic whether anybody may sign in: who has not come back in 30 days is forgotten then
 * @returns what stops it, and resolves when no batch is running
 */
export function startSweeping(
  store: Store,
  wall: () => number,
  log: (message: string, error?: unknown) => void,
  isPublic: boolean,
  onExpired?: (ids: readonly string[]) => void,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const holder = randomUUID();
  const round = async (): Promise<void> => {
    const expired: string[] = [];
    const options = {
      ...(isPublic ? { idleUsersBefore: wall() - IDLE_USERS } : {}),
      ...(onExpired === undefined ? {} : { onExpired: (id: string) => void expired.push(id) }),
    };
    try {
      if (!(await store.takeLease('sweep', holder, wall(), LEASE))) return;
      while (!stopped && (await store.sweep(wall(), BATCH, options)) >= BATCH)
        await new Promise((resolve) => setTimeout(resolve, 20));
    } catch (error) {
      log('sweeping failed', error);
    }
    if (expired.length > 0) onExpired?.(expired);
  };
  const timer = setInterval(() => {
    running = running.then(round);
  }, EVERY);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
    return running;
  };
}
