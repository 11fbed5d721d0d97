/** What the answer becomes when a fault acts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Effect, LONGEST_DELAY } from '#lib/config/fault.ts';
import { errorAddress } from '#lib/oauth/addresses.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { isNavigation } from '#lib/oauth/interaction/navigate.ts';
import { interstitial } from '#lib/pages/interstitial.ts';
import { fillDeep, fillPlaceholders } from '../patch.ts';
import { judgeLocation } from './location.ts';
import { enter } from './waiting.ts';

/** Whether the request is to be carried out: not where the answer is replaced, unless `committed`. */
export function isProcessed(effect: Effect): boolean {
  return effect.committed === true || !replaces(effect);
}

/** Whether the answer is still the real one: late, or with further headers. */
export function isReal(effect: Effect): boolean {
  return !replaces(effect);
}

function replaces({ status, body, error, drop }: Effect): boolean {
  return status !== undefined || body !== undefined || error !== undefined || drop === true;
}

/**
 * Waits as the fault says.
 * @throws OAuthError 429 where as many answers of the sandbox wait as may
 */
export async function holdBack(effect: Effect, sandboxId: string, signal: AbortSignal | undefined): Promise<void> {
  const delay = Math.min(effect.delay_ms ?? 0, LONGEST_DELAY);
  if (delay === 0) return;
  const leave = enter(sandboxId);
  try {
    await sleep(delay, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => undefined);
  } finally {
    leave();
  }
}

const STATUS: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
  rate_limit_exceeded: 429,
};

/**
 * The answer that a fault gives.
 * @param real what the request was really answered with; null where it was not carried out
 * @returns null where the connection is to be closed without an answer
 */
export async function faultyAnswer(
  effect: Effect,
  tenant: Tenant,
  request: Request,
  real: Response | null,
): Promise<Response | null> {
  if (effect.drop) return null;
  const extra = Object.entries(effect.headers ?? {}).map(
    ([name, value]) => [name, fillPlaceholders(value, tenant)] as const,
  );
  const location = extra.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location !== undefined) {
    const verdict = await judgeLocation(location, tenant);
    if (verdict === 'foreign')
      throw new OAuthError('server_error', {
        reason: 'server-fault',
        status: 500,
        description: 'A fault of this sandbox points outside of it, which is not done.',
      });
    if (verdict === 'registered' && tenant.isPublic && isNavigation(request.headers))
      return interstitial(tenant, location);
  }
  if (!replaces(effect)) {
    if (real === null || extra.length === 0) return real;
    const headers = new Headers(real.headers);
    for (const [name, value] of extra) headers.set(name, value);
    return new Response(real.body, { status: real.status, headers });
  }
  await real?.body?.cancel().catch(() => undefined);
  const headers = new Headers({ 'cache-control': 'no-store' });
  const status = effect.status ?? (effect.error === undefined ? 200 : (STATUS[effect.error] ?? 400));
  let text: string | null = null;
  if (effect.body !== undefined) {
    const filled = fillDeep(effect.body, tenant);
    text = typeof filled === 'string' ? filled : JSON.stringify(filled);
    headers.set(
      'content-type',
      effect.content_type ??
        (typeof effect.body === 'string' && !/^\s*[[{]/.test(effect.body) ? 'text/plain' : 'application/json'),
    );
  } else if (effect.error !== undefined) {
    text = JSON.stringify({
      error: effect.error,
      error_description: 'A scripted fault of this sandbox.',
      error_uri: errorAddress(tenant, effect.error),
    });
    headers.set('content-type', effect.content_type ?? 'application/json');
  } else if (effect.content_type !== undefined) {
    text = '';
    headers.set('content-type', effect.content_type);
  }
  if (status === 401) headers.set('www-authenticate', `Bearer error="${effect.error ?? 'invalid_token'}"`);
  for (const [name, value] of extra) headers.set(name, value);
  return new Response(status === 204 || status === 205 || status === 304 ? null : text, { status, headers });
}
