/**
 * `GET, PUT, DELETE /oauth/register/{client_id}`: a client manages its registration.
 * @see https://datatracker.ietf.org/doc/html/rfc7592
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { registrationToken } from '../checks/registration-token.ts';
import { registrationUpdate } from '../checks/registration-update.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { clientInformation } from '../clients/registration/respond.ts';
import { hasSecret, newSecret, secretEnd } from '../clients/registration/secret.ts';
import { validateRegistration } from '../clients/registration/validate.ts';

type Params = Readonly<Record<string, string>>;

function presentedToken(ctx: Context): string | null {
  const header = ctx.request.headers.get('authorization');
  return header !== null && /^bearer /i.test(header) ? header.slice(7).trim() : null;
}

/**
 * What every answer says again: the token that the request came with, which is stored as a hash only.
 * @see https://datatracker.ietf.org/doc/html/rfc7592#section-3 "registration_access_token REQUIRED"
 */
function tokenAgain(ctx: Context): { registrationToken: string } {
  return { registrationToken: presentedToken(ctx)! };
}

/**
 * The registration, for the holder of its token. The error does not tell whether client or token is wrong.
 * @throws OAuthError 401 `invalid_token`
 */
async function managed(ctx: Context, params: Params): Promise<ClientRecord> {
  const client = await ctx.tenant.store.getClient((params.client_id ?? '').slice(0, 2000));
  const token = presentedToken(ctx);
  check(ctx.trace, registrationToken, { client, token });
  ctx.trace.set({ clientId: client!.clientId });
  return client!;
}

/** Reads it. @see https://datatracker.ietf.org/doc/html/rfc7592#section-2.1 */
export async function readRegistration(ctx: Context, params: Params): Promise<Response> {
  const client = await managed(ctx, params);
  return json(clientInformation(ctx.tenant, client, tokenAgain(ctx)));
}

/**
 * Replaces it as a whole: what is left out is gone, or goes back to its default. A secret that the
 * client had stays; one that it needs now is made.
 * @see https://datatracker.ietf.org/doc/html/rfc7592#section-2.2
 */
export async function replaceRegistration(ctx: Context, params: Params): Promise<Response> {
  const client = await managed(ctx, params);
  const { tenant, trace } = ctx;
  check(trace, registrationUpdate, { client, body: ctx.body.json });
  const { metadata, authMethods } = validateRegistration(ctx, ctx.body.json);
  const needed = hasSecret(metadata.token_endpoint_auth_method);
  const secret = needed && client.secretHash === null ? newSecret(tenant) : undefined;
  const replaced: ClientRecord = {
    ...client,
    metadata,
    authMethods,
    secretHash: secret === undefined ? (needed ? client.secretHash : null) : sha256(secret),
    secretExpiresAt: secret === undefined ? (needed ? client.secretExpiresAt : 0) : secretEnd(tenant),
  };
  // Deleted at the same moment, it stays deleted; given a secret, that one stays. Look again at what is there now.
  if (!(await tenant.store.replaceClient(client, replaced))) return await replaceRegistration(ctx, params);
  note(trace, 'replace', 'Replaced the registration as a whole', 'rfc7592-2');
  return json(clientInformation(tenant, replaced, { ...tokenAgain(ctx), ...(secret === undefined ? {} : { secret }) }));
}

/** Deletes it, and ends the client's grants. @see https://datatracker.ietf.org/doc/html/rfc7592#section-2.3 */
export async function deleteRegistration(ctx: Context, params: Params): Promise<Response> {
  const client = await managed(ctx, params);
  await ctx.tenant.store.deleteClient(client.clientId, ctx.tenant.now());
  note(ctx.trace, 'delete', 'Deleted the registration, and ended its grants', 'rfc7592-2');
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
}
