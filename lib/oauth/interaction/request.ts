/**
 * The authorization request: what a client may send to the authorization endpoint, read and checked
 * in the order that the guide promises. Pushed requests go through the same checks.
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { authorizeParameterOnce } from '../checks/authorize-parameter-once.ts';
import { challengeMethod } from '../checks/challenge-method.ts';
import { codeChallenge } from '../checks/code-challenge.ts';
import { prompt as promptCheck, type Prompt } from '../checks/prompt.ts';
import { pushRequired } from '../checks/push-required.ts';
import { isLoopbackRedirect, redirectUri as redirectUriCheck } from '../checks/redirect-uri.ts';
import { redirectUriSafe } from '../checks/redirect-uri-safe.ts';
import { requestObject } from '../checks/request-object.ts';
import { responseMode } from '../checks/response-mode.ts';
import { responseType } from '../checks/response-type.ts';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { type Parameters, parametersOf } from '../parameters.ts';
import { requestedAudiences, requestedResources } from '../resource.ts';
import { requestedScopes } from '../scope.ts';

/** A request that passed all checks. Plain data: it is stored with an interaction. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string;
  /** What may at most be granted. */
  readonly scope: readonly string[];
  readonly resource: readonly string[];
  readonly audience: readonly string[];
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: string | null;
  readonly nonce?: string;
  readonly prompt: readonly Prompt[];
  /** Seconds since the user last proved who they are, at most. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  readonly idTokenHint?: string;
  readonly acrValues?: readonly string[];
  readonly dpopJkt?: string;
  /** Seconds that access tokens are to live. */
  readonly expiresIn?: number;
}

const MAX_EXPIRES_IN = 31_536_000;
const MAX_STATE = 8192;

/**
 * The redirect URI that the answer goes to. Until it is found nothing is sent anywhere.
 * @throws OAuthError delivered as a page, where it is missing, not registered, or not one to redirect to
 */
export function readRedirectUri(ctx: Context, client: ClientRecord, got: string | undefined): string {
  const { config } = ctx.tenant;
  const listed = client.metadata.redirect_uris;
  // A client that the owner of the sandbox made without redirect URIs may use any on the user's own machine.
  const anyLoopback =
    client.source === 'preregistered' && listed.length === 0 && got !== undefined && isLoopbackRedirect(got);
  const registered = anyLoopback ? [got] : listed;
  const match = config['authorize.redirectMatch'];
  const port = config['authorize.redirectPort'];
  check(ctx.trace, redirectUriCheck, { registered, got, match, port });
  const uri = got ?? registered[0]!;
  check(ctx.trace, redirectUriSafe, uri);
  if (match === 'prefix' && !registered.includes(uri))
    ctx.trace.set({ acted: { kind: 'knob', name: 'authorize.redirectMatch' } });
  return uri;
}

/**
 * Reads and checks all but client and redirect URI.
 * @param form every parameter as it came, the repeated ones included
 * @param pushed whether the request was pushed, or is being pushed now
 * @throws OAuthError to be redirected, or answered in JSON where it is being pushed
 */
