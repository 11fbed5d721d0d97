import type { HeaderReader } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check } from './types.ts';
import { interactionBrowser, speaksAsBrowser } from './interaction-browser.ts';

export interface FormTicket {
  readonly headers: HeaderReader;
  readonly origin: string;
  readonly browserId: string | null;
  /** What the form brought back. */
  readonly ticket: string;
  /** What it was given. */
  readonly expected: string;
}

/**
 * The form is one that this server gave to this browser, for this purpose. For the pages that have no
 * interaction: signing out, and the code of a device. A script that is no browser needs no ticket.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.7.1
 */
export const formTicket: Check<FormTicket> = {
  name: 'form-ticket',
  says: ({ headers }) =>
    speaksAsBrowser(headers)
      ? 'The answer comes from the page of this server, in the browser that it was shown to'
      : 'The answer comes from a program that is no browser, and that nobody can deceive',
  clause: 'oauth21-7.9',
  test({ headers, origin, browserId, ticket, expected }) {
    if (!speaksAsBrowser(headers)) return { browser: false };
    interactionBrowser.test({ headers, origin, browserId, browserHash: browserId === null ? '' : sha256(browserId) });
    if (sameSecret(ticket, expected)) return { browser: true };
    throw new OAuthError('access_denied', {
      reason: 'interaction-foreign',
      status: 403,
      delivery: { kind: 'page' },
      description: 'The form is not one that was given to this browser.',
    });
  },
};
