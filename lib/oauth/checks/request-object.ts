import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Parameters that OpenID Connect has a refusal of its own for; undefined: the request has none. */
export interface RequestObject {
  /** A request as a signed object (RFC 9101). */
  readonly request: string | undefined;
  /** The address of one: what is no reference that this server gave out. */
  readonly requestUri: string | undefined;
  /** What a client says of itself to a provider that it has not registered with (OpenID Connect Core §7.2.1). */
  readonly registration: string | undefined;
}

/**
 * The request is in its parameters, not in a signed object (RFC 9101): the metadata says that this
 * server reads none, and one that was ignored would leave the client believing that it was checked.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export const requestObject: Check<RequestObject> = {
  name: 'request-object',
  says: 'The request is in its parameters, not in an object',
  clause: 'oidc-core-3.1.2.6',
  test({ request, requestUri, registration }) {
    if (request !== undefined) {
      throw new OAuthError('request_not_supported', {
        reason: 'request-object-unsupported',
        description: 'The parameter request is not supported here; push the request instead.',
      });
    }
    if (requestUri !== undefined) {
      throw new OAuthError('request_uri_not_supported', {
        reason: 'request-uri-unsupported',
        description: 'A request_uri is taken here only if a pushed authorization request gave it; none is fetched.',
        evidence: { expected: 'a reference that was given out here', got: requestUri.slice(0, 200) },
      });
    }
    if (registration !== undefined) {
      throw new OAuthError('registration_not_supported', {
        reason: 'registration-parameter-unsupported',
        description: 'The parameter registration is not supported here; register, or be known by a metadata document.',
      });
    }
    return;
  },
};
