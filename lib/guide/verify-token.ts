/**
 * Decodes an access token and verifies it as a resource server would: with jose, in the browser,
 * against the public keys of the issuer. jose is fetched only when somebody looks.
 */
import { decodeToken, type DecodedToken, type JsonObject } from '#lib/exchange/read.ts';
import type { Fetch } from '#lib/client/request.ts';
import type { Bag, ClientCheck } from './types.ts';

export interface TokenView {
  /** Null if the token is opaque: then there is nothing to read. */
  readonly decoded: DecodedToken | null;
  readonly checks: readonly ClientCheck[];
  /** The key that fitted, as it was published. */
  readonly key: Readonly<Record<string, unknown>> | null;
  /** One line: what came of it. */
  readonly says: string;
}

const CLAUSE = 'rfc9068-4';

function check(says: string, ok: boolean, evidence: Record<string, unknown>): ClientCheck {
  return { check: 'token', says, ok, evidence, clause: CLAUSE, reason: null };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String((error as { code: unknown }).code)
    : 'failed';
}

/**
 * Whether a token's signature is by one of these keys, whatever its claims say.
 * @param keys a key set; null: there is none
 */
export async function verifySignature(token: string, keys: JsonObject | null): Promise<boolean> {
  const jose = await import('jose');
  try {
    const set = jose.createLocalJWKSet(keys as unknown as Parameters<typeof jose.createLocalJWKSet>[0]);
    await jose.compactVerify(token, set);
    return true;
  } catch {
    return false;
  }
}

/**
 * Verifies a token.
 * @param bag `jwks_uri`, `issuer` and `resource` are taken from it
 * @param now protocol time of the sandbox, ms: its clock may have been moved
 * @returns never throws: what does not hold stands in `checks`
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-4
 */
export async function verifyToken(
  token: string,
  bag: Bag,
  options: { readonly fetch: Fetch; readonly now: number },
): Promise<TokenView> {
  const decoded = decodeToken(token);
  if (!decoded)
    return { decoded: null, checks: [], key: null, says: 'An opaque token: only the issuer can say what it means.' };
  const jwksUri = bag.jwks_uri?.value;
  const jose = await import('jose');
  let keys: { keys: Record<string, unknown>[] };
  try {
    const response = await options.fetch(jwksUri ?? '', {
      credentials: 'omit',
      headers: { Accept: 'application/json' },
    });
    keys = (await response.json()) as typeof keys;
    if (!response.ok || !Array.isArray(keys.keys)) throw new TypeError('no key set');
  } catch {
    return {
      decoded,
      checks: [check('The public keys can be read', false, { expected: jwksUri ?? 'jwks_uri', got: null })],
      key: null,
      says: 'The public keys could not be read, so nothing can be said of the signature.',
    };
  }
  const key = keys.keys.find((candidate) => candidate.kid === decoded.header.kid) ?? null;
  const checks: ClientCheck[] = [
    check('The key that the header names is published', key !== null, {
      expected: decoded.header.kid ?? null,
      got: keys.keys.map((candidate) => candidate.kid),
    }),
  ];
  try {
    await jose.jwtVerify(
      token,
      jose.createLocalJWKSet(keys as unknown as Parameters<typeof jose.createLocalJWKSet>[0]),
      { currentDate: new Date(options.now), clockTolerance: 0 },
    );
    checks.push(check(`The ${String(decoded.header.alg)} signature fits the contents`, true, {}));
  } catch (error) {
    const code = codeOf(error);
    const isSignature = !code.startsWith('ERR_JWT_EXPIRED') && !code.startsWith('ERR_JWT_CLAIM');
    checks.push(
      check(
        `The ${String(decoded.header.alg)} signature fits the contents`,
        !isSignature,
        isSignature ? { got: code } : {},
      ),
    );
  }
  const { iss, aud, exp } = decoded.claims;
  const audience = Array.isArray(aud) ? aud : [aud];
  checks.push(
    check('iss is the issuer that the resource names', iss === bag.issuer?.value, {
      expected: bag.issuer?.value ?? null,
      got: iss ?? null,
    }),
  );
  checks.push(
    check('aud holds the resource', audience.includes(bag.resource?.value), {
      expected: bag.resource?.value ?? null,
      got: aud ?? null,
    }),
  );
  checks.push(
    check('exp is still to come', typeof exp === 'number' && exp * 1000 > options.now, {
      expected: new Date(options.now).toISOString(),
      got: typeof exp === 'number' ? new Date(exp * 1000).toISOString() : null,
    }),
  );
  checks.push(
    check('typ says that it is an access token', /^(?:application\/)?at\+jwt$/i.test(String(decoded.header.typ)), {
      expected: 'at+jwt',
      got: decoded.header.typ ?? null,
    }),
  );
  const failed = checks.find((one) => !one.ok);
  return {
    decoded,
    checks,
    key,
    says: failed
      ? `Not to be believed: ${failed.says.charAt(0).toLowerCase()}${failed.says.slice(1)} is not so.`
      : 'Verified here, with nothing but the issuer\u2019s public key.',
  };
}
