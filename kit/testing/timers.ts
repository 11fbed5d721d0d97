/**
 * The timers as they were when this module was loaded. A test that installs fake timers afterwards stops its own
 * code with them, never the waiting of this package.
 */
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout, performance: realPerformance } = globalThis;
const realNow = realPerformance.now.bind(realPerformance);

/** Milliseconds on a clock that only runs forward. */
export const elapsed = (): number => realNow();

/** @param ms how long to wait */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, ms));
}

/**
 * Waits for a promise, no longer than `ms`.
 * @returns the value, or `late` if it took longer
 */
export async function within<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = realSetTimeout(() => resolve(late), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    realClearTimeout(timer);
  }
}
