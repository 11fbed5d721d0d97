/**
 * Client metadata of a registration, validated, with its defaults filled in.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
import { AUTH_METHODS } from '#lib/config/values.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { isSigningAlgorithm } from '../../algorithms.ts';
import { check, note } from '../../checks/check.ts';
import { clientMetadata } from '../../checks/client-metadata.ts';
import { redirectUriForm, RESPONSE_PARAMETERS } from '../../checks/redirect-uri-form.ts';
import { redirectUriPolicy } from '../../checks/redirect-uri-policy.ts';
import { redirectUrisPresent } from '../../checks/redirect-uris-present.ts';
import type { Context, Tenant } from '../../context.ts';
import { grants, offeredGrants } from '../../grants/index.ts';
import { parseScope } from '../../scope.ts';
import { idTokenAlgorithms } from '../../tokens/id-token.ts';
import { validatedKeys } from './keys.ts';
import { displayName, Members } from './members.ts';

export interface ValidRegistration {
  readonly metadata: ClientRecord['metadata'];
  /** Which methods it may authenticate with: both secret ones if it asked for none. */
  readonly authMethods: readonly string[];
}

/** What a registration asked for and does not get, by member. */
type LeftOut = Record<string, readonly string[]>;

/**
 * Validates a registration. What it names and this server does not offer is left out, and the answer says what was
 * registered instead; nothing is registered if nothing is left (knob `registration.unoffered`).
 * @param body the parsed JSON body
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3.2.1
 */
