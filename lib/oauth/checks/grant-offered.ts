import { OAuthError } from '../errors.ts';
import type { GrantKind } from './types.ts';
import type { Check } from './types.ts';

/**
 * The server offers the grant.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4
 */
export const grantOffered: Check<{ grant: GrantKind | undefined; grantType: string; offered: readonly GrantKind[] }> = {
  name: 'grant-offered',
  says: 'The server offers this grant',
  clause: 'oauth21-3.2.4',
  test({ grant, grantType, offered }) {
    if (grant !== undefined) return { grant_type: grantType };
    const names = offered.map((one) => one.grantType);
    const hint = grantType === 'password' ? ' OAuth 2.1 removed the password grant.' : '';
    throw new OAuthError('unsupported_grant_type', {
      reason: 'grant-type-unsupported',
      description: `This server offers no grant ${grantType.slice(0, 100)}.${hint}`,
      evidence: { expected: names, got: grantType.slice(0, 200) },
    });
  },
};
