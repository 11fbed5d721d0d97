/** The tokens that oidc-provider issues in each bench: JWTs for one resource, signed RS256. */
import { generateKeyPairSync } from 'node:crypto';

export const RESOURCE = 'https://api.example.com';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const jwks = {
  keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'bench' }],
};

export const resourceIndicators = {
  enabled: true,
  defaultResource: () => RESOURCE,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: 'notes:read',
    audience: RESOURCE,
    accessTokenTTL: 3600,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'RS256' as const } },
  }),
};
