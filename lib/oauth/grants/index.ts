/** The grants, as data: the dispatcher of the token endpoint, the metadata and the registration read this list. */
import type { Tenant } from '../context.ts';
import { issuerLabel } from '../issuers.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import type { Grant } from './grant.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh-token.ts';
import { tokenExchange } from './token-exchange.ts';

export const grants: readonly Grant[] = [
  authorizationCode,
  refreshToken,
  clientCredentials,
  deviceCode,
  tokenExchange,
  jwtBearer,
  password,
];

/** What an identity provider of the sandbox does, whatever grants the sandbox itself is cut down to. */
const OF_IDP: ReadonlySet<Grant['knob']> = new Set(['authorization_code', 'refresh_token', 'token-exchange']);

/** The grants that an issuer offers, by the knobs `grants` and `legacyGrants`. */
export function offeredGrants(tenant: Tenant): readonly Grant[] {
  const { config } = tenant;
  const idp = issuerLabel(tenant) === 'idp';
  return grants.filter(({ knob }) =>
    knob === 'password' ? config.legacyGrants && !idp : idp ? OF_IDP.has(knob) : config.grants.includes(knob),
  );
}
