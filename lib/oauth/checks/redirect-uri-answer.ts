import { OAuthError } from '../errors.ts';
import { collision } from './redirect-uri-form.ts';
import type { Check } from './types.ts';
import { malformed } from '#lib/spec/uri.ts';

export interface RedirectUriAnswer {
  readonly uri: string;
  /** Names that the answer adds to the query of the URI; none if it comes in the fragment or in a form. */
  readonly added: readonly string[];
}

/**
 * The answer can be put on the address as it stands: a URI by RFC 3986, whose own query "MUST be retained", and no
 * parameter would come twice. Registration refuses others already; this holds for documents, seeds and old records.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.1.2
 */
export const redirectUriAnswer: Check<RedirectUriAnswer> = {
  name: 'redirect-uri-answer',
  says: 'The answer can be added to the address as it stands',
  clause: 'rfc6749-3.1.2',
  test({ uri, added }) {
    const problem = malformed(uri) ?? collision(uri, added);
    if (problem === null) return { added };
    throw new OAuthError('invalid_request', {
      reason: 'redirect-uri-unsafe',
      delivery: { kind: 'page' },
      description: `The redirect URI ${problem}.`,
      evidence: { got: uri.slice(0, 500), problem },
    });
  },
};
