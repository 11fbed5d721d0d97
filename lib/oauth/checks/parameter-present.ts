import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

interface ParameterPresent {
  readonly name: string;
  readonly value: string | undefined;
  /** Whether the query of the address has it, where nobody reads it. */
  readonly inAddress?: boolean;
  readonly elsewhere?: Evidence | undefined;
}

/**
 * A required parameter is there, and not empty.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4
 */
export const parameterPresent: Check<ParameterPresent> = {
  name: 'parameter-present',
  says: ({ name }) => `\`${name}\` is present`,
  clause: 'oauth21-3.2.4',
  test({ name, value, inAddress = false, elsewhere }) {
    if (value !== undefined) return;
    throw new OAuthError('invalid_request', {
      reason: 'parameter-missing',
      description:
        `The parameter ${name} is required` +
        (inAddress ? ' in the body; it came in the address, where it is not read.' : '.'),
      evidence: {
        expected: name,
        ...(inAddress ? { got: 'in the address' } : {}),
        ...(elsewhere ? { elsewhere } : {}),
      },
    });
  },
};
