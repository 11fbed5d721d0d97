/**
 * Pushed authorization requests: the request is delivered from server to server and checked before the
 * user is bothered; the browser carries only a reference.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc9126
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { proofKeyAnnounced } from '../checks/proof-key-announced.ts';
import { requestUriAbsent } from '../checks/request-uri-absent.ts';
import { signInNotPushed } from '../checks/sign-in-not-pushed.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import { keepPushed, PUSHED_LIFETIME } from '../interaction/pushed.ts';
import { readAuthorizationRequest, readRedirectUri } from '../interaction/request.ts';
import type { Context } from '../context.ts';
import { verifyDpopProof } from '../keys/dpop-proof.ts';
import { isOAuthError, OAuthError } from '../errors.ts';
import { readForm } from '../parameters.ts';
import type { AuthorizationParameter, ClientParameter } from './parameters.ts';

/**
 * `POST /oauth/par`.
 * @throws OAuthError in JSON: whatever the authorization endpoint would have said, and `invalid_client`
 */
export async function pushAuthorizationRequest(ctx: Context): Promise<Response> {
  const form = readForm<AuthorizationParameter | ClientParameter>(ctx);
  const proof = ctx.tenant.config['dpop.mode'] === 'off' ? null : await verifyDpopProof(ctx, 'as');
  const { client } = await authenticateClient(ctx, form);
  check(ctx.trace, requestUriAbsent, form.get('request_uri'));
  check(ctx.trace, signInNotPushed, form);
  const redirectUri = pushedRedirectUri(ctx, client, form.get('redirect_uri'), form.get('response_mode'));
  const pushed = new URLSearchParams(ctx.body.form);
  // Pushed with a proof, the code will be bound to its key (RFC 9449 §10.1).
  if (proof && !pushed.get('dpop_jkt')) pushed.set('dpop_jkt', proof.jkt);
  const request = readAuthorizationRequest(ctx, client, redirectUri, pushed, true);
  if (proof) check(ctx.trace, proofKeyAnnounced, { announced: request.dpopJkt, jkt: proof.jkt });
  pushed.set('client_id', client.clientId);
  const requestUri = await keepPushed(ctx, client, pushed);
  note(ctx.trace, 'request-kept', 'Stored the request under a reference', 'rfc9126-2.2', {
    lives: PUSHED_LIFETIME,
    scope: request.scope,
  });
  return json(
    { request_uri: requestUri, expires_in: PUSHED_LIFETIME },
    { status: 201, ...(proof?.nonce === undefined ? {} : { headers: { 'DPoP-Nonce': proof.nonce } }) },
  );
}

/** The same check as ever; here the client may be told, since no browser is to be sent anywhere. */
function pushedRedirectUri(
  ctx: Context,
  client: ClientRecord,
  got: string | undefined,
  mode: string | undefined,
): string {
  try {
    return readRedirectUri(ctx, client, got, mode);
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    throw new OAuthError('invalid_request', {
      reason: 'pushed-redirect-uri',
      description: error.description,
      ...(error.evidence ? { evidence: error.evidence } : {}),
    });
  }
}
