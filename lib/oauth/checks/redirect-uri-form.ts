import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';
import { malformed, queryNames } from '#lib/spec/uri.ts';

/** Parameters that an authorization response adds to a redirect URI. */
export const RESPONSE_PARAMETERS: readonly string[] = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
];

export interface RedirectUriForm {
  readonly uris: readonly string[];
  /** What is wrong with the list itself, as a sentence; undefined if it is a list of strings. */
  readonly listProblem?: string | undefined;
  /** Names that the answer adds, which the query of the URI must not hold. */
  readonly added: readonly string[];
}

/**
 * Each redirect URI is one by RFC 3986, absolute and without a fragment, and its query leaves room for the answer.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.1.2
 */
export const redirectUriForm: Check<RedirectUriForm> = {
  name: 'redirect-uri-form',
  says: 'Each redirect URI is absolute, without a fragment',
  clause: 'oauth21-2.3.1',
  test({ uris, added, listProblem }) {
    if (listProblem !== undefined) {
      throw new OAuthError('invalid_redirect_uri', { reason: 'redirect-uri-fragment', description: listProblem });
    }
    for (const uri of uris) {
      const problem = malformed(uri) ?? collision(uri, added);
      if (problem === null) continue;
      throw new OAuthError('invalid_redirect_uri', {
        reason: 'redirect-uri-fragment',
        description: `The redirect URI ${uri.slice(0, 200)} ${problem}.`,
        evidence: { expected: 'an absolute URI without a fragment', got: uri.slice(0, 500), problem },
      });
    }
    return { redirect_uris: uris };
  },
};

/** The name that the query and the answer would both hold, in words; null if there is none. */
export function collision(uri: string, added: readonly string[]): string | null {
  const twice = queryNames(uri).find((name) => added.includes(name));
  return twice === undefined ? null : `already holds ${twice} in its query, which the answer adds`;
}