export function readAuthorizationRequest(
  ctx: Context,
  client: ClientRecord,
  redirectUri: string,
  form: URLSearchParams,
  pushed: boolean,
): AuthorizationRequest {
  const {
    tenant: { config },
    trace,
  } = ctx;
  check(trace, authorizeParameterOnce, form);
  const parameters = parametersOf(form);
  check(trace, pushRequired, {
    required: config['par.required'] || client.metadata.require_pushed_authorization_requests === true,
    pushed,
  });
  check(trace, requestObject, parameters.get('request'));
  check(trace, responseType, {
    got: parameters.get('response_type'),
    offered: config.grants.includes('authorization_code'),
    grantTypes: client.metadata.grant_types,
    responseTypes: client.metadata.response_types,
  });
  check(trace, responseMode, parameters.get('response_mode'));
  const pkce = {
    challenge: parameters.get('code_challenge'),
    method: parameters.get('code_challenge_method'),
    rule: config['authorize.pkce'],
  };
  check(trace, codeChallenge, pkce);
  check(trace, challengeMethod, pkce);
  const scope = readScope(ctx, client, parameters);
  const { resource, audience } = readTargets(ctx, parameters);
  const prompt = (parameters.get('prompt') ?? '').split(' ').filter((word) => word !== '') as Prompt[];
  check(trace, promptCheck, prompt);
  return {
    clientId: client.clientId,
    redirectUri,
    scope,
    resource,
    audience,
    prompt,
    codeChallenge: pkce.challenge ?? null,
    codeChallengeMethod: pkce.challenge === undefined ? null : (pkce.method ?? 'plain'),
    ...given('state', parameters.get('state'), (value) => short('state', value, MAX_STATE)),
    ...given('nonce', parameters.get('nonce'), (value) => short('nonce', value, 1024)),
    ...given('maxAge', parameters.get('max_age') ?? registeredMaxAge(client), (value) =>
      wholeNumber('max_age', value, 0, Number.MAX_SAFE_INTEGER),
    ),
    ...given('loginHint', parameters.get('login_hint'), (value) => value.slice(0, 254)),
    ...given('idTokenHint', parameters.get('id_token_hint'), (value) => short('id_token_hint', value, 8192)),
    ...given('acrValues', parameters.get('acr_values'), (value) =>
      short('acr_values', value, 1024)
        .split(' ')
        .filter((word) => word !== ''),
    ),
    ...given('dpopJkt', parameters.get('dpop_jkt'), thumbprint),
    ...given('expiresIn', parameters.get('expires_in'), (value) => wholeNumber('expires_in', value, 1, MAX_EXPIRES_IN)),
  };
}

/** `default_max_age` of the registration, which a request may set aside. */
function registeredMaxAge(client: ClientRecord): string | undefined {
  const { default_max_age: age } = client.metadata;
  return typeof age === 'number' ? String(age) : undefined;
}

function readScope(ctx: Context, client: ClientRecord, parameters: Parameters): readonly string[] {
  const asked = parameters.get('scope');
  const scope = noting(ctx, 'scope-known', 'The scopes are known, and registered', () =>
    requestedScopes(ctx.tenant.config, client, asked, 'scope-unknown'),
  );
  note(ctx.trace, 'scope-known', 'The scopes are known, and registered', 'rfc6749-3.3', { got: asked ?? null, scope });
  return scope;
}

function readTargets(
  ctx: Context,
  parameters: Parameters,
): { resource: readonly string[]; audience: readonly string[] } {
  const says = 'This server issues tokens for the resource';
  const { tenant } = ctx;
  const asked = parameters.all('resource');
  const resource = noting(ctx, 'resource-known', says, () => requestedResources(tenant, asked, 'resource-unknown'));
  const audience = noting(ctx, 'resource-known', says, () =>
    requestedAudiences(tenant, parameters.all('audience'), 'resource-unknown'),
  );
  note(ctx.trace, 'resource-known', says, 'rfc8707-2', { got: asked, resource, audience });
  const rule = tenant.config.resourceParameter;
  if (rule !== 'honour') ctx.trace.set({ acted: { kind: 'knob', name: 'resourceParameter' } });
  return { resource, audience };
}

/** Runs what other endpoints share, and notes in the trace where it refuses. */
function noting<T>(ctx: Context, check: string, says: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const evidence = (error as OAuthError).evidence;
    ctx.trace.check({ check, says, ok: false, ...(evidence ? { evidence } : {}) });
    throw error;
  }
}

/** `{ [name]: read(value) }`, or nothing where the parameter is absent. */
function given<Name extends string, T>(
  name: Name,
  value: string | undefined,
  read: (value: string) => T,
): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: read(value) } as { [key in Name]: T });
}

function invalid(parameter: string, expected: string, got: string): OAuthError {
  return new OAuthError('invalid_request', {
    reason: 'authorize-parameter-invalid',
    description: `The ${parameter} must be ${expected}.`,
    evidence: { parameter, expected, got: got.slice(0, 100) },
  });
}

function short(name: string, value: string, length: number): string {
  if (value.length > length) throw invalid(name, `${length} characters at most`, value);
  return value;
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw invalid(
      name,
      most === Number.MAX_SAFE_INTEGER
        ? `a whole number of seconds, ${least} or more`
        : `a whole number of seconds from ${least} to ${most}`,
      value,
    );
  return number;
}

/** `dpop_jkt`: a SHA-256 thumbprint (RFC 9449 §10). */
function thumbprint(value: string): string {
  if (!/^[A-Za-z0-9_-]{43}$/.test(value)) throw invalid('dpop_jkt', 'a base64url SHA-256 thumbprint', value);
  return value;
}
