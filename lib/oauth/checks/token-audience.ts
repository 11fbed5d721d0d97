import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** `accepted` null: any resource of this issuer. */
interface Input {
  readonly isAccessToken: boolean;
  readonly audience: readonly string[];
  readonly accepted: readonly string[] | null;
}

/**
 * The token is for this resource: without this check, any server could use elsewhere what it is given.
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-4
 */
export const tokenAudience: Check<Input> = {
  name: 'token-audience',
  says: ({ accepted }) =>
    accepted === null ? 'It is an access token, for whichever resource' : 'It was made for this resource',
  clause: 'mcp-auth-token-handling',
  test({ isAccessToken, audience, accepted }) {
    if (isAccessToken && (accepted === null || audience.some((member) => accepted.includes(member))))
      return { ...(accepted === null ? { asked: false } : {}), aud: audience };
    throw new OAuthError('invalid_token', {
      reason: 'token-audience',
      description: isAccessToken
        ? `The token is for ${audience.join(' and ')}, and not for this resource.`
        : 'This is an ID token, which is for the client; send the access token.',
      delivery: { kind: 'challenge' },
      evidence: { expected: accepted ?? 'an access token', got: audience },
    });
  },
};
