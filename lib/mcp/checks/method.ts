import type { Check } from '#lib/oauth/checks/types.ts';
import { OAuthError } from '#lib/oauth/errors.ts';

/** An MCP server answers POST: there are no streams and no sessions to take up or end. */
export const method: Check<string> = {
  name: 'method',
  says: 'The method is POST',
  clause: 'rfc9110-15.5.6',
  test(got) {
    if (got === 'POST') return { got };
    throw new OAuthError('invalid_request', {
      reason: 'method-not-allowed',
      status: 405,
      description: 'Only POST: there is no session here.',
      evidence: { expected: 'POST', got },
    });
  },
};
