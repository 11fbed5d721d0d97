import type { Store } from '#lib/store/store.ts';

/** ms between two rounds, and how many things one batch takes. */
const EVERY = 30_000;
const BATCH = 200;

/**
 * Deletes what has ended, in small batches with room for requests between them.
 * @returns what stops it, and resolves when no batch is running
 */
export function startSweeping(store: Store, wall: () => number, log: (message: string, error?: unknown) => void): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      while (!stopped && (await store.sweep(wall(), BATCH)) >= BATCH) await new Promise((resolve) => setTimeout(resolve, 20));
    } catch (error) {
      log('sweeping failed', error);
    }
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
