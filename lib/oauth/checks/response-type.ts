import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ResponseType {
  readonly got: string | undefined;
  /** Whether a missing `response_type` counts as `code` (knob `authorize.responseType`). */
  readonly assumed: boolean;
  /** Whether the server offers the authorization code grant at all. */
  readonly offered: boolean;
  readonly grantTypes: readonly string[];
  readonly responseTypes: readonly string[];
}

/**
 * A code is asked for, and this client may ask for one. If `response_type` is missing, `code` is assumed, unless the
 * knob is strict: there is nothing else to be had, and the report grades the omission.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export const responseType: Check<ResponseType> = {
  name: 'response-type',
  says: ({ got, assumed }) =>
    got === undefined && assumed ? 'No response_type came, so code is assumed' : 'A code is asked for',
  clause: 'oauth21-4.1.2.1',
  test({ got, assumed, offered, grantTypes, responseTypes }) {
    if (got === undefined && !assumed) {
      throw new OAuthError('invalid_request', {
        reason: 'response-type-missing',
        description: 'The parameter response_type is required. The knob authorize.responseType can assume code.',
        evidence: { expected: 'code', got: null, knob: 'authorize.responseType' },
      });
    }
    if ((got !== undefined && got !== 'code') || !offered) {
      throw new OAuthError('unsupported_response_type', {
        reason: 'response-type-unsupported',
        description: 'The response_type must be code.',
        evidence: { expected: 'code', got: got?.slice(0, 60) ?? null },
      });
    }
    if (!grantTypes.includes('authorization_code') || !responseTypes.includes('code')) {
      throw new OAuthError('unauthorized_client', {
        reason: 'response-type-not-registered',
        description: 'The client did not register the grant authorization_code.',
        evidence: { expected: 'authorization_code', got: grantTypes },
      });
    }
    return { expected: 'code', got: got ?? 'assumed' };
  },
};