export function validateRegistration(ctx: Context, body: unknown): ValidRegistration {
  const { tenant, trace } = ctx;
  const members = new Members(body);
  const leftOut: LeftOut = {};
  const applicationType = members.oneOf('application_type', ['web', 'native']);
  const redirectUris = checkedUris(ctx, members, 'redirect_uris', {
    added: RESPONSE_PARAMETERS,
    policy: tenant.config['registration.redirectPolicy'],
    applicationType: applicationType ?? 'web',
  });
  const grantTypes = grantTypesOf(tenant, members, leftOut);
  const { method, authMethods } = methodOf(tenant, members);
  const metadata = {
    redirect_uris: redirectUris,
    token_endpoint_auth_method: method,
    grant_types: grantTypes,
    response_types: responseTypesOf(tenant, members, grantTypes, leftOut),
    ...present({
      client_name: nameOf(members),
      application_type: applicationType,
      scope: scopeOf(tenant, members, leftOut),
      ...validatedKeys(tenant, members, method),
      client_uri: members.webAddress('client_uri'),
      logo_uri: members.webAddress('logo_uri'),
      tos_uri: members.webAddress('tos_uri'),
      policy_uri: members.webAddress('policy_uri'),
      contacts: members.list('contacts', 20),
      software_id: members.text('software_id', 300),
      software_version: members.text('software_version', 300),
      ...openIdMembers(tenant, members),
      post_logout_redirect_uris:
        members.raw('post_logout_redirect_uris') === undefined
          ? undefined
          : checkedUris(ctx, members, 'post_logout_redirect_uris', {
              added: ['state'],
              policy: 'safe',
              applicationType: 'native',
            }),
      dpop_bound_access_tokens: members.flag('dpop_bound_access_tokens'),
      require_pushed_authorization_requests: members.flag('require_pushed_authorization_requests'),
      token_endpoint_auth_signing_alg: signingAlgorithm(members, method),
    }),
  };
  check(trace, clientMetadata, {
    problems: members.problems,
    accepted: {
      grant_types: grantTypes,
      token_endpoint_auth_method: method,
      ...(Object.keys(leftOut).length > 0 ? { left_out: leftOut } : {}),
    },
  });
  check(trace, redirectUrisPresent, { grantTypes, uris: redirectUris });
  if (Object.keys(leftOut).length > 0)
    note(
      trace,
      'registration-unoffered',
      'Left out what this server does not offer; the answer says what was registered',
      'rfc7591-3.2.1',
      { left_out: leftOut },
    );
  return { metadata, authMethods };
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** URIs that a browser is sent to. RFC 7591 has an error code of its own for everything that is wrong with them. */
function checkedUris(
  { tenant, trace }: Context,
  members: Members,
  name: 'redirect_uris' | 'post_logout_redirect_uris',
  rules: {
    added: readonly string[];
    policy: Parameters<typeof redirectUriPolicy.test>[0]['policy'];
    applicationType: string;
  },
): readonly string[] {
  const before = members.problems.length;
  const uris = members.list(name, 20) ?? [];
  const problem = members.problems[before];
  const listProblem = problem && `${problem.member} ${problem.problem}.`;
  check(trace, redirectUriForm, { uris, added: rules.added, listProblem });
  const { policy, applicationType } = rules;
  check(trace, redirectUriPolicy, { policy, uris, applicationType, allowedHosts: tenant.allowedHosts });
  return uris;
}

function nameOf(members: Members): string | undefined {
  const name = members.text('client_name', 5000);
  return name === undefined ? undefined : displayName(name);
}

/**
 * What is offered of what was asked for.
 * @param known what exists, though it may be switched off in this sandbox: that is left out at either setting of the
 * knob
 */
function offeredOf(
  { config }: Tenant,
  members: Members,
  name: string,
  asked: readonly string[],
  options: { offered: ReadonlySet<string>; known: ReadonlySet<string>; leftOut: LeftOut },
): readonly string[] {
  const { offered, known, leftOut } = options;
  const strange = asked.filter((one) => !offered.has(one) && !known.has(one));
  if (strange.length > 0 && config['registration.unoffered'] === 'refuse') {
    members.cannot(
      name,
      `names ${strange[0]!.slice(0, 100)}, which this server does not offer; the knob ` +
        'registration.unoffered can leave it out',
      asked,
    );
  }
  const met = asked.filter((one) => offered.has(one));
  if (met.length < asked.length)
    leftOut[name] = asked.filter((one) => !offered.has(one)).map((one) => one.slice(0, 100));
  if (met.length === 0 && asked.length > 0)
    members.cannot(name, `names nothing that this server offers: there is ${[...offered].join(', ')}`, asked);
  return met;
}

/** Left out, `authorization_code` and `refresh_token` are registered. */
function grantTypesOf(tenant: Tenant, members: Members, leftOut: LeftOut): readonly string[] {
  const offered = new Set(offeredGrants(tenant).map((grant) => grant.grantType));
  const asked = members.list('grant_types');
  if (asked === undefined) {
    const usual = ['authorization_code', 'refresh_token'].filter((grant) => offered.has(grant));
    if (usual.length === 0)
      members.cannot(
        'grant_types',
        offered.size === 0
          ? 'cannot be met: this server offers no grant'
          : `must name one of ${[...offered].join(', ')}`,
      );
    return usual;
  }
  const known = new Set(grants.filter((grant) => grant.knob !== 'password').map((grant) => grant.grantType));
  if (asked.length === 0) members.cannot('grant_types', 'names no grant', asked);
  return offeredOf(tenant, members, 'grant_types', asked, { offered, known, leftOut });
}

function responseTypesOf(
  tenant: Tenant,
  members: Members,
  grantTypes: readonly string[],
  leftOut: LeftOut,
): readonly string[] {
  const codes = grantTypes.includes('authorization_code');
  const asked = members.list('response_types');
  if (asked === undefined) return codes ? ['code'] : [];
  const offered = new Set(['code']);
  const met = offeredOf(tenant, members, 'response_types', asked, { offered, known: new Set(), leftOut });
  if (met.includes('code') !== codes)
    members.cannot('response_types', 'must hold code where grant_types holds authorization_code, and only there', {
      response_types: asked,
      grant_types: grantTypes,
    });
  return met;
}

/**
 * The method that the client ends up with, and those that it may use. The knob `registration.authMethod` overrides what
 * was asked for; a method that is switched off is replaced by the first that is not.
 */
function methodOf(tenant: Tenant, members: Members): { method: string; authMethods: readonly string[] } {
  const asked = members.oneOf('token_endpoint_auth_method', AUTH_METHODS);
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

function scopeOf(tenant: Tenant, members: Members, leftOut: LeftOut): string | undefined {
  const asked = members.text('scope');
  if (asked === undefined) return undefined;
  const scopes = parseScope(asked);
  if (scopes === null) return members.cannot('scope', 'must be scope tokens separated by single spaces', asked);
  const offered = new Set(tenant.config['scopes.known']);
  const met = offeredOf(tenant, members, 'scope', scopes, { offered, known: new Set(), leftOut });
  return met.length === 0 ? undefined : met.join(' ');
}

function openIdMembers(tenant: Tenant, members: Members): Record<string, unknown> {
  const maxAge = members.raw('default_max_age');
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && (maxAge as number) >= 0))
    members.cannot('default_max_age', 'must be a number of seconds', maxAge);
  return {
    id_token_signed_response_alg: members.oneOf('id_token_signed_response_alg', idTokenAlgorithms(tenant)),
    subject_type: members.oneOf('subject_type', ['public']),
    default_max_age: maxAge,
    require_auth_time: members.flag('require_auth_time'),
  };
}

function signingAlgorithm(members: Members, method: string): string | undefined {
  const asked = members.text('token_endpoint_auth_signing_alg');
  // "The value none MUST NOT be used" (OpenID Connect Registration §2), whatever the method is.
  if (asked === undefined || (method !== 'private_key_jwt' && asked !== 'none')) return undefined;
  if (isSigningAlgorithm(asked)) return asked;
  return members.cannot('token_endpoint_auth_signing_alg', 'must be an asymmetric algorithm', asked);
}
