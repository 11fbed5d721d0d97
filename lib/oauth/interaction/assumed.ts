/**
 * The confused deputy (`upstream.consent: assumed`): whoever comes back from the upstream provider counts as having
 * agreed to whatever client asked. The provider knows one client only, this server, and so asks nobody twice.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#confused-deputy-problem
 */
import { check, note } from '../checks/check.ts';
import { interactionBrowser } from '../checks/interaction-browser.ts';
import { interactionOpen } from '../checks/interaction-open.ts';
import type { Context } from '../context.ts';
import { type Approval, makeCode } from './grant.ts';
import { dataOf, findInteraction } from './interaction.ts';
import { sendCode } from './response.ts';

/**
 * Answers the client of an interaction without asking the user.
 * @throws OAuthError if the visit is over, or was begun in another browser
 */
export async function approveUnasked(
  ctx: Context,
  id: string,
  approval: Pick<Approval, 'user' | 'authTime' | 'sid'>,
): Promise<Response> {
  const { tenant, trace } = ctx;
  const record = await findInteraction(tenant, id);
  check(trace, interactionOpen, { open: record !== null });
  check(trace, interactionBrowser, {
    // The provider, on another site, sends the browser here: only the cookie tells which browser it is.
    headers: new Headers({ 'sec-fetch-site': 'same-origin' }),
    origin: tenant.origin,
    browserId: ctx.browser.id,
    browserHash: record!.browserHash,
  });
  const taken = await tenant.store.takeInteraction(id, tenant.now());
  check(trace, interactionOpen, { open: taken !== null });
  const { client, authorization } = dataOf(taken!);
  trace.set({ clientId: client.clientId, acted: { kind: 'knob', name: 'upstream.consent' } });
  note(trace, 'consent-assumed', 'Took the sign-in at the provider for consent to this client', 'mcp-sec-deputy', {
    user: approval.user.email,
    client_id: client.clientId,
  });
  const code = await makeCode(ctx, client, authorization, { ...approval, scope: authorization.scope });
  return sendCode(ctx, authorization, code);
}
