import type { CodeRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Where a challenge waits, there is a verifier.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.3
 */
export const verifierPresent: Check<{ code: CodeRecord; verifier: string | undefined }> = {
  name: 'verifier-present',
  says: ({ code }) =>
    code.codeChallenge === null ? 'There was no challenge, so no verifier is demanded' : 'There is a verifier',
  clause: 'oauth21-4.1.3',
  test({ code, verifier }) {
    if (code.codeChallenge === null) return { asked: false, challenge: null };
    if (verifier !== undefined) return { challenge: code.codeChallenge };
    throw new OAuthError('invalid_request', {
      reason: 'verifier-missing',
      description: 'The parameter code_verifier is required.',
      evidence: { expected: 'code_verifier', got: null, challenge: code.codeChallenge },
    });
  },
};
