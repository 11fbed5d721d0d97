/**
 * The consent page: who asks, where the answer goes, what for, and as whom. Works without script; the one script that
 * it loads chooses the theme before the first paint.
 */
import { entryOf } from '#lib/spec/own.ts';
import { html } from 'hono/html';
import type { Markup } from './layout.ts';
import { BRAND, glyph, THEME, type Hand, BANG, DOWN, ENTER } from './consent-drawings.ts';

/** Who asks. */
export interface ConsentClient {
  readonly name: string;
  readonly known: 'preregistered' | 'dynamic' | 'document';
  readonly says: string;
  readonly documentHost: string | null;
}

/** Where the answer goes. */
export interface ConsentRedirect {
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly kind: 'loopback' | 'web' | 'app';
  readonly warning: { readonly head: string; readonly says: string } | null;
  readonly shown: boolean;
}

/** Everything that the page says, as plain data. */
export interface ConsentWords {
  readonly interaction: string;
  /** Where the form is sent, by POST. */
  readonly action: string;
  readonly isPublic: boolean;
  readonly client: ConsentClient;
  readonly redirect: ConsentRedirect;
  readonly resources: readonly { readonly uri: string; readonly name: string }[];
  readonly audiences: readonly string[];
  readonly scopes: readonly {
    readonly scope: string;
    readonly says: string;
    readonly includes: readonly string[];
    readonly of: 'mcp' | 'as';
  }[];
  readonly invention: { readonly handle: string; readonly email: string };
  readonly login: { readonly name: string; readonly email: string | null } | null;
  readonly providers: readonly { readonly name: string; readonly href: string }[];
  readonly email: string;
  readonly failed: { readonly problem: 'credentials' | 'password'; readonly says: string } | null;
  readonly misbehaviours: readonly { readonly value: string; readonly says: string }[];
  readonly framing: 'deny' | 'allow';
  readonly silent: boolean;
}

/** What the browser that asks may see. */
export type ConsentState =
  | { readonly is: 'open'; readonly view: ConsentWords; readonly sandboxId: string | null }
  /** Answered, expired, or never there. */
  | { readonly is: 'gone' }
  /** Opened first in another browser. */
  | { readonly is: 'foreign' };

/** The slim bar: who is speaking, and for which sandbox. There is no way out but the two in the form. */
function bar(sandboxId: string | null, notes: boolean): Markup {
  const sandbox =
    sandboxId === null ? '' : html`<span class="lbl">, sandbox <code>${sandboxId.slice(0, 4)}…</code></span>`;
  const hide = notes
    ? html`<label class="hide link"><input type="checkbox" id="hide-notes">
<span class="say-hide">Hide the notes</span><span class="say-show">Show the notes</span></label>`
    : '';
  return html`<header class="bar">${BRAND}
<span class="at ui"><span class="as hand">${glyph('as')}Authorization server</span>${sandbox}</span>
<div class="end">${hide}${THEME}</div></header>`;
}

