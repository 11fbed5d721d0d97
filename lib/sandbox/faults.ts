/**
 * Scripted misbehaviour: which fault acts on a request, and what its answer becomes. What is counted
 * is counted in the store, so that parallel requests and several instances each get their own number.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isNavigation } from '#lib/oauth/interaction/navigate.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { errorAddress } from '#lib/oauth/addresses.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { interstitial } from '#lib/pages/interstitial.ts';
import type { FaultRecord, TenantStore } from '#lib/store/store.ts';
import { type Effect, type Fault, faultSchema, LONGEST_DELAY } from '#lib/config/fault.ts';
import { type Asked, matches } from './match.ts';
import { fillDeep, fillPlaceholders } from './patch.ts';
import type { LiveSandbox } from './sandboxes.ts';
import { enter } from './waiting.ts';

/** Records of the sandbox's faults, read once for as long as the sandbox is remembered. */
const known = new WeakMap<LiveSandbox, Promise<readonly FaultRecord[]>>();

function faultsOf(sandbox: LiveSandbox, store: TenantStore): Promise<readonly FaultRecord[]> {
  let records = known.get(sandbox);
  if (records === undefined) {
    records = store.listFaults();
    known.set(sandbox, records);
    records.catch(() => known.delete(sandbox));
  }
  return records;
}

/** To be called when the faults of a sandbox were changed. */
export function forgetFaults(sandbox: LiveSandbox): void {
  known.delete(sandbox);
}

/** A fault that acts on this very request. */
export interface Acting {
  readonly id: string;
  readonly effect: Effect /** Which of the requests that it acts on, from 1. */;
  readonly position: number;
}

/**
 * The first fault that acts on a request; every one that matches counts it.
 * @param store of the sandbox itself, also for its further issuers
 */
export async function actingFault(sandbox: LiveSandbox, store: TenantStore, asked: Asked): Promise<Acting | null> {
  const records = await faultsOf(sandbox, store);
  let acting: Acting | null = null;
  for (const record of records) {
    const fault = record.fault as unknown as Fault;
    if (!matches(fault, asked)) continue;
    const claim = await store.claimFault(record.id, fault.nth, fault.times === 'always' ? null : fault.times);
    if (claim?.acts && acting === null)
      acting = { id: record.id, effect: fault.effect, position: claim.matched - fault.nth + 1 };
  }
  return acting;
}

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

/** Where a `Location` leads: to this server, to this machine, to a registered redirect URI, or elsewhere. */
async function judgeLocation(location: string, tenant: Tenant): Promise<'own' | 'registered' | 'foreign'> {
  if (!URL.canParse(location, tenant.origin)) return 'foreign';
  const url = new URL(location, `${tenant.origin}/`);
  if (url.origin === tenant.origin) return 'own';
  const loopback =
    ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) &&
    (url.protocol === 'http:' || url.protocol === 'https:');
  if (loopback) return 'own';
  const clients = await tenant.store.listClients({ limit: 1000 });
  const bare = location.split(/[?#]/, 1)[0];
  return clients.some(({ metadata }) => metadata.redirect_uris.some((uri) => uri.split(/[?#]/, 1)[0] === bare))
    ? 'registered'
    : 'foreign';
}

/**
 * Reads a fault as an owner sends it.
 * @returns what is wrong with it where something is
 */
export async function readFault(
  input: unknown,
  tenant: Tenant,
): Promise<{ ok: true; fault: Fault } | { ok: false; says: string }> {
  const read = faultSchema.safeParse(input);
  if (!read.success)
    return {
      ok: false,
      says: read.error.issues
        .slice(0, 10)
        .map((issue) => `${issue.path.map(String).join('.') || 'fault'}: ${issue.message}`)
        .join('; '),
    };
  const location = Object.entries(read.data.effect.headers ?? {}).find(
    ([name]) => name.toLowerCase() === 'location',
  )?.[1];
  if (location !== undefined && (await judgeLocation(fillPlaceholders(location, tenant), tenant)) === 'foreign') {
    return {
      ok: false,
      says: 'effect.headers.Location: leads to an address of this server, to loopback, or to a registered redirect URI',
    };
  }
  return { ok: true, fault: read.data };
}
