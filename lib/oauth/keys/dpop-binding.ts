/**
 * A bound token is only good in the hands of the key that it is bound to.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-7.1
 */
import { check } from '../checks/check.ts';
import { dpopKey } from '../checks/dpop-key.ts';
import { tokenBinding } from '../checks/token-binding.ts';
import type { Context } from '../context.ts';
import { verifyDpopProof } from './dpop-proof.ts';

/**
 * Holds a request with an access token to the token's binding.
 * @param jkt thumbprint of the key that the token is bound to; null: a bearer token
 * @returns a new nonce for `DPoP-Nonce`, if the answer is to bring one
 * @throws OAuthError 401: `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce`
 */
export async function verifyBinding(ctx: Context, token: string, jkt: string | null): Promise<string | undefined> {
  const { config } = ctx.tenant;
  if (config['dpop.mode'] === 'off') return undefined;
  const scheme = (ctx.request.headers.get('authorization') ?? '').split(' ', 1)[0]!.toLowerCase();
  if (jkt === null && scheme !== 'dpop' && config['dpop.mode'] !== 'required') return undefined;
  check(ctx.trace, tokenBinding, { jkt, scheme, proof: ctx.request.headers.has('dpop') });
  const proof = (await verifyDpopProof(ctx, 'rs', { accessToken: token }))!;
  check(ctx.trace, dpopKey, { server: 'rs', expected: jkt!, got: proof.jkt });
  return proof.nonce;
}
