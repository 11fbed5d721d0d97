/** Waiting that no fake timer of a test stops. */
import { clearTimeout, elapsed, setTimeout, sleep } from '#lib/spec/timers.ts';

export { elapsed };

/** @param ms how long to wait */
export const pause = (ms: number): Promise<void> => sleep(ms);

/**
 * Waits for a promise, no longer than `ms`.
 * @returns the value, or `late` if it took longer
 */
export async function within<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
