import { json } from '../answer.ts';
import { check } from '../checks/check.ts';
import { dpopPresent } from '../checks/dpop-present.ts';
import { grantOffered } from '../checks/grant-offered.ts';
import { grantRegistered } from '../checks/grant-registered.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import type { Context } from '../context.ts';
import { verifyDpopProof } from '../keys/dpop-proof.ts';
import { offeredGrants } from '../grants/index.ts';
import { readForm, required } from '../parameters.ts';

/**
 * `POST /oauth/token`: something, for tokens.
 *
 * A form without repetitions; a grant that is offered; a proof of a key, if there is one; a
 * client; one that may use the grant. The rest is the grant's.
 *
 * The proof comes before the client, so that an answer that asks for a nonce uses up no assertion.
 * @throws OAuthError by RFC 6749 §5.2
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2
 */
export async function token(ctx: Context): Promise<Response> {
  const { tenant, trace } = ctx;
  // Each grant narrows the form to what it declares.
  const form = readForm<string>(ctx);
  const grantType = required(trace, form, 'grant_type');
  trace.set({ grantType: grantType.slice(0, 200) });
  const offered = offeredGrants(tenant);
  const grant = offered.find((one) => one.grantType === grantType);
  check(trace, grantOffered, { grant, grantType, offered });
  const mode = tenant.config['dpop.mode'];
  const proof = mode === 'off' ? null : await verifyDpopProof(ctx, 'as');
  if (mode === 'required') check(trace, dpopPresent, { demanded: true, jkt: proof?.jkt ?? null });
  const { client } = await authenticateClient(ctx, form);
  check(trace, grantRegistered, { grant: grant!, client });
  const jkt = proof?.jkt ?? null;
  if (client.metadata.dpop_bound_access_tokens === true && mode !== 'off')
    check(trace, dpopPresent, { demanded: true, jkt });
  const answer = await grant!.handle({ ctx, form, client, jkt });
  return json(answer, proof?.nonce === undefined ? {} : { headers: { 'DPoP-Nonce': proof.nonce } });
}
