/**
 * JWS algorithms of the signatures that are accepted, all asymmetric. `Ed25519` is the newer name of what
 * `EdDSA` means here (RFC 9864).
 */
export const SIGNING_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
] as const;

/** Whether a signature by this algorithm is accepted. */
export function isSigningAlgorithm(alg: string): boolean {
  return (SIGNING_ALGORITHMS as readonly string[]).includes(alg);
}
