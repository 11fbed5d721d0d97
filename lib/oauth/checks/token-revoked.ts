import type { SandboxConfig } from '#lib/config/config.ts';
import type { AccessTokenRecord, GrantRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

interface Input {
  readonly held: { readonly token: AccessTokenRecord; readonly grant: GrantRecord | null } | null;
  readonly effect: SandboxConfig['revocation.effect'];
}

/**
 * The token and the grant behind it are not revoked. With `revocation.effect: at-expiry` this is not checked, as
 * with servers that only verify the signature of a token.
 * @see https://datatracker.ietf.org/doc/html/rfc7009#section-2.1
 */
export const tokenRevoked: Check<Input> = {
  name: 'token-revoked',
  says: ({ effect }) =>
    effect === 'at-expiry'
      ? 'The server knows the token; whether it was revoked is not looked at here'
      : 'The token and its grant are not revoked',
  clause: 'oauth21-5.2',
  test({ held, effect }) {
    if (held === null) throw revoked('The server does not know this token any more.');
    if (effect === 'at-expiry') return { looked: false };
    if (held.token.revokedAt !== null) throw revoked('The token has been revoked.');
    if (held.grant !== null && held.grant.revokedAt !== null)
      throw revoked('The grant behind the token has been revoked.', held.grant.revokedBy);
  },
};

function revoked(description: string, by?: string | null): OAuthError {
  return new OAuthError('invalid_token', {
    reason: 'token-revoked',
    description,
    delivery: { kind: 'challenge' },
    ...(by ? { evidence: { by } } : {}),
  });
}
