/** Of two transactions of PostgreSQL that wait for each other, the server ends one, and it is run again. */
import { setTimeout } from '#lib/spec/timers.ts';

/** How often one that lost is run in all. */
const ATTEMPTS = 10;
/** Most ms between two attempts. */
const PAUSE = 20;
/** SQLSTATE of a serialization failure and of a deadlock. */
const LOST = new Set(['40001', '40P01']);

/** Runs a transaction until it does not lose. @throws what it throws, at the tenth loss that one too */
export async function retryLost<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !LOST.has((error as { code?: string }).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE));
    }
  }
}
