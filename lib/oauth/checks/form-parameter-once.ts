import { OAuthError } from '../errors.ts';
import { repeatedParameter } from './parameter-once.ts';
import type { Check } from './types.ts';

const REPEATABLE: ReadonlySet<string> = new Set(['scope', 'misbehave']);

/** In the form of the consent page only the boxes may come several times. */
export const formParameterOnce: Check<URLSearchParams> = {
  name: 'form-parameter-once',
  says: 'No field came twice, the ticked boxes apart',
  clause: 'oauth21-4.1.2.1',
  test(form) {
    const name = repeatedParameter(form, REPEATABLE);
    if (name === null) return;
    throw new OAuthError('invalid_request', {
      reason: 'parameter-repeated',
      description: `The field ${name.slice(0, 60)} may be sent once only.`,
      evidence: { parameter: name.slice(0, 60) },
    });
  },
};
