import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** What `prompt` may ask for. */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/**
 * `prompt` is made of known words, and `none` stands alone.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest "If this parameter contains none with any
 *   other value, an error is returned."
 */
export const prompt: Check<readonly string[]> = {
  name: 'prompt',
  says: 'What `prompt` asks for can be done together',
  clause: 'oidc-core-3.1.2.1',
  test(words) {
    const unknown = words.find((word) => !(PROMPTS as readonly string[]).includes(word));
    if (unknown === undefined && !(words.includes('none') && words.length > 1)) return;
    throw new OAuthError('invalid_request', {
      reason: 'authorize-parameter-invalid',
      description:
        unknown === undefined
          ? 'The prompt none cannot be combined with another.'
          : `The prompt must be made of ${PROMPTS.join(', ')}.`,
      evidence: { expected: PROMPTS, got: words.slice(0, 10) },
    });
  },
};