/** A section with its heading. */
function section(id: string, title: string, body: Markup, more = ''): Markup {
  return html`<section class="sect${more}" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

interface NoteOptions {
  readonly hand: Hand;
  readonly lemma: string;
  readonly place: 'a' | 'b' | 'c' | 'd';
  readonly clause?: { readonly label: string; readonly url: string };
}

/** A note in the margin, opened by its lemma; under its section if there is no margin. */
function note({ hand, lemma, place, clause }: NoteOptions, says: Markup | string): Markup {
  const cited =
    clause === undefined
      ? ''
      : html` <a class="clause" href="${clause.url}" target="_blank" rel="noopener noreferrer">${clause.label}</a>`;
  return html`<p class="nt ${hand} ${place}"><b class="m">${lemma}</b> ${says}${cited}</p>`;
}

const REDIRECT_CLAUSES = {
  loopback: { label: 'RFC 8252 §7.3', url: 'https://www.rfc-editor.org/rfc/rfc8252#section-7.3' },
  app: { label: 'RFC 8252 §7.1', url: 'https://www.rfc-editor.org/rfc/rfc8252#section-7.1' },
  web: {
    label: 'OAuth 2.1 §4.1.1',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1',
  },
} as const;

function known({ documentHost, says }: ConsentClient): Markup {
  return documentHost === null
    ? html`<p class="known">${says}</p>`
    : html`<p class="known">Its name and address come from its own document at
<span class="client"><b class="v">${documentHost}</b></span>. Nobody has checked who runs it.</p>`;
}

function nameNote({ known: how, name }: ConsentClient): string {
  if (how === 'document')
    return `Anyone can call a program ${name}. Only the host is certain: whoever controls it put the document there.`;
  if (how === 'dynamic')
    return `Anyone can register, under any name. That it says ${name} proves nothing about who asks.`;
  return 'A client that was entered beforehand has a name that somebody answers for.';
}

function warning(says: { readonly head: string; readonly says: string } | null): Markup | string {
  return says === null ? '' : html`<p class="warn">${BANG}<span><b>${says.head}</b>${says.says}</span></p>`;
}

/** Where the answer goes, loud; with a warning if the address says little about who gets it. */
function redirectSection({ host, port, path, warning: says, kind, shown }: ConsentRedirect): Markup | string {
  if (!shown) return '';
  const address = html`<p class="host client">${host}<small>${port}${path}</small></p>`;
  return html`${section('h-to', 'The answer goes to', html`<div>${address}${warning(says)}</div>`, ' loud')}
${note(
  { hand: 'client', lemma: 'redirect_uri', place: 'b', clause: REDIRECT_CLAUSES[kind] },
  'The one line to read. The code leaves this server for that address, and whoever controls it gets the code.',
)}`;
}

function placesSection({ resources, audiences }: ConsentWords): Markup {
  const resource = ({ uri, name }: ConsentWords['resources'][number]): Markup =>
    html`<li><span class="hand mcp">${glyph('mcp')}${name}</span>
<span class="mcp"><b class="v m">${uri.replace(/^https?:\/\//, '')}</b></span></li>`;
  const audience = (uri: string): Markup => html`<li><span class="client"><b class="v m">${uri}</b></span></li>`;
  const list = html`<ul class="places">${resources.map(resource)}${audiences.map(audience)}</ul>`;
  return section('h-at', 'To be used at', list);
}

const INCLUDED: Readonly<Record<string, string>> = { 'notes:read': 'reading' };

/** What it may do, in plain words; each can be unticked. */
function scopesSection(scopes: ConsentWords['scopes']): Markup {
  const title = 'It may then';
  if (scopes.length === 0) {
    return section(
      'h-may',
      title,
      html`<p class="nothing">Nothing but know that you were here: it asks for no scope.</p>`,
    );
  }
  const included = (names: readonly string[]): Markup | string =>
    names.length === 0
      ? ''
      : html` <small>includes ${names.map((one) => entryOf(INCLUDED, one) ?? one).join(', ')}</small>`;
  const item = ({ scope, says, includes, of }: ConsentWords['scopes'][number]): Markup => html`<li>
<input type="checkbox" name="scope" value="${scope}" id="scope-${scope}" checked>
<label for="scope-${scope}">${says}${included(includes)}</label>
<code class="${of}"><b class="v">${scope}</b></code></li>`;
  return html`${section('h-may', title, html`<ul class="scopes">${scopes.map(item)}</ul>`)}
${note(
  { hand: 'mcp', lemma: 'scope', place: 'c' },
  'Untick what you would rather not give. The client learns what it got from the token answer, and must ' +
    'live with less.',
)}`;
}

interface WayOptions {
  readonly action: 'continue' | 'auto' | 'login';
  readonly checked: boolean;
  readonly label: string;
}

/** One way to be somebody: a radio button, its label, and what follows from it. */
function way({ action, checked, label }: WayOptions, says: Markup): Markup {
  const id = `way-${action}`;
  return html`<div class="way">
<input type="radio" name="action" value="${action}" id="${id}"${checked ? html` checked` : ''}>
<label for="${id}">${label}</label>${says}</div>`;
}

/** The fields for an address and a password, and what was wrong with the last ones. */
function loginFields({ failed, email }: ConsentWords): Markup {
  const described = failed === null ? '' : html` aria-describedby="ways-failed"`;
  const invalid = (yes: boolean): Markup | string => (yes ? html` aria-invalid="true"` : '');
  const problem =
    failed === null
      ? ''
      : html`<p class="warn" id="ways-failed" role="alert">${BANG}<span><b>${failed.says}</b></span></p>`;
  return html`<div class="login">${problem}
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" maxlength="254"
  value="${email}"${described}${invalid(failed?.problem === 'credentials')}>
<label for="password">Password</label>
<input id="password" name="password" type="password"
  autocomplete="current-password"${described}${invalid(failed !== null)}>
</div>`;
}

/** Who you are: whoever is signed in, somebody made up on the spot, or an address that is kept. */
function waysSection(view: ConsentWords, sandboxId: string | null): Markup {
  const { invention, failed, login, email, isPublic } = view;
  const typed = failed !== null || email !== '';
  const address = login === null || login.email === null ? '' : html`<code>${login.email}</code>, `;
  const signedIn =
    login === null
      ? ''
      : way(
          { action: 'continue', checked: failed === null, label: `${login.name}, as before` },
          html`<p>${address}signed in with this browser.</p>`,
        );
  const lasts = sandboxId === null ? 'temporary' : 'gone with the sandbox';
  const ways = html`<div class="ways" role="radiogroup" aria-labelledby="h-you">
${signedIn}
${way(
  { action: 'auto', checked: login === null && !typed, label: 'A new test user' },
  html`<p><code>${invention.email}</code>, made up now, ${lasts}.</p>`,
)}
${way(
  {
    action: 'login',
    checked: failed !== null || (login === null && typed),
    label: 'Someone with an email and a password',
  },
  html`<p>Kept. An unknown address becomes a new account.</p>${loginFields(view)}`,
)}
</div>${others(view.providers)}
${isPublic ? html`<p class="beware">This is a test server. No real password belongs here.</p>` : ''}`;
  return html`${section('h-you', 'You are', ways)}
${note(
  { hand: 'you', lemma: 'users', place: 'd' },
  html`Invented ones keep runs apart; kept ones let you test <code>login_hint</code> and <code>prompt=none</code>.`,
)}`;
}

/** Ways that lead over a provider; the page is shown again afterwards, to decide. */
function others(providers: ConsentWords['providers']): Markup | string {
  if (providers.length === 0) return '';
  const last = providers.length - 1;
  const links = providers.map(
    ({ name, href }, at) => html`${at === 0 ? '' : at === last ? ' or ' : ', '}<a href="${href}">${name}</a>`,
  );
  return html`<p class="others">Or sign in by ${links}, and decide then.</p>`;
}

/** Approve, or deny. What the button says follows the chosen way, by style sheet alone. */
function decideSection({ login, invention, redirect, misbehaviours }: ConsentWords): Markup {
  const either = redirect.shown
    ? html`<p class="tiny">Either way you go to<br><span class="m">${redirect.host}${redirect.port}</span></p>`
    : '';
  const asBefore = login === null ? '' : html`<span class="if-continue">Approve as ${login.name}</span>`;
  const fault = ({ value, says }: ConsentWords['misbehaviours'][number]): Markup =>
    html`<li><label><input type="checkbox" name="misbehave" value="${value}"> ${says}</label></li>`;
  const misbehave =
    misbehaviours.length === 0
      ? ''
      : html`<details class="mis"><summary>${DOWN}Approve, but misbehave</summary>
<ul>${misbehaviours.map(fault)}</ul></details>`;
  return html`<div><div class="decide">
<button class="go" type="submit">${asBefore}<span class="if-auto">Approve as ${invention.handle}</span>
<span class="if-login">Sign in and approve</span> <kbd>${ENTER}</kbd></button>
<button class="btn" type="submit" form="deny">Deny</button>${either}</div>${misbehave}</div>`;
}

function openSheet(view: ConsentWords, sandboxId: string | null): Markup {
  const silent = view.silent
    ? html`<p class="known">This sandbox never lets this page come to an end:
whatever you choose brings you back here.</p>`
    : '';
  const visit = html`<input type="hidden" name="interaction" value="${view.interaction}">`;
  return html`<main id="main"><form class="sheet" method="post" action="${view.action}">
${visit}
<div><h1><b>${view.client.name}</b> asks to act for you.</h1>${known(view.client)}${silent}</div>
${note({ hand: 'client', lemma: 'name', place: 'a' }, nameNote(view.client))}
${redirectSection(view.redirect)}
${placesSection(view)}
${scopesSection(view.scopes)}
${waysSection(view, sandboxId)}
${decideSection(view)}
</form>
<form id="deny" method="post" action="${view.action}">${visit}
<input type="hidden" name="action" value="deny"></form></main>`;
}

const GONE = html`<main id="main" class="sheet-gone"><h1>This visit is over.</h1>
<p class="lede">It was answered, or left open for too long. Each request to a user can be answered once,
within half an hour.</p>
<p class="known">Go back to the client and look at what it says. To try again, begin from there:
it makes a new request.</p>
<p class="known">If you are walking through the guide,
<a href="/guide/authorization-code">go on there</a>.</p></main>`;

const FOREIGN = html`<main id="main" class="sheet-gone"><h1>This is another browser’s question.</h1>
<p class="lede">The page belongs to the browser in which it was opened first, and this one does not have its cookie.</p>
<p class="known">Open it in that browser, with cookies on, or begin again from the client.
If somebody sent you this link, close the page: nothing was granted.</p></main>`;

/** Faces that stand in the first screen. */
const FACES = ['serif', 'serif-display', 'sans', 'mono'] as const;

/** Without `form-action`: Chromium would hold the whole chain of redirects after the form to it. */
const policy = (framing: 'deny' | 'allow'): string =>
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; base-uri 'none'; " +
  `frame-ancestors ${framing === 'allow' ? "'self'" : "'none'"}`;

/**
 * Renders the page.
 * @returns 200 for an open visit, 404 for one that is over, 403 in another browser; never stored or indexed
 */
export async function consentPage(state: ConsentState): Promise<Response> {
  const title = state.is === 'open' ? `${state.view.client.name} asks to act for you` : 'Nothing to decide here';
  const body = state.is === 'open' ? openSheet(state.view, state.sandboxId) : state.is === 'gone' ? GONE : FOREIGN;
  const framing = state.is === 'open' ? state.view.framing : 'deny';
  const text = html`<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow"><title>${title} · Authwalk</title>
${FACES.map((face) => html`<link rel="preload" href="/fonts/${face}.woff2" as="font" type="font/woff2" crossorigin>`)}
<link rel="icon" href="/icon.svg"><script src="/theme.js"></script><link rel="stylesheet" href="/consent.css"></head>
<body>${bar(state.is === 'open' ? state.sandboxId : null, state.is === 'open')}
${body}</body></html>
`;
  return new Response(String(await text), {
    status: state.is === 'open' ? 200 : state.is === 'gone' ? 404 : 403,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy(framing),
      'X-Frame-Options': framing === 'allow' ? 'SAMEORIGIN' : 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'X-Robots-Tag': 'noindex',
    },
  });
}
