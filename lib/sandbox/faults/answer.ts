/** What the answer becomes when a fault acts. */
import { sleep } from '#lib/spec/timers.ts';
import { type Effect, LONGEST_DELAY } from '#lib/config/fault.ts';
import { errorAddress } from '#lib/oauth/addresses.ts';
import type { Context } from '#lib/oauth/context.ts';
import { OAuthError, statusOf } from '#lib/oauth/errors.ts';
import { isNavigation } from '#lib/oauth/interaction/navigate.ts';
import { interstitial } from '#lib/pages/interstitial.ts';
import { fillDeep, fillText, type Placeholders } from '../placeholders.ts';
import { keepOpen } from './hang.ts';
import { judgeLocation } from './location.ts';
import { escapeHeader, requestValues, writeText } from './placeholders.ts';
import { enter } from './waiting.ts';

/** Whether the request is handled: not if its answer is replaced, unless `committed`. */
export function isProcessed(effect: Effect): boolean {
  return effect.committed === true || !replaces(effect);
}

/** Whether the answer is still the real one: late, or with further headers. */
export function isReal(effect: Effect): boolean {
  return !replaces(effect);
}

function replaces({ status, body, error, drop, content_type }: Effect): boolean {
  return (
    status !== undefined || body !== undefined || error !== undefined || drop === true || content_type !== undefined
  );
}

/**
 * Waits as the fault says.
 * @throws OAuthError 429 if as many answers of the sandbox wait as may be
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

/** Challenges for which a browser opens a dialog of its own, under the address of this server. */
const DIALOG = /\b(?:basic|digest|negotiate|ntlm)\b/i;

/**
 * The answer that a fault gives.
 * @param real what the request was really answered with; null if it was not carried out
 * @returns null if the connection is to be closed without an answer
 * @throws OAuthError 429 if as many answers of the sandbox are kept open as may be
 */
export async function faultyAnswer(effect: Effect, ctx: Context, real: Response | null): Promise<Response | null> {
  if (effect.drop) return null;
  const { tenant, request } = ctx;
  const values = requestValues(ctx);
  const extra = Object.entries(effect.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), fillText(value, values, escapeHeader)] as const,
  );
  const location = extra.find(([name]) => name === 'location')?.[1];
  if (location !== undefined) {
    const verdict = await judgeLocation(location, tenant);
    if (verdict === 'foreign')
      throw new OAuthError('invalid_request', {
        reason: 'redirect-uri-unregistered',
        description: 'A fault of this sandbox would send this request to an address that is not registered.',
        evidence: { got: location.slice(0, 500) },
      });
    if (verdict === 'registered' && tenant.isPublic && isNavigation(request.headers))
      return interstitial(tenant, location);
  }
  const opensDialog = ([name, value]: readonly [string, string]): boolean =>
    name === 'www-authenticate' && DIALOG.test(value) && isNavigation(request.headers);
  const headers = replaces(effect)
    ? new Headers({ 'cache-control': 'no-store' })
    : new Headers(real?.headers ?? undefined);
  let body: string | ReadableStream<Uint8Array> | null = real?.body ?? null;
  let status = real?.status ?? 200;
  if (replaces(effect)) {
    await real?.body?.cancel().catch(() => undefined);
    status = effect.status ?? (effect.error === undefined ? 200 : statusOf(effect.error));
    const written = bodyOf(effect, ctx, values);
    body = written.text;
    if (written.type !== null) headers.set('content-type', written.type);
    if (status === 401) headers.set('www-authenticate', challengeOf(effect.error, isNavigation(request.headers)));
  }
  for (const pair of extra) if (!opensDialog(pair)) headers.set(...pair);
  if (status === 204 || status === 205 || status === 304) body = null;
  if (effect.hang_ms !== undefined && body !== null) {
    headers.delete('content-length');
    body = keepOpen(body, effect.hang_ms, tenant.sandboxId, request.signal);
  }
  return new Response(body, { status, headers });
}

/**
 * The challenge of a 401 that names none: a client that cannot authenticate is asked for Basic, as by the server
 * itself. A browser would open its dialog for that, so navigations get the other one.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
 */
function challengeOf(error: string | undefined, navigates: boolean): string {
  return error === 'invalid_client' && !navigates
    ? 'Basic realm="authwalk", charset="UTF-8"'
    : `Bearer error="${error ?? 'invalid_token'}"`;
}

/** The body that a fault writes; empty if it only has a type. */
function bodyOf(
  effect: Effect,
  ctx: Context,
  values: Placeholders,
): { readonly text: string | null; readonly type: string | null } {
  const { body, error, content_type } = effect;
  if (body !== undefined) {
    const isText = typeof body === 'string';
    const type = content_type ?? (isText && !/^\s*[[{]/.test(body) ? 'text/plain' : 'application/json');
    return { type, text: isText ? writeText(body, values, type) : JSON.stringify(fillDeep(body, values)) };
  }
  if (error !== undefined) {
    const text = JSON.stringify({
      error,
      error_description: 'A scripted fault of this sandbox.',
      error_uri: errorAddress(ctx.tenant, error),
    });
    return { type: content_type ?? 'application/json', text };
  }
  if (content_type !== undefined) return { type: content_type, text: '' };
  // An empty text would get a type of its own.
  return { type: null, text: effect.hang_ms === undefined ? null : '' };
}
