/** The ways to sign in through a provider, and who is signed in. */
import { html } from 'hono/html';
import { page } from './layout.ts';
import type { PagePlace } from './place.ts';

export interface SignInWords {
  readonly providers: readonly {
    readonly id: string;
    readonly name: string;
    readonly simulated: boolean;
    readonly href: string;
  }[];
  readonly user: { readonly sub: string; readonly email: string | null; readonly name: string | null } | null;
  /** What the form brings back. */
  readonly ticket: string;
}

const SIMULATED = html`<p class="tiny">A simulated provider is an identity provider of this sandbox's own.
It asks you who you would like to be, and every message between the two servers is recorded.
No real account is involved.</p>`;

/** Shows the ways, and the button that ends the login. */
export function signInPage(
  tenant: Pick<PagePlace, 'sandboxId' | 'base'>,
  { providers, user, ticket }: SignInWords,
): Promise<Response> {
  const simulated = providers.some((one) => one.simulated) ? SIMULATED : '';
  const item = (one: SignInWords['providers'][number]) => {
    const href = `${one.href}${user === null ? '' : '?prompt=select_account'}`;
    return html`<li><a href="${href}">${one.name}${one.simulated ? ', simulated' : ''}</a></li>`;
  };
  return page({
    status: 200,
    title: user === null ? 'Sign in' : 'Signed in',
    sandboxId: tenant.sandboxId,
    form: true,
    body: html`${
      user === null
        ? html`<h1>Sign in here.</h1><p class="lede">This server takes the word of another one for who you are.</p>`
        : signedIn(user, tenant.base, ticket)
    }
<section class="sect"><h2>${user === null ? 'Ways to sign in' : 'As somebody else'}</h2><ul>
${providers.map(item)}
</ul>${simulated}</section>`,
  });
}

function signedIn({ name, email, sub }: NonNullable<SignInWords['user']>, base: string, ticket: string) {
  const address = email === null ? '' : html`, <code>${email}</code>`;
  return html`<h1>You are signed in.</h1><p class="lede">As <b>${name ?? email ?? sub}</b>${address}.</p>
<form method="post" action="${base}/auth/logout" class="decide">
<input type="hidden" name="ticket" value="${ticket}">
<button class="go">Sign out</button>
</form>`;
}
