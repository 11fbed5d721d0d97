import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface PushRequired {
  readonly required: boolean;
  readonly pushed: boolean;
}

/**
 * The request was pushed, where this server (`par.required`) or the client's registration demands it.
 * @see https://datatracker.ietf.org/doc/html/rfc9126#section-5
 */
export const pushRequired: Check<PushRequired> = {
  name: 'push-required',
  says: 'The request was pushed, or need not be',
  clause: 'rfc9126-5',
  test({ required, pushed }) {
    if (!required || pushed)
      return { expected: required ? 'a pushed request' : 'any', got: pushed ? 'a pushed request' : 'parameters' };
    throw new OAuthError('invalid_request', {
      reason: 'push-required',
      description: 'This server takes only requests that were pushed; send a request_uri.',
      evidence: { expected: 'request_uri', got: 'parameters' },
    });
  },
};
