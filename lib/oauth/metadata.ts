/**
 * The metadata of an issuer. It follows the configuration, names only what works, and all that the
 * specifications require of what it names.
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-2
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
import { addresses } from './addresses.ts';
import { RESPONSE_MODES } from './checks/response-mode.ts';
import { ACR_NONE, ACR_PASSWORD } from './interaction/grant.ts';
import type { Tenant } from './context.ts';
import { features } from './features.ts';
import { offeredGrants } from './grants/index.ts';
import { SIGNING_ALGORITHMS } from './algorithms.ts';
import { claimsSupported } from './tokens/claims.ts';
import { idTokenAlgorithms } from './tokens/id-token.ts';

/** RFC 8414 metadata. The OpenID Provider metadata is the same document: it has all that either asks for. */
export function serverMetadata(tenant: Tenant): Record<string, unknown> {
  const { config } = tenant;
  const at = addresses(tenant);
  const knobs = new Set(offeredGrants(tenant).map((grant) => grant.knob));
  const codes = knobs.has('authorization_code');
  const openid = config['scopes.known'].includes('openid') && (codes || knobs.has('device_code'));
  const methods: readonly string[] = config['clientAuth.methods'];
  const confidential = methods.filter((method) => method !== 'none');
  return {
    issuer: tenant.issuer,
    ...(codes ? { authorization_endpoint: at.authorization } : {}),
    token_endpoint: at.token,
    jwks_uri: at.jwks,
    ...(config['registration.dynamic'] ? { registration_endpoint: at.registration } : {}),
    // offline_access means a refresh token.
    scopes_supported: config['scopes.known'].filter(
      (scope) => scope !== 'offline_access' || knobs.has('refresh_token'),
    ),
    response_types_supported: codes ? ['code'] : [],
    ...(codes ? { response_modes_supported: RESPONSE_MODES } : {}),
    grant_types_supported: offeredGrants(tenant).map((grant) => grant.grantType),
    ...authentication('token', methods),
    revocation_endpoint: at.revocation,
    ...authentication('revocation', methods),
    ...(features.introspection && confidential.length > 0
      ? { introspection_endpoint: at.introspection, ...authentication('introspection', confidential) }
      : {}),
    ...(codes
      ? { code_challenge_methods_supported: config['authorize.pkce'] === 's256' ? ['S256'] : ['S256', 'plain'] }
      : {}),
    ...(codes && features.pushedAuthorizationRequests
      ? {
          pushed_authorization_request_endpoint: at.pushedAuthorizationRequest,
          require_pushed_authorization_requests: config['par.required'],
        }
      : {}),
    ...(knobs.has('device_code') && features.deviceAuthorization
      ? { device_authorization_endpoint: at.deviceAuthorization }
      : {}),
    ...(codes ? { authorization_response_iss_parameter_supported: config['authorize.iss'] !== 'omit' } : {}),
    client_id_metadata_document_supported: config['cimd.support'],
    ...(features.dpop && config['dpop.mode'] !== 'off'
      ? { dpop_signing_alg_values_supported: SIGNING_ALGORITHMS }
      : {}),
    ...(codes ? { request_parameter_supported: false, request_uri_parameter_supported: false } : {}),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: idTokenAlgorithms(tenant),
    ...(openid
      ? {
          userinfo_endpoint: at.userinfo,
          ...(features.endSession ? { end_session_endpoint: at.endSession } : {}),
          claims_supported: claimsSupported,
          claims_parameter_supported: false,
          acr_values_supported: [ACR_PASSWORD, ACR_NONE],
          ...(codes ? { prompt_values_supported: ['none', 'login', 'consent', 'select_account'] } : {}),
        }
      : {}),
    service_documentation: `${tenant.origin}/reference`,
  };
}

/** The methods of an endpoint, and the algorithms, without which `private_key_jwt` would say too little. */
function authentication(
  endpoint: 'token' | 'revocation' | 'introspection',
  methods: readonly string[],
): Record<string, unknown> {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    ...(methods.includes('private_key_jwt')
      ? { [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: SIGNING_ALGORITHMS }
      : {}),
  };
}
