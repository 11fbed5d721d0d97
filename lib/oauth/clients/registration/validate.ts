/**
 * Client metadata of a registration, validated, with its defaults filled in.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
import { AUTH_METHODS } from '#lib/config/values.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { check } from '../../checks/check.ts';
import { redirectUriForm } from '../../checks/redirect-uri-form.ts';
import { redirectUriPolicy } from '../../checks/redirect-uri-policy.ts';
import type { Context, Tenant } from '../../context.ts';
import { isOAuthError, OAuthError } from '../../errors.ts';
import { grants, offeredGrants } from '../../grants/index.ts';
import { isSigningAlgorithm } from '../../algorithms.ts';
import { parseScope } from '../../scope.ts';
import { idTokenAlgorithms } from '../../tokens/id-token.ts';
import { validatedKeys } from './keys.ts';
import { displayName, flag, list, type Members, text, unmet, webAddress } from './members.ts';

export interface ValidRegistration {
  readonly metadata: ClientRecord['metadata'];
  /** Which methods it may authenticate with: both secret ones where none was asked for. */
  readonly authMethods: readonly string[];
}

/**
 * @param body the parsed JSON body
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`
 */
export function validateRegistration(ctx: Context, body: unknown): ValidRegistration {
  const { tenant, trace } = ctx;
  const says = 'The grants, the method and the scope can be met';
  try {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw unmet('The body', 'must be a JSON object');
    const members = body as Members;
    const applicationType = text(members, 'application_type');
    if (applicationType !== undefined && applicationType !== 'web' && applicationType !== 'native')
      throw unmet('application_type', 'must be web or native', applicationType);
    const redirectUris = uris(members, 'redirect_uris');
    check(trace, redirectUriForm, redirectUris);
    check(trace, redirectUriPolicy, {
      policy: tenant.config['registration.redirectPolicy'],
      uris: redirectUris,
      applicationType: applicationType ?? 'web',
    });
    const grantTypes = grantTypesOf(tenant, members);
    if (grantTypes.includes('authorization_code') && redirectUris.length === 0) {
      throw new OAuthError('invalid_redirect_uri', {
        reason: 'redirect-uris-missing',
        description: 'redirect_uris must name at least one address for the authorization_code grant.',
        evidence: { expected: 'at least one redirect URI', got: [] },
      });
    }
    const { method, authMethods } = methodOf(tenant, members);
    const keys = validatedKeys(tenant, members, method);
    const scope = scopeOf(tenant, members);
    const metadata = {
      redirect_uris: redirectUris,
      token_endpoint_auth_method: method,
      grant_types: grantTypes,
      response_types: responseTypesOf(members, grantTypes),
      ...optional({
        client_name: nameOf(members),
        application_type: applicationType,
        scope,
        ...keys,
        client_uri: webAddress(members, 'client_uri'),
        logo_uri: webAddress(members, 'logo_uri'),
        tos_uri: webAddress(members, 'tos_uri'),
        policy_uri: webAddress(members, 'policy_uri'),
        contacts: list(members, 'contacts', 20),
        software_id: text(members, 'software_id', 300),
        software_version: text(members, 'software_version', 300),
        ...openIdMembers(tenant, members),
        post_logout_redirect_uris: logoutUris(ctx, members),
        dpop_bound_access_tokens: flag(members, 'dpop_bound_access_tokens'),
        require_pushed_authorization_requests: flag(members, 'require_pushed_authorization_requests'),
        token_endpoint_auth_signing_alg: signingAlgorithm(members, method),
      }),
    };
    trace.check({
      check: 'client-metadata',
      says,
      ok: true,
      clause: 'rfc7591-2',
      evidence: { grant_types: grantTypes, token_endpoint_auth_method: method },
    });
    return { metadata, authMethods };
  } catch (error) {
    if (isOAuthError(error) && error.reason === 'client-metadata-invalid')
      trace.check({
        check: 'client-metadata',
        says,
        ok: false,
        clause: 'rfc7591-3.2.2',
        ...(error.evidence ? { evidence: error.evidence } : {}),
      });
    throw error;
  }
}

