import type { JWTPayload } from 'jose';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface SubjectIdToken {
  /** Its claims; null if it is no ID token of this provider. */
  readonly subject: JWTPayload | null;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

/**
 * The token to exchange is an ID token of this provider, for this client, and not expired.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.2.2
 */
export const subjectIdToken: Check<SubjectIdToken> = {
  name: 'subject-token',
  says: 'The subject is an ID token of this provider, for this client, and not expired',
  clause: 'rfc8693-2.2.2',
  test({ subject, clientId, now }) {
    const audiences = [subject?.aud ?? []].flat();
    if (subject !== null && typeof subject.exp === 'number' && subject.exp > now && audiences.includes(clientId))
      return { aud: audiences, exp: subject.exp };
    throw new OAuthError('invalid_request', {
      reason: 'subject-token-invalid',
      description: 'The subject_token is not a valid ID token of this provider for this client.',
      evidence: { expected: clientId, got: audiences, exp: subject?.exp ?? null },
    });
  },
};
