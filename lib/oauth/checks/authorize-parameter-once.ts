import { OAuthError } from '../errors.ts';
import { repeatedParameter } from './parameter-once.ts';
import type { Check } from './types.ts';

/**
 * No parameter of the authorization request came twice.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1 `invalid_request`: "includes a
 *   parameter more than once"
 */
export const authorizeParameterOnce: Check<URLSearchParams> = {
  name: 'authorize-parameter-once',
  says: 'No parameter came twice',
  clause: 'oauth21-4.1.2.1',
  test(form) {
    const name = repeatedParameter(form);
    if (name === null) return;
    const shown = name.slice(0, 60);
    throw new OAuthError('invalid_request', {
      reason: 'authorize-parameter-repeated',
      description: `The parameter ${shown} may be sent once only.`,
      evidence: { expected: 1, got: form.getAll(name).length, parameter: shown },
    });
  },
};
