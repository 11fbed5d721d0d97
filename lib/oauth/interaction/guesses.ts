/**
 * Counting guesses at user codes: a code is short because a person types it, so tries are few.
 *
 * Counted per address in this process. With several processes an attacker has as many times the tries,
 * which against 34 bits and 15 minutes changes nothing; and it costs no write on the way of a right code.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-5.1
 */
import { processWideMap } from '#lib/spec/bounded-map.ts';
import { check } from '../checks/check.ts';
import { guesses as guessesCheck } from '../checks/guesses.ts';
import type { Context } from '../context.ts';
import { addressKey } from '../requester.ts';

/** Wrong codes in one window. */
const MAX = 20;
/** ms of real time. */
const WINDOW = 10 * 60 * 1000;
/** Addresses kept in this process. */
const BOUND = 10_000;

interface Guesses {
  count: number;
  until: number;
}

const kept = () => processWideMap<string, Guesses>('user-code-guesses', BOUND);

const nameOf = (ctx: Context) => `${ctx.tenant.store.scope} ${addressKey(ctx.remoteAddress)}`;

/** @throws OAuthError 429 after too many wrong codes, also for a right one: or guessing on would still pay */
export function refuseGuessers(ctx: Context): void {
  const guesses = kept().get(nameOf(ctx));
  const left = guesses === undefined ? 0 : guesses.until - performance.now();
  check(ctx.trace, guessesCheck, { count: guesses?.count ?? 0, max: MAX, left });
}

/** Counts a wrong code. */
export function noteGuess(ctx: Context): void {
  const all = kept();
  const name = nameOf(ctx);
  const present = all.get(name);
  const now = performance.now();
  all.set(
    name,
    present && present.until > now ? { ...present, count: present.count + 1 } : { count: 1, until: now + WINDOW },
  );
}
