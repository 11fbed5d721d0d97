import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The request is in its parameters, not in a signed object (RFC 9101): the metadata says that this
 * server reads none, and one that was ignored would leave the client believing that it was checked.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export const requestObject: Check<string | undefined> = {
  name: 'request-object',
  says: 'The request is in its parameters, not in an object',
  clause: 'oidc-core-3.1.2.6',
  test(request) {
    if (request === undefined) return;
    throw new OAuthError('request_not_supported', {
      reason: 'request-object-unsupported',
      description: 'The parameter request is not supported here; push the request instead.',
    });
  },
};
