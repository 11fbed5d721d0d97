/**
 * Counting guesses at user codes: a code is short because a person types it, so tries are few.
 *
 * Counted per address in this process. With several processes an attacker has as many times the tries,
 * which against 34 bits and 15 minutes changes nothing; and it costs no write on the way of a right code.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-5.1
 */
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';

/** Wrong codes in one window. */
const MOST = 20;
/** ms of real time. */
const WINDOW = 10 * 60 * 1000;
/** Addresses that are kept in mind. */
const BOUND = 10_000;
const SLOT = Symbol.for('authwalk.user-code-guesses');

interface Guesses {
  count: number;
  until: number;
}

function kept(): Map<string, Guesses> {
  const room = globalThis as unknown as Record<symbol, Map<string, Guesses> | undefined>;
  room[SLOT] ??= new Map();
  return room[SLOT];
}

const nameOf = (ctx: Context) => `${ctx.tenant.store.scope} ${ctx.remoteAddress}`;

/** @throws OAuthError 429, also for a right code, or guessing on would still pay */
export function refuseGuessers(ctx: Context): void {
  const guesses = kept().get(nameOf(ctx));
  const left = guesses === undefined ? 0 : guesses.until - performance.now();
  const ok = left <= 0 || guesses!.count < MOST;
  ctx.trace.check({ check: 'guesses', says: 'Not too many wrong codes came from there', ok, clause: 'rfc8628-5.1' });
  if (ok) return;
  throw new OAuthError('rate_limit_exceeded', {
    reason: 'guesses-too-many',
    delivery: { kind: 'page' },
    description: `${MOST} wrong codes were typed. Wait a few minutes.`,
    headers: { 'Retry-After': String(Math.ceil(left / 1000)) },
  });
}

/** Notes a wrong code. */
export function noteGuess(ctx: Context): void {
  const all = kept();
  const name = nameOf(ctx);
  const present = all.get(name);
  const now = performance.now();
  all.delete(name);
  all.set(
    name,
    present && present.until > now ? { ...present, count: present.count + 1 } : { count: 1, until: now + WINDOW },
  );
  if (all.size > BOUND) all.delete(all.keys().next().value!);
}
