import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface AutoApprove {
  readonly flag: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
}

/** `auto_approve` is true or false; `auto_approve_email` and `auto_approve_password` go together. */
export const autoApprove: Check<AutoApprove> = {
  name: 'auto-approve',
  says: 'The parameters for approving without a page go together',
  clause: 'oauth21-4.1.1',
  test({ flag, email, password }) {
    if ((email === undefined) !== (password === undefined)) {
      throw new OAuthError('invalid_request', {
        reason: 'authorize-parameter-invalid',
        description: 'The parameters auto_approve_email and auto_approve_password go together.',
        evidence: { expected: 'both or neither', got: email === undefined ? 'a password' : 'an address' },
      });
    }
    if (flag !== undefined && flag !== 'true' && flag !== 'false') {
      throw new OAuthError('invalid_request', {
        reason: 'authorize-parameter-invalid',
        description: 'The parameter auto_approve must be true or false.',
        evidence: { expected: 'true', got: flag.slice(0, 60) },
      });
    }
    return;
  },
};
