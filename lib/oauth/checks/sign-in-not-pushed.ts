import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

const SIGN_IN = ['auto_approve_email', 'auto_approve_password'] as const;
type SignIn = (typeof SIGN_IN)[number];

/** A request is kept until the browser comes; a password is not. */
export const signInNotPushed: Check<{ readonly get: (name: SignIn) => string | undefined }> = {
  name: 'sign-in-not-pushed',
  says: 'What is pushed holds no password of a user',
  clause: 'rfc9126-2.1',
  test(form) {
    const name = SIGN_IN.find((one) => form.get(one) !== undefined);
    if (name === undefined) return;
    throw new OAuthError('invalid_request', {
      reason: 'authorize-parameter-invalid',
      description: `The parameter ${name} is not pushed; it goes into the URL that the browser opens.`,
    });
  },
};
