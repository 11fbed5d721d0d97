/** Keys of clients, made from the secret of the sandbox, so that a reset brings back the same ones. */
import { createECDH, createHmac } from 'node:crypto';
import { sha256 } from '#lib/oauth/hash.ts';

/** An ES256 key pair that follows from the sandbox's secret and the client's name. */
export function keyPair(
  secret: string,
  clientId: string,
): { privateJwk: Record<string, unknown>; publicJwk: Record<string, unknown> } {
  const ecdh = createECDH('prime256v1');
  for (let round = 0; ; round += 1) {
    const d = createHmac('sha256', secret).update(`client-key:${round}:${clientId}`).digest();
    try {
      ecdh.setPrivateKey(d);
    } catch {
      continue; // Not a scalar of the curve: one in 2^32.
    }
    const point = ecdh.getPublicKey();
    const publicJwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      alg: 'ES256',
      use: 'sig',
      kid: sha256(clientId).slice(0, 16),
    };
    return { publicJwk, privateJwk: { ...publicJwk, d: d.toString('base64url') } };
  }
}
