import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** How an authorization response reaches the client. */
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** The mode of this name; `query` if there is none, which is the default of a code. */
export function responseModeOf(got: string | undefined): ResponseMode {
  return RESPONSE_MODES.find((mode) => mode === got) ?? 'query';
}

/**
 * The answer is wanted in a way that this server knows.
 * @see https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes
 */
export const responseMode: Check<string | undefined> = {
  name: 'response-mode',
  says: 'The answer is wanted in a way that exists here',
  clause: 'oidc-core-3.1.2.1',
  test(got) {
    if (got === undefined) return;
    if ((RESPONSE_MODES as readonly string[]).includes(got)) return { got };
    throw new OAuthError('invalid_request', {
      reason: 'response-mode-unsupported',
      description: `The response_mode must be one of ${RESPONSE_MODES.join(', ')}.`,
      evidence: { expected: RESPONSE_MODES, got: got.slice(0, 60) },
    });
  },
};
