import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

/**
 * A required parameter is there, and not empty.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4
 */
export const parameterPresent: Check<{ name: string; value: string | undefined; elsewhere?: Evidence | undefined }> = {
  name: 'parameter-present',
  says: ({ name }) => `\`${name}\` is present`,
  clause: 'oauth21-3.2.4',
  test({ name, value, elsewhere }) {
    if (value !== undefined) return;
    throw new OAuthError('invalid_request', {
      reason: 'parameter-missing',
      description: `The parameter ${name} is required.`,
      evidence: { expected: name, ...(elsewhere ? { elsewhere } : {}) },
    });
  },
};
