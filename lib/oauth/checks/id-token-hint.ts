import type { JWTPayload } from 'jose';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface IdTokenHint {
  /** Its claims; null if it is no ID token of this issuer. */
  readonly claims: JWTPayload | null;
  /** The client that shows it; undefined if the request does not say. */
  readonly clientId: string | undefined;
}

/**
 * "When both client_id and id_token_hint are present, the OP MUST verify that the Client Identifier matches the one
 * used when issuing the ID Token."
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export const idTokenHint: Check<IdTokenHint> = {
  name: 'id-token-hint',
  says: ({ clientId }) =>
    clientId === undefined
      ? 'The ID token is one of this issuer'
      : 'The ID token is one of this issuer, for this client',
  clause: 'oidc-logout-2',
  test({ claims, clientId }) {
    if (claims === null) {
      throw new OAuthError('invalid_request', {
        reason: 'logout-hint',
        description: 'The id_token_hint is not an ID token of this issuer.',
      });
    }
    const aud = [claims.aud ?? []].flat();
    if (clientId === undefined || aud.includes(clientId)) return { aud };
    throw new OAuthError('invalid_request', {
      reason: 'logout-hint',
      description: 'The id_token_hint was issued to another client.',
      evidence: { expected: clientId, got: aud },
    });
  },
};
