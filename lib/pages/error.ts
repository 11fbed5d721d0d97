/** The page of an error that may not be redirected: what happened, why, and what to do next. */
import { html } from 'hono/html';
import type { Clause } from '#lib/spec/documents.ts';
import { clauses } from '#lib/spec/clauses.ts';
import { type Reason, type ReasonId, reasons } from '#lib/spec/reasons.ts';
import { adviceFor } from './advice.ts';
import { type Markup, page } from './layout.ts';
import type { PagePlace } from './place.ts';

/** A refusal, as a page shows it. */
export interface ShownError {
  readonly code: string;
  readonly reason: ReasonId;
  /** What was expected. */
  readonly description: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What stood against what. */
  readonly evidence?: Readonly<Record<string, unknown>> | undefined;
}

export interface ErrorPage {
  readonly error: ShownError;
  readonly origin: string;
  /** null if no sandbox was found. */
  readonly tenant: Pick<PagePlace, 'sandboxId' | 'isPublic'> | null;
  readonly request: { readonly headers: Pick<Headers, 'get'> };
}

/** Pages of our own that send a browser to the endpoints, and what they are called. */
const PAGES: Readonly<Record<string, string>> = {
  guide: 'the guide',
  lab: 'the lab',
  levels: 'the level',
  sandbox: 'the sandbox',
  scenarios: 'the scenario',
};

/** The page of our own that a navigation came from, as `Referer` says; null if it came from elsewhere. */
function cameFrom(request: ErrorPage['request'], origin: string): { href: string; word: string } | null {
  const referer = request.headers.get('referer') ?? '';
  if (!referer.startsWith(`${origin}/`)) return null;
  const path = referer.slice(origin.length).split(/[?#]/, 1)[0]!;
  const word = PAGES[path.split('/')[1] ?? ''];
  return word === undefined ? null : { href: path, word };
}

/** What was sent beside what is registered, letter under letter. */
function redirectUris({ reason, evidence }: ShownError): Markup | '' {
  if (reason !== 'redirect-uri-unregistered' && reason !== 'redirect-uri-missing') return '';
  const { expected, got } = evidence ?? {};
  if (!Array.isArray(expected)) return '';
  const row = (word: string, uri: string) => html`<dt>${word}</dt><dd><code>${uri}</code></dd>`;
  const registered = expected.slice(0, 10).map((uri) => row('registered', String(uri)));
  return html`<dl class="beside">${row('sent', typeof got === 'string' ? got : 'none')}${registered}</dl>`;
}

/** A page for somebody who opened an address that no client sends anybody to: its head, and the ways on. */
interface MetByHand {
  readonly head: string;
  readonly ways: readonly (readonly [href: string, label: string])[];
}
const REFERENCE = ['/reference', 'The reference'] as const;
const BY_HAND: Partial<Record<ReasonId, MetByHand>> = {
  'method-not-allowed': { head: 'This address is for programs.', ways: [REFERENCE, ['/guide', 'The guide']] },
  'path-unknown': { head: 'Nothing is at this address.', ways: [REFERENCE] },
  'metadata-unknown': { head: 'No document is at this address.', ways: [REFERENCE] },
  'sandbox-unknown': { head: 'This sandbox is gone.', ways: [['/sandbox', 'Make another']] },
};

/** The way back, the ways on, and to the record of what happened here. */
function ways({ error, request, origin, tenant }: ErrorPage): Markup | '' {
  const back = cameFrom(request, origin);
  const recorded = tenant !== null && !(tenant.isPublic && tenant.sandboxId === 'default');
  const on = BY_HAND[error.reason]?.ways ?? [];
  if (back === null && !recorded && on.length === 0) return '';
  const way = back === null ? '' : html`<a class="go" href="${back.href}">Back to ${back.word}</a>`;
  const record = recorded
    ? html`<a class="btn" href="/sandbox/${tenant.sandboxId}">See the request in its sandbox</a>`
    : '';
  const further = on.map(([href, label]) => html`<a class="btn" href="${href}">${label}</a>`);
  return html`<div class="decide">${way}${record}${further}</div>`;
}

/** A text in which backticks mark code. */
const prose = (text: string) =>
  html`${text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;

/**
 * Shows the error to the user. It never links to the address that was refused: the page would lend it the look of this
 * server. It is printed as text, beside those that are registered.
 *
 * @returns the page, with the status that the error has when it is shown (400, as a rule)
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export function errorPage(shown: ErrorPage): Promise<Response> {
  const { error, origin, tenant } = shown;
  const reason: Reason = reasons[error.reason];
  const clause: Clause = clauses[reason.clause];
  const byHand = BY_HAND[error.reason]?.head;
  const status = pageStatus(error);
  const heard =
    byHand === undefined
      ? 'You see this page, and the client hears nothing of it.'
      : `A browser gets this page. A program gets the same as JSON, also with status ${status}.`;
  return page({
    status,
    title: byHand?.replace(/\.$/, '') ?? 'The request was refused',
    ...(tenant ? { sandboxId: tenant.sandboxId } : {}),
    headers: error.headers,
    body: html`<h1>${byHand ?? 'This request stops here.'}</h1>
<p class="lede">${prose(reason.says)}</p>
<section class="sect"><h2>What happened</h2><p>${prose(error.description)}</p>${redirectUris(error)}</section>
<section class="sect"><h2>Why</h2><p><a href="${clause.url}" rel="noreferrer">${clause.label}</a>, ${clause.title}.
${heard}</p></section>
<section class="sect"><h2>What to do next</h2><p>${prose(adviceFor(error.reason))}</p></section>
${ways(shown)}
<p class="tiny"><code>${error.code}</code>, <code>${error.reason}</code>.
<a href="${origin}/reference#error-${error.code}">What this error means</a></p>`,
  });
}

/** The status of an error where a user sees it: 400 unless its reason knows better. */
export function pageStatus(error: ShownError): number {
  const reason: Reason = reasons[error.reason];
  return reason.delivery === 'page' && reason.status !== undefined
    ? reason.status
    : error.status === 401
      ? 400
      : error.status;
}
