/** The pages of the device grant: typing the code, deciding, and the end. */
import { html } from 'hono/html';
import { page } from './layout.ts';
import type { PagePlace } from './place.ts';

type Place = Pick<PagePlace, 'sandboxId' | 'base' | 'isPublic'>;

/** The field for the code. */
export function activateForm(tenant: Place): Promise<Response> {
  return page({
    status: 200,
    title: 'Connect a device',
    sandboxId: tenant.sandboxId,
    form: true,
    body: html`<h1>Connect a device</h1>
<p class="lede">Type the code that the device shows. Case and dashes do not matter.</p>
<form method="get" action="${tenant.base}/activate">
<p><label for="user_code">Code</label>
<input type="text" id="user_code" name="user_code" class="code" maxlength="20" required placeholder="BCDF-GHJK"
  autocomplete="off" autocapitalize="characters" spellcheck="false"></p>
<p class="decide"><button class="go">Look it up</button></p>
</form>`,
  });
}

export interface ActivateDecision {
  readonly userCode: string;
  readonly ticket: string;
  readonly name: string;
  readonly resources: readonly { readonly uri: string; readonly name: string }[];
  readonly scopes: readonly { readonly scope: string; readonly says: string; readonly includes: readonly string[] }[];
  /** Who is signed in with this browser. */
  readonly login: string | null;
  /** What went wrong a moment ago. */
  readonly problem: string | null;
}

/** Who asks, for what, and that it is another device. */
export function activateDecision(tenant: Place, view: ActivateDecision): Promise<Response> {
  const place = ({ uri, name }: ActivateDecision['resources'][number]) =>
    html`<li class="mcp">${name} <code>${uri}</code></li>`;
  const included = (names: readonly string[]) =>
    names.length === 0 ? '' : html` <small>includes ${names.join(', ')}</small>`;
  const scope = ({ scope: name, says, includes }: ActivateDecision['scopes'][number]) => html`<li>
<label><input type="checkbox" name="scope" value="${name}" checked> ${says}${included(includes)}</label>
<code>${name}</code></li>`;
  const way = (action: string, checked: boolean, says: string) =>
    html`<p><label>
<input type="radio" name="action" value="${action}"${checked ? html` checked` : ''}> ${says}</label></p>`;
  const lasts = tenant.sandboxId === 'default' ? 'temporary' : 'gone with the sandbox';
  return page({
    status: 200,
    title: `${view.name} asks to act for you`,
    sandboxId: tenant.sandboxId,
    form: true,
    body: html`<h1><b>${view.name}</b> asks to act for you, on another device.</h1>
${view.problem === null ? '' : html`<p class="warn" role="alert"><b>${view.problem}</b> Nothing was granted.</p>`}
<p class="lede">Approve only if the device in front of you shows <code class="code">${view.userCode}</code>.
Somebody could read you their code over the phone.</p>
${tenant.isPublic ? html`<p class="warn">This is a test server. No real password belongs here.</p>` : ''}
<form method="post" action="${tenant.base}/activate">
<input type="hidden" name="user_code" value="${view.userCode}">
<input type="hidden" name="ticket" value="${view.ticket}">
<section class="sect"><h2>To be used at</h2><ul>${view.resources.map(place)}</ul></section>
<fieldset class="sect"><legend>It may then</legend><ul class="scopes">${view.scopes.map(scope)}</ul></fieldset>
<fieldset class="sect"><legend>You are</legend>
${view.login === null ? '' : way('continue', true, `${view.login}, signed in here`)}
${way('auto', view.login === null, `A new test user, made up now and ${lasts}`)}
${way('login', false, 'Someone with an email and a password, kept; an unknown address becomes a new account')}
<div class="login">
<p><label for="email">Email</label> <input id="email" name="email" type="email" autocomplete="username"></p>
<p><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"></p></div>
</fieldset>
<p class="decide"><button class="go">Approve</button> <button class="btn" name="deny" value="yes">Deny</button></p>
</form>`,
  });
}

/** The end: nothing is sent to the device, it asks. */
export function activateDone(
  tenant: Place,
  { approved, name }: { approved: boolean; name: string },
): Promise<Response> {
  return page({
    status: 200,
    title: approved ? 'Approved' : 'Denied',
    sandboxId: tenant.sandboxId,
    body: approved
      ? html`<h1>Approved.</h1>
<p class="lede">Go back to the device: ${name} finds out by itself, when it asks next. You can close this page.</p>`
      : html`<h1>Denied.</h1>
<p class="lede">${name} gets nothing, and learns so when it asks next. You can close this page.</p>`,
  });
}
