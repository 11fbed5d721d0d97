/** The page of an error that may not be redirected: what happened, why, and what to do next. */
import { html } from 'hono/html';
import { type Clause, clauses } from '#lib/spec/clauses.ts';
import { type Reason, type ReasonId, reasons } from '#lib/spec/reasons.ts';
import { adviceFor } from './advice.ts';
import { page } from './layout.ts';
import type { PagePlace } from './place.ts';

/** A refusal, as a page shows it. */
export interface ShownError {
  readonly code: string;
  readonly reason: ReasonId;
  /** What was expected. */
  readonly description: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ErrorPage {
  readonly error: ShownError;
  readonly origin: string;
  /** null if no sandbox was found. */
  readonly tenant: Pick<PagePlace, 'sandboxId'> | null;
}

/**
 * Shows the error to the user. It never links to the address that was refused, and does not name it:
 * the page would lend it the look of this server.
 *
 * @returns the page, with the status that the error has when it is shown (400, as a rule)
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export function errorPage({ error, origin, tenant }: ErrorPage): Promise<Response> {
  const reason: Reason = reasons[error.reason];
  const clause: Clause = clauses[reason.clause];
  return page({
    status: pageStatus(error),
    title: 'The request was refused',
    ...(tenant ? { sandboxId: tenant.sandboxId } : {}),
    headers: error.headers,
    body: html`<h1>This request stops here.</h1>
<p class="lede">${reason.says}</p>
<section class="sect"><h2>What happened</h2><p>${error.description}</p></section>
<section class="sect"><h2>Why</h2><p><a href="${clause.url}" rel="noreferrer">${clause.label}</a>, ${clause.title}.
You see this page, and the client hears nothing of it.</p></section>
<section class="sect"><h2>What to do next</h2><p>${adviceFor(error.reason)}</p></section>
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
