import type { Context } from '../context.ts';
import { publicKeySet } from '../keys/ring.ts';

/**
 * `GET /.well-known/jwks.json`: the public keys, with those that were retired recently.
 * @see https://datatracker.ietf.org/doc/html/rfc7517#section-5
 */
export async function jwks(ctx: Context): Promise<Response> {
  const set = await publicKeySet(ctx.tenant);
  return new Response(JSON.stringify(set), {
    headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'no-cache' },
  });
}
