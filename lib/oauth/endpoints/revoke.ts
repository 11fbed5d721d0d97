import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { revokeClient } from '../checks/revoke-client.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import type { Context } from '../context.ts';
import { readForm, required } from '../parameters.ts';
import type { RevocationParameter } from './parameters.ts';
import { locateToken } from '../tokens/locate.ts';

/**
 * `POST /oauth/revoke`: a client gives a token back.
 *
 * A refresh token takes its whole family along, with the access tokens; an access token only itself.
 * A token that is not known is no error: after the request it is not valid, which is what was asked.
 * @throws OAuthError `invalid_client`, or `invalid_grant` for another client's token
 * @see https://datatracker.ietf.org/doc/html/rfc7009#section-2
 */
export async function revoke(ctx: Context): Promise<Response> {
  const { tenant, trace } = ctx;
  const form = readForm<RevocationParameter>(ctx);
  const { client } = await authenticateClient(ctx, form, { eitherSecret: true });
  const found = await locateToken(tenant, required(trace, form, 'token'), form.get('token_type_hint'));
  note(
    trace,
    'locate',
    found === null ? 'Found no such token, which is no error' : `Found the ${found.kind.replace('_', ' ')}`,
    'rfc7009-2.1',
  );
  if (found === null) return json({});
  if (found.token.grantId !== null) trace.set({ grantId: found.token.grantId });
  check(trace, revokeClient, { token: found.token, client });
  const now = tenant.now();
  if (found.kind === 'refresh_token') {
    await tenant.store.revokeGrant(found.token.grantId, 'revoked-by-client', now);
    note(
      trace,
      'revoke',
      'Revoked the family: this token, its access tokens, and whatever would come of it',
      'rfc7009-2.1',
    );
  } else {
    await tenant.store.revokeAccessToken(found.token.id, now);
    const behind = found.token.grantId === null ? 'there is no grant behind it' : 'its grant lives on';
    note(trace, 'revoke', `Revoked this access token; ${behind}`, 'rfc7009-2.1');
  }
  return json({});
}
