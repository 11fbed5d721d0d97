/** Whether a client signed a JWT: to authenticate itself, or as a grant. One place knows how its keys are found. */
import { compactVerify, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose';
import type { ClientRecord } from '#lib/store/store.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import type { Evidence } from '../checks/types.ts';
import type { Context } from '../context.ts';
import { importedKey } from '../keys/imported.ts';
import { clientKeys } from './client-keys.ts';

/** What came of looking for the key that signed. */
export interface Signed {
  /** What is wrong, in a sentence; null if a key of the client fits. */
  readonly problem: string | null;
  readonly evidence: Evidence;
  /** Set if nothing is wrong. */
  readonly claims?: JWTPayload;
}

/**
 * Looks for the key of the client that signed the JWT. If the set at `jwks_uri` that is known has none that fits, it is
 * fetched again, now and then.
 * @param registered the one algorithm that the client said it would sign with; undefined: any asymmetric one
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export async function signedByClient(
  ctx: Context,
  client: ClientRecord,
  jwt: string,
  registered?: unknown,
): Promise<Signed> {
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(jwt);
  } catch {
    return { problem: 'The assertion is not a JWT.', evidence: { expected: 'a JWT' } };
  }
  const { alg, kid } = header;
  if (alg === undefined || !isSigningAlgorithm(alg) || (registered !== undefined && registered !== alg)) {
    return {
      problem: 'The assertion is signed with an algorithm that is not accepted.',
      evidence: { expected: registered ?? 'an asymmetric algorithm', got: alg ?? null },
    };
  }
  let unread = false;
  for (const unknownKey of [false, true]) {
    const { keys: known, current, ...rest } = await clientKeys(ctx, client, unknownKey);
    ({ unread } = rest);
    const keys = known.filter((key) => fits(key, alg, kid));
    for (const key of keys) {
      const claims = await tryKey(key, alg, jwt);
      if (claims !== null) return { problem: null, evidence: { alg, kid: kid ?? null }, claims };
    }
    if (keys.length > 0 || current) break;
  }
  if (unread)
    return {
      problem: 'The keys of the client could not be read from its jwks_uri.',
      evidence: { expected: 'a JWK set', jwks_uri: String(client.metadata.jwks_uri).slice(0, 300) },
    };
  return {
    problem: 'No key of the client fits the signature of the assertion.',
    evidence: { alg, kid: kid ?? null },
  };
}

function fits(key: JWK, alg: string, kid: string | undefined): boolean {
  return (
    (kid === undefined || key.kid === undefined || key.kid === kid) &&
    (key.alg === undefined || key.alg === alg) &&
    key.use !== 'enc' &&
    key.kty !== 'oct'
  );
}

async function tryKey(key: JWK, alg: string, jwt: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await compactVerify(jwt, await importedKey(key, alg), { algorithms: [alg] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as JWTPayload) : null;
  } catch {
    return null;
  }
}
