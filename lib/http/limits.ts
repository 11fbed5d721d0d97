/** Rate limits: so many requests a minute (or hour) for each endpoint and client address. */
import { OAuthError } from '#lib/oauth/errors.ts';
import { addressKey } from '#lib/oauth/requester.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { Store } from '#lib/store/store.ts';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

export interface LimitState {
  readonly ok: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is whole again. */
  readonly reset: number;
}

/** One point to be taken. */
export interface Take {
  readonly name: string;
  readonly key: string;
  /** Points that there are in the window. */
  readonly limit: number;
  /** Of the window. */
  readonly seconds: number;
}

export interface Limiter {
  /** Whether limits apply at all. */
  readonly on: boolean;
  /** Takes one of `limit` points in `seconds` for the name and address. */
  take(name: string, address: string, limit: number, seconds: number): Promise<LimitState>;
  /** The same for a key of any kind, taken as it is, whether limits apply to the instance or not. */
  takeKey(name: string, key: string, limit: number, seconds: number): Promise<LimitState>;
}

/**
 * A limiter in this process's memory, or in the database that several instances share.
 * @param pool of that database; if it is gone, each instance counts for itself
 * @param together counts for all processes of a start without such a database; if it fails, each counts for itself
 */
export function createLimiter(
  on: boolean,
  pool: Store['pool'] = null,
  together: ((take: Take) => Promise<LimitState>) | null = null,
): Limiter {
  // A sandbox can ask for windows of any size: those used the longest ago are forgotten.
  const limiters = new BoundedMap<string, RateLimiterAbstract>(1_000);

  async function make(name: string, points: number, duration: number): Promise<RateLimiterAbstract> {
    // Loaded when it is first needed: on most instances never, and starting is to be quick.
    const { RateLimiterMemory, RateLimiterPostgres } = await import('rate-limiter-flexible');
    const options = { keyPrefix: name, points, duration };
    const memory = new RateLimiterMemory(options);
    if (pool === null) return memory;
    return new RateLimiterPostgres({
      ...options,
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      // The sweep does that.
      clearExpiredByTimeout: false,
      insuranceLimiter: memory,
      // Who is over the limit costs the database nothing more.
      inMemoryBlockOnConsumed: points + 1,
    });
  }

  async function limiterOf(name: string, limit: number, seconds: number): Promise<RateLimiterAbstract> {
    const key = `${name}:${limit}:${seconds}`;
    const present = limiters.get(key);
    if (present !== undefined) return present;
    const made = await make(name, limit, seconds);
    return limiters.getOrMake(key, () => made);
  }

  return {
    on,
    take(name, address, limit, seconds) {
      return this.takeKey(name, addressKey(address), limit, seconds);
    },
    async takeKey(name, key, limit, seconds) {
      if (together !== null && pool === null) {
        const counted = await together({ name, key, limit, seconds }).catch(() => null);
        if (counted !== null) return counted;
      }
      const limiter = await limiterOf(name, limit, seconds);
      const state = (result: RateLimiterRes, ok: boolean): LimitState => ({
        ok,
        limit,
        remaining: Math.max(0, result.remainingPoints),
        reset: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
      });
      try {
        return state(await limiter.consume(key), true);
      } catch (refused) {
        if (refused instanceof Error) throw refused;
        return state(refused as RateLimiterRes, false);
      }
    },
  };
}

/**
 * `RateLimit` and `RateLimit-Policy`.
 * @param seconds of the window
 * @throws OAuthError 429 with `Retry-After` if nothing is left
 */
export function limitHeaders(
  state: Pick<LimitState, 'ok' | 'limit' | 'remaining' | 'reset'>,
  seconds: number,
): Readonly<Record<string, string>> {
  const headers = {
    'ratelimit-policy': `"default";q=${state.limit};w=${seconds}`,
    ratelimit: `"default";r=${state.remaining};t=${state.reset}`,
  };
  if (state.ok) return headers;
  throw new OAuthError('rate_limit_exceeded', {
    reason: 'rate-limited',
    description: `Too many requests: ${state.limit} in ${seconds} s are allowed. Try again in ${state.reset} s.`,
    headers: { ...headers, 'retry-after': String(state.reset) },
  });
}
