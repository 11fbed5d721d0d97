/** The page between this server and an address that anyone could have registered. */
import { html } from 'hono/html';
import { page } from './layout.ts';
import type { PagePlace } from './place.ts';

/**
 * Shows where a redirect would lead, and takes one click.
 * @param to the whole address, parameters included; never `javascript:` or the like
 */
export function interstitial(tenant: Pick<PagePlace, 'sandboxId' | 'origin'>, to: string): Promise<Response> {
  const url = new URL(to);
  const place = url.host === '' ? url.protocol : url.host;
  return page({
    status: 200,
    title: `Leaving for ${place}`,
    sandboxId: tenant.sandboxId,
    body: html`<h1>You are leaving for <b class="host">${place}</b></h1>
<p class="lede">A client sent you through this test server, and wants the answer there.
Anyone can register a client here: nobody has checked who owns that address.</p>
<p class="decide"><a class="go" href="${to}" rel="noreferrer">Go on to ${place}</a></p>
<p class="tiny">If you did not start this, close the page. Nothing has been sent yet.</p>`,
  });
}
