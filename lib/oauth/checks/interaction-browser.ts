import type { HeaderReader } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check } from './types.ts';

export interface InteractionBrowser {
  readonly headers: HeaderReader;
  /** The origin of the consent page. */
  readonly origin: string;
  /** The browser's cookie, null if it has none. */
  readonly browserId: string | null;
  /** SHA-256 of the cookie that the interaction is bound to. */
  readonly browserHash: string;
}

/**
 * The answer comes from the consent page itself, in the browser that was asked. A page elsewhere can
 * neither send this form (its `Origin` and `Sec-Fetch-Site` say so) nor plant an interaction of its
 * own in another browser (the cookie is not the one). A script that is no browser has no such
 * headers and nobody to deceive.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.7.1
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-7.9
 */
export const interactionBrowser: Check<InteractionBrowser> = {
  name: 'interaction-browser',
  says: ({ headers }) =>
    speaksAsBrowser(headers)
      ? 'The answer comes from the consent page, in the browser that was asked'
      : 'The answer comes from a program that is no browser, and that nobody can deceive',
  clause: 'oauth21-7.9',
  test({ headers, origin, browserId, browserHash }) {
    if (!speaksAsBrowser(headers)) return { browser: false };
    const from = headers.get('origin');
    if (from !== null && from !== origin) refuse({ expected: origin, got: from.slice(0, 200) });
    const site = headers.get('sec-fetch-site');
    if (site !== null && site !== 'same-origin' && site !== 'none')
      refuse({ expected: 'same-origin', got: site.slice(0, 60) });
    if (browserId === null) refuse({ expected: 'the cookie of the browser that was asked', got: null });
    else if (!sameSecret(sha256(browserId), browserHash))
      refuse({ expected: 'the cookie of the browser that was asked', got: 'another' });
    return { browser: true, origin: from };
  },
};

/**
 * Whether a request was sent by a browser: it carries `Origin` or fetch metadata.
 *
 * Fetch in Node sends `Sec-Fetch-Mode: cors` and nothing else of the kind; browsers never send it without
 * `Sec-Fetch-Site`, and with that mode to another origin never without `Origin`.
 */
export function speaksAsBrowser(headers: HeaderReader): boolean {
  if (headers.has('origin')) return true;
  const metadata = [...headers].map(([name]) => name).filter((name) => name.startsWith('sec-fetch-'));
  return metadata.some((name) => name !== 'sec-fetch-mode' || headers.get(name) !== 'cors');
}

function refuse(evidence: { expected: string; got: string | null }): never {
  throw new OAuthError('access_denied', {
    reason: 'interaction-foreign',
    status: 403,
    delivery: { kind: 'page' },
    description: 'Consent is taken from the page that asked for it, in the browser that it asked.',
    evidence,
  });
}
