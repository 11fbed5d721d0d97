/** oidc-provider, issuing RS256 JWT access tokens for client credentials from its in-memory adapter. */
import Provider from 'oidc-provider';
import { jwks, resourceIndicators } from './oidc-provider-tokens.ts';

const port = Number(process.env.PORT);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'bench',
      client_secret: 'bench-secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  jwks,
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators,
  },
});
provider.listen(port, '127.0.0.1', () => process.send?.('ready'));
