/**
 * An independent OpenID Provider (oidc-provider) in a process of its own: `node upstream-provider.ts ISSUER REDIRECT`.
 * It takes itself for ISSUER and is reached on loopback, as behind a proxy that ends TLS. Its client is `our-id`.
 */
import Provider from 'oidc-provider';

const [issuer = '', redirectUri = ''] = process.argv.slice(2);
const client = {
  client_id: 'our-id',
  client_secret: 'our-secret-at-the-provider',
  grant_types: ['authorization_code'],
  redirect_uris: [redirectUri],
  response_types: ['code' as const],
  token_endpoint_auth_method: 'client_secret_post' as const,
};
const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  // Google and Microsoft tell who it is in the ID token.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  ttl: { IdToken: 3600, Session: 60, Grant: 60 },
  cookies: { keys: ['only-for-tests'] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: 'Ada Lovelace', email: `${sub}@example.com`, email_verified: true }),
  }),
});
provider.proxy = true;
const server = provider.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? (address?.port ?? 0) : 0);
});
process.once('disconnect', () => process.exit(0));
