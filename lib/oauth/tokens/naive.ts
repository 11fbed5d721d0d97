/**
 * The signature check of a naive resource server, for the attack lab of JWT validation: the token itself says how it
 * is to be checked (knob `resource.jwtChecks`).
 * @see https://www.rfc-editor.org/rfc/rfc8725.html#section-2.1
 */
import { compactVerify, exportSPKI, importJWK, type JWK, type ProtectedHeaderParameters } from 'jose';
import { checkAsync, note } from '../checks/check.ts';
import { tokenSignature } from '../checks/token-signature.ts';
import { tokenSignatureNaive } from '../checks/token-signature-naive.ts';
import type { Tenant, Trace } from '../context.ts';
import { trustedKeys, verificationKey } from '../keys/ring.ts';

/** HMAC fills a key up with zeros, so this is the empty secret. Web Crypto refuses one of length zero. */
const EMPTY_SECRET = new Uint8Array(1);

/** Whether a JWT is signed by this key, with this algorithm. */
export function signedBy(jwt: string, key: CryptoKey | Uint8Array, alg: string): Promise<boolean> {
  return compactVerify(jwt, key, { algorithms: [alg] }).then(
    () => true,
    () => false,
  );
}

/**
 * Checks a signature with the algorithm and the key that the header of the token names.
 * @throws OAuthError 401 `token-signature`
 */
export async function checkNaively(
  signer: Tenant,
  trace: Trace,
  token: string,
  header: ProtectedHeaderParameters,
): Promise<void> {
  if (typeof tokenSignature.says === 'string')
    note(trace, tokenSignature.name, tokenSignature.says, tokenSignature.clause, { asked: false });
  const { alg = null, kid = null } = header;
  await checkAsync(trace, tokenSignatureNaive, { alg, kid, verify: () => fits(signer, token, header) });
}

async function fits(signer: Tenant, token: string, { alg = '', kid }: ProtectedHeaderParameters): Promise<boolean> {
  const key = await verificationKey(signer, kid, alg);
  if (key !== null) return signedBy(token, key, alg);
  if (alg === 'none') return token.endsWith('.');
  return alg === 'HS256' && signedBy(token, await namedSecret(signer, kid), alg);
}

/** What a file with the name `kid` would hold: a public key as it is published, or nothing. */
async function namedSecret(signer: Tenant, kid: string | undefined): Promise<Uint8Array> {
  const record = (await trustedKeys(signer)).find((key) => key.kid === kid);
  if (record === undefined) return EMPTY_SECRET;
  const key = await importJWK(record.publicJwk as JWK, record.alg, { extractable: true });
  return key instanceof Uint8Array ? key : new TextEncoder().encode(await exportSPKI(key));
}
