/** A key that an owner brings: what it has to be, so that what is signed with it can be verified. */
import { CompactSign, compactVerify, type JWK } from 'jose';
import { SIGNING_ALGORITHMS } from '../algorithms.ts';
import { importedKey, publicHalf } from './imported.ts';

/** A secret that a sandbox shares with whoever verifies its access tokens; its owner brings it (`PUT …/keys`). */
export const SHARED_SECRET = 'HS256';

/** Algorithms that tokens are signed with. Ed25519 is the newer name of EdDSA, which the knob `tokens.alg` knows. */
const TAKEN: readonly string[] = [...SIGNING_ALGORITHMS.filter((alg) => alg !== 'Ed25519'), SHARED_SECRET];

/** The algorithm of an owner's key: the one that it names, or the only one for its kind. */
export function algorithmOf(jwk: JWK): string | undefined {
  return (
    jwk.alg ??
    { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' }[jwk.crv ?? ''] ??
    (jwk.kty === 'oct' ? SHARED_SECRET : undefined)
  );
}

/** Why a key cannot be taken; null if it can. */
export async function ownKeyProblem(jwk: JWK): Promise<string | null> {
  const alg = algorithmOf(jwk);
  const shared = alg === SHARED_SECRET;
  if (alg === undefined || !TAKEN.includes(alg) || shared !== (jwk.kty === 'oct'))
    return `the member alg has to name one of ${TAKEN.join(', ')} with kty oct`;
  if (jwk.kid !== undefined && !(typeof jwk.kid === 'string' && /^[\x20-\x7E]{1,200}$/.test(jwk.kid)))
    return 'the member kid has to be a text of 1 to 200 printable ASCII characters';
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'the member use has to be sig';
  if (shared)
    return bytesIn(jwk.k) < 32
      ? 'the member k has to hold at least 32 bytes in base64url (RFC 7518 section 3.2)'
      : null;
  if (jwk.d === undefined) return 'the private member d is missing';
  if (jwk.kty === 'RSA' && bytesIn(jwk.n) < 256) return 'an RSA key has at least 2048 bits (RFC 7518 section 3.3)';
  return (await signsAndVerifies(jwk, alg)) ? null : `this is not a key for ${alg}`;
}

function bytesIn(member: unknown): number {
  return typeof member === 'string' ? Buffer.from(member, 'base64url').length : 0;
}

/** Whether the public half verifies what the private one signs. */
async function signsAndVerifies(jwk: JWK, alg: string): Promise<boolean> {
  try {
    const signer = new CompactSign(new TextEncoder().encode('try')).setProtectedHeader({ alg });
    const signed = await signer.sign(await importedKey(jwk, alg));
    await compactVerify(signed, await importedKey(publicHalf(jwk), alg));
    return true;
  } catch {
    return false;
  }
}
