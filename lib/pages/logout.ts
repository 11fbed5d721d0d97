/** Signing out: the question, and the answer. */
import { html } from 'hono/html';
import { page } from './layout.ts';
import type { PagePlace } from './place.ts';

export interface LogoutQuestion {
  readonly name: string;
  readonly returnTo: string | null;
  /** Hidden fields of the form. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Asks whether to sign out, where nothing proves that the user wants to. */
export function logoutQuestion(
  tenant: Pick<PagePlace, 'sandboxId' | 'base'>,
  { name, returnTo, fields }: LogoutQuestion,
): Promise<Response> {
  const host = returnTo === null ? null : new URL(returnTo).host || new URL(returnTo).protocol;
  return page({
    status: 200,
    title: 'Sign out?',
    sandboxId: tenant.sandboxId,
    form: true,
    body: html`<h1>Sign out here?</h1>
<p class="lede">You are signed in to this server as <b>${name}</b>. Another page sent you here to sign out.</p>
${host === null ? '' : html`<p>Either way you then go to <b class="host">${host}</b>.</p>`}
<form method="post" action="${tenant.base}/oauth/logout" class="decide">
${fields.map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`)}
<button class="go" name="answer" value="leave">Sign out</button>
<button class="btn" name="answer" value="stay">Stay signed in</button>
</form>
<p class="tiny">Signing out ends the login of this browser.
What you granted to clients lives on until it is revoked or runs out.</p>`,
  });
}

/** Says how it ended. */
export function signedOut(tenant: Pick<PagePlace, 'sandboxId'>, stayed: boolean): Promise<Response> {
  return page({
    status: 200,
    title: stayed ? 'Still signed in' : 'Signed out',
    sandboxId: tenant.sandboxId,
    body: stayed
      ? html`<h1>You stay signed in.</h1><p class="lede">Nothing has changed.</p>`
      : html`<h1>You are signed out.</h1>
<p class="lede">This browser has no login at this server.
What you granted to clients lives on until it is revoked or runs out.</p>`,
  });
}
