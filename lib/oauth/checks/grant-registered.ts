import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { GrantKind } from './types.ts';
import type { Check } from './types.ts';

/**
 * The client registered for the grant, and may use it: what needs a proof of the client is closed to
 * those that have none.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.2 "The client
 * credentials grant type MUST only be used by confidential clients"
 */
export const grantRegistered: Check<{ grant: GrantKind; client: ClientRecord }> = {
  name: 'grant-registered',
  says: 'The client may use it',
  clause: 'oauth21-3.2.4',
  test({ grant, client }) {
    const registered = client.metadata.grant_types;
    if (!grant.unregistered && !registered.includes(grant.grantType)) {
      throw new OAuthError('unauthorized_client', {
        reason: 'grant-type-not-registered',
        description: `The client did not register for the grant ${grant.grantType}.`,
        evidence: { expected: registered, got: grant.grantType },
      });
    }
    if (grant.confidential && client.metadata.token_endpoint_auth_method === 'none') {
      throw new OAuthError('unauthorized_client', {
        reason: 'grant-type-not-registered',
        description:
          `The grant ${grant.grantType} is closed to public clients: a name alone would be enough to act ` +
          'as the client.',
        evidence: { expected: 'a confidential client', got: 'a public one' },
      });
    }
    return { grant_types: registered };
  },
};
