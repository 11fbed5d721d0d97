/** How many requests of one sandbox may be held back at once: late answers, and races that are arranged. */
import { OAuthError } from '#lib/oauth/errors.ts';
import { MOST_DELAYED } from '#lib/config/fault.ts';

const waiting = new Map<string, number>();

/**
 * Begins to wait.
 * @returns what ends it
 * @throws OAuthError 429 if as many of the sandbox wait as may be
 */
export function enter(sandboxId: string): () => void {
  const present = waiting.get(sandboxId) ?? 0;
  if (present >= MOST_DELAYED) {
    throw new OAuthError('rate_limit_exceeded', {
      reason: 'rate-limited',
      description: `Limit reached: ${MOST_DELAYED} answers of one sandbox that wait at once.`,
      headers: { 'retry-after': '30' },
    });
  }
  waiting.set(sandboxId, present + 1);
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    const left = (waiting.get(sandboxId) ?? 1) - 1;
    if (left > 0) waiting.set(sandboxId, left);
    else waiting.delete(sandboxId);
  };
}
