import type { ClientRecord } from '#lib/store/store.ts';
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { registrationOffered } from '../checks/registration-offered.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { requesterOf } from '../requester.ts';
import { clientInformation } from '../clients/registration/respond.ts';
import { hasSecret, newSecret, secretEnd } from '../clients/registration/secret.ts';
import { validateRegistration } from '../clients/registration/validate.ts';

/**
 * `POST /oauth/register`: a client introduces itself.
 * @param params `alias` is there at `/clients/register`, whose answer also has `created_at`
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3
 */
export async function register(ctx: Context, params: Readonly<Record<string, string>>): Promise<Response> {
  const { tenant, trace } = ctx;
  check(trace, registrationOffered, { offered: tenant.config['registration.dynamic'] });
  const { metadata, authMethods } = validateRegistration(ctx, ctx.body.json);
  const secret = hasSecret(metadata.token_endpoint_auth_method) ? newSecret(tenant) : undefined;
  const registrationToken = tenant.random(32);
  const client: ClientRecord = {
    clientId: `c_${tenant.random(16)}`,
    source: 'dynamic',
    metadata,
    authMethods,
    secretHash: secret === undefined ? null : sha256(secret),
    secretExpiresAt: secret === undefined ? 0 : secretEnd(tenant),
    registrationTokenHash: sha256(registrationToken),
    createdAt: tenant.now(),
  };
  await tenant.store.createClient(client, requesterOf(ctx));
  trace.set({
    clientId: client.clientId,
    ...(metadata.client_name === undefined ? {} : { clientName: metadata.client_name }),
  });
  note(trace, 'register', 'Made up a client_id, and stored what was accepted', 'rfc7591-3.2.1', {
    client_id: client.clientId,
  });
  const information = clientInformation(tenant, client, {
    registrationToken,
    ...(secret === undefined ? {} : { secret }),
  });
  return json(
    params.alias !== undefined ? { ...information, created_at: new Date(client.createdAt).toISOString() } : information,
    { status: 201 },
  );
}