function optional(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function uris(members: Members, name: string): readonly string[] {
  try {
    return list(members, name, 20) ?? [];
  } catch (error) {
    // RFC 7591 has a code of its own for everything that is wrong with redirect URIs.
    if (!isOAuthError(error)) throw error;
    throw new OAuthError('invalid_redirect_uri', {
      reason: 'redirect-uri-fragment',
      description: error.description,
      ...(error.evidence ? { evidence: error.evidence } : {}),
    });
  }
}

function nameOf(members: Members): string | undefined {
  const name = text(members, 'client_name', 5000);
  return name === undefined ? undefined : displayName(name);
}

/** Grants that exist but are switched off are left out, and the answer says so; others are refused. */
function grantTypesOf(tenant: Tenant, members: Members): readonly string[] {
  const asked = list(members, 'grant_types') ?? ['authorization_code'];
  const offered = new Set(offeredGrants(tenant).map((grant) => grant.grantType));
  const known = new Set(grants.filter((grant) => grant.knob !== 'password').map((grant) => grant.grantType));
  const unknown = asked.find((grant) => !known.has(grant) && !offered.has(grant));
  if (unknown !== undefined)
    throw unmet('grant_types', `names ${unknown.slice(0, 100)}, which this server does not offer`, asked);
  const met = asked.filter((grant) => offered.has(grant));
  if (met.length === 0) throw unmet('grant_types', 'names no grant that this server offers', asked);
  return met;
}

function responseTypesOf(members: Members, grantTypes: readonly string[]): readonly string[] {
  const codes = grantTypes.includes('authorization_code');
  const asked = list(members, 'response_types');
  if (asked === undefined) return codes ? ['code'] : [];
  const other = asked.find((type) => type !== 'code');
  if (other !== undefined) throw unmet('response_types', `names ${other.slice(0, 100)}; the only one is code`, asked);
  if (asked.includes('code') !== codes)
    throw unmet('response_types', 'must hold code where grant_types holds authorization_code, and only there', {
      response_types: asked,
      grant_types: grantTypes,
    });
  return asked;
}

/**
 * The method that the client ends up with, and those that it may use. The knob `registration.authMethod`
 * overrides what was asked for; a method that is switched off is replaced by the first that is not.
 */
function methodOf(tenant: Tenant, members: Members): { method: string; authMethods: readonly string[] } {
  const asked = text(members, 'token_endpoint_auth_method');
  if (asked !== undefined && !(AUTH_METHODS as readonly string[]).includes(asked))
    throw unmet('token_endpoint_auth_method', `is ${asked.slice(0, 100)}; there are ${AUTH_METHODS.join(', ')}`, asked);
  const offered: readonly string[] = tenant.config['clientAuth.methods'];
  const rule = tenant.config['registration.authMethod'];
  if (rule !== 'requested') return { method: rule, authMethods: [rule] };
  if (asked !== undefined) {
    const method = offered.includes(asked) ? asked : offered[0]!;
    return { method, authMethods: [method] };
  }
  const method = offered.includes('client_secret_basic') ? 'client_secret_basic' : offered[0]!;
  const secrets = ['client_secret_basic', 'client_secret_post'].filter((one) => offered.includes(one));
  return { method, authMethods: method === 'client_secret_basic' ? secrets : [method] };
}

function scopeOf(tenant: Tenant, members: Members): string | undefined {
  const asked = text(members, 'scope');
  if (asked === undefined) return undefined;
  const scopes = parseScope(asked);
  if (scopes === null) throw unmet('scope', 'must be scope tokens separated by single spaces', asked);
  const unknown = scopes.find((scope) => !tenant.config['scopes.known'].includes(scope));
  if (unknown !== undefined)
    throw unmet('scope', `names ${unknown.slice(0, 60)}, which this server does not know`, asked);
  return scopes.join(' ');
}

function openIdMembers(tenant: Tenant, members: Members): Record<string, unknown> {
  const algorithm = text(members, 'id_token_signed_response_alg');
  if (algorithm !== undefined && !idTokenAlgorithms(tenant).includes(algorithm))
    throw unmet('id_token_signed_response_alg', `must be one of ${idTokenAlgorithms(tenant).join(', ')}`, algorithm);
  const subject = text(members, 'subject_type');
  if (subject !== undefined && subject !== 'public') throw unmet('subject_type', 'must be public', subject);
  const maxAge = members.default_max_age;
  if (maxAge !== undefined && maxAge !== null && !(Number.isSafeInteger(maxAge) && (maxAge as number) >= 0))
    throw unmet('default_max_age', 'must be a number of seconds', maxAge);
  return {
    id_token_signed_response_alg: algorithm,
    subject_type: subject,
    default_max_age: maxAge ?? undefined,
    require_auth_time: flag(members, 'require_auth_time'),
  };
}

/** Where the browser may go after signing out: under the same rules as where codes go. */
function logoutUris(ctx: Context, members: Members): readonly string[] | undefined {
  const asked = list(members, 'post_logout_redirect_uris', 20);
  if (asked === undefined) return undefined;
  check(ctx.trace, redirectUriForm, asked);
  check(ctx.trace, redirectUriPolicy, { policy: 'safe', uris: asked, applicationType: 'native' });
  return asked;
}

function signingAlgorithm(members: Members, method: string): string | undefined {
  const asked = text(members, 'token_endpoint_auth_signing_alg');
  if (asked === undefined || method !== 'private_key_jwt') return undefined;
  if (!isSigningAlgorithm(asked))
    throw unmet('token_endpoint_auth_signing_alg', 'must be an asymmetric algorithm', asked);
  return asked;
}
