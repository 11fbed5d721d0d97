/** A token that somebody pastes or opens: read, and verified against the keys of the sandbox. */
import type * as Jose from 'jose';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

export interface TokenCheck {
  readonly says: string;
  readonly ok: boolean;
}

export interface TokenReading {
  /** null if nothing can be said: an opaque token, or keys that cannot be read. */
  readonly ok: boolean | null;
  readonly says: string;
  readonly checks: readonly TokenCheck[];
  /** Header and claims: name, value, and what it means. */
  readonly parts: readonly {
    readonly title: string;
    readonly members: readonly (readonly [name: string, value: string, says: string | null])[];
  }[];
}

export interface ReadTokenOptions {
  /** Issuer of the sandbox, without a trailing slash. */
  readonly issuer: string;
  /** ms: the time of the sandbox's clock. */
  readonly now: number;
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>;
}

const TIMES: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time']);

/**
 * Reads a token and verifies its signature and times.
 * @returns never throws: what does not hold stands in `checks`
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export async function readToken(
  token: string,
  { issuer, now, fetch = globalThis.fetch }: ReadTokenOptions,
): Promise<TokenReading> {
  const jose = await import('jose');
  const decoded = decode(jose, token.trim());
  if (!decoded)
    return {
      ok: null,
      says: 'An opaque token: it cannot be read. The server says what it means (introspection).',
      checks: [],
      parts: [],
    };
  const parts = [
    { title: 'Header', members: Object.entries(decoded.header).map(member(now)) },
    { title: 'Claims', members: Object.entries(decoded.claims).map(member(now)) },
  ];
  let keys: Parameters<typeof jose.createLocalJWKSet>[0];
  try {
    const response = await fetch(`${issuer}/.well-known/jwks.json`, { credentials: 'omit', cache: 'no-store' });
    keys = (await response.json()) as typeof keys;
    if (!response.ok || !Array.isArray(keys.keys)) throw new TypeError('no key set');
  } catch {
    return { ok: null, says: 'The keys of this sandbox could not be read.', checks: [], parts };
  }
  const { iss, exp, nbf } = decoded.claims;
  const kid = decoded.header.kid;
  const known = kid === undefined || keys.keys.some((key) => key.kid === kid);
  const signed = await jose.compactVerify(token.trim(), jose.createLocalJWKSet(keys)).then(
    () => true,
    () => false,
  );
  const checks: TokenCheck[] = [
    { says: '`kid` is a key of this sandbox', ok: known },
    { says: `The ${String(decoded.header.alg)} signature is valid`, ok: signed },
    { says: '`iss` is this sandbox', ok: iss === issuer },
    ...(typeof exp === 'number'
      ? [{ says: 'It has not expired on the clock of the sandbox', ok: exp * 1000 > now }]
      : []),
    ...(typeof nbf === 'number' ? [{ says: 'It is valid already (`nbf`)', ok: nbf * 1000 <= now }] : []),
  ];
  const failed = checks.find(({ ok }) => !ok);
  return {
    ok: failed === undefined,
    says: failed ? 'Verification failed.' : 'Verified against the keys of this sandbox.',
    checks,
    parts,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Header and claims of a JWT; null if it is none. */
function decode(jose: typeof Jose, token: string): { readonly header: Fields; readonly claims: Fields } | null {
  try {
    return { header: { ...jose.decodeProtectedHeader(token) }, claims: { ...jose.decodeJwt(token) } };
  } catch {
    return null;
  }
}

const member =
  (now: number) =>
  ([name, value]: [string, unknown]): readonly [string, string, string | null] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
    TIMES.has(name) && typeof value === 'number' ? timeWords(value * 1000, now) : null,
  ];

/** "14:03:11, in 52 min". */
function timeWords(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  const far =
    size < 120
      ? `${size} s`
      : size < 7200
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} days`;
  return `${timeOfDay(at)}, ${seconds >= 0 ? `in ${far}` : `${far} ago`}`;
}
