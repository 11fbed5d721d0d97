import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * What is pushed is a request, not the reference of one.
 * @see https://datatracker.ietf.org/doc/html/rfc9126#section-2.1 "The request_uri authorization request parameter is
 *   one exception, and it MUST NOT be provided."
 */
export const requestUriAbsent: Check<string | undefined> = {
  name: 'request-uri-absent',
  says: 'What is pushed is no reference itself',
  clause: 'rfc9126-2.1',
  test(requestUri) {
    if (requestUri === undefined) return;
    throw new OAuthError('invalid_request', {
      reason: 'request-uri-pushed',
      description: 'The parameter request_uri must not be pushed.',
    });
  },
};
