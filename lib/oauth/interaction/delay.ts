/** An answer that comes late: `consent.delay`, in real time. */
import { sleep } from '#lib/spec/timers.ts';
import type { Tenant } from '../context.ts';
import { OAuthError } from '../errors.ts';

/** Answers of one sandbox that may wait at once. */
const MAX_WAITING = 20;
/** Seconds that one may wait. */
const MAX_SECONDS = 30;

const waiting = new Map<string, number>();

/**
 * Waits between the decision and the redirect.
 * @param seconds real seconds; the sandbox's clock has no part in it
 * @throws OAuthError `rate_limit_exceeded` where 20 answers of the sandbox wait already
 */
export async function delay(tenant: Tenant, seconds: number): Promise<void> {
  if (seconds <= 0) return;
  const now = waiting.get(tenant.sandboxId) ?? 0;
  if (now >= MAX_WAITING) {
    throw new OAuthError('rate_limit_exceeded', {
      reason: 'waiting-too-many',
      description: `${MAX_WAITING} answers of this sandbox may wait at once.`,
      headers: { 'Retry-After': String(MAX_SECONDS) },
      delivery: { kind: 'page' },
    });
  }
  waiting.set(tenant.sandboxId, now + 1);
  try {
    await sleep(Math.min(seconds, MAX_SECONDS) * 1000);
  } finally {
    const left = (waiting.get(tenant.sandboxId) ?? 1) - 1;
    if (left > 0) waiting.set(tenant.sandboxId, left);
    else waiting.delete(tenant.sandboxId);
  }
}
