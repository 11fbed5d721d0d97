/**
 * The authorization request: what a client may send to the authorization endpoint, read and checked
 * in the order that the guide promises. Pushed requests go through the same checks.
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { authorizeParameters } from '../checks/authorize-parameters.ts';
import { check } from '../checks/check.ts';
import { authorizeParameterOnce } from '../checks/authorize-parameter-once.ts';
import { challengeMethod } from '../checks/challenge-method.ts';
import { codeChallenge } from '../checks/code-challenge.ts';
import { prompt as promptCheck, type Prompt } from '../checks/prompt.ts';
import { pushRequired } from '../checks/push-required.ts';
import { isLoopbackRedirect, redirectUri as redirectUriCheck } from '../checks/redirect-uri.ts';
import { redirectUriAnswer } from '../checks/redirect-uri-answer.ts';
import { RESPONSE_PARAMETERS } from '../checks/redirect-uri-form.ts';
import { redirectUriSafe } from '../checks/redirect-uri-safe.ts';
import { requestObject } from '../checks/request-object.ts';
import { type ResponseMode, responseMode, responseModeOf } from '../checks/response-mode.ts';
import { responseType } from '../checks/response-type.ts';
import { isUnregistered } from '../clients/find.ts';
import type { Context } from '../context.ts';
import type { AuthorizationParameter } from '../endpoints/parameters.ts';
import { parametersOf } from '../parameters.ts';
import { requestedAudiences, requestedResources, requestedScopes } from '../requested.ts';

/** A request that passed all checks. Plain data: it is stored with an interaction. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string;
  readonly responseMode: ResponseMode;
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

/**
 * The redirect URI that the answer goes to. Until it is found nothing is sent anywhere.
 * @param mode `response_mode` of the request, as it was sent
 * @throws OAuthError delivered as a page, if it is missing, not registered, or not one to redirect to
 */
export function readRedirectUri(
  ctx: Context,
  client: ClientRecord,
  got: string | undefined,
  mode: string | undefined,
): string {
  const { config, allowedHosts } = ctx.tenant;
  const listed = client.metadata.redirect_uris;
  // A client that the owner of the sandbox made without redirect URIs may use any on the user's own machine.
  const anyLoopback =
    client.source === 'preregistered' &&
    listed.length === 0 &&
    got !== undefined &&
    isLoopbackRedirect(got, allowedHosts);
  const registered = anyLoopback ? [got] : listed;
  const match = config['authorize.redirectMatch'];
  const port = config['authorize.redirectPort'];
  // Nobody has registered what these name: they are taken by the word of the request.
  const assumed =
    anyLoopback ||
    (got !== undefined &&
      (isUnregistered(client) || (client.source === 'document' && config['cimd.fetch'] === 'assume')));
  check(ctx.trace, redirectUriCheck, { registered, got, assumed, match, port, allowedHosts });
  const uri = got ?? registered[0]!;
  check(ctx.trace, redirectUriSafe, uri);
  check(ctx.trace, redirectUriAnswer, { uri, added: responseModeOf(mode) === 'query' ? RESPONSE_PARAMETERS : [] });
  if (match === 'prefix' && !registered.includes(uri))
    ctx.trace.set({ acted: { kind: 'knob', name: 'authorize.redirectMatch' } });
  return uri;
}

/**
 * Reads and checks all but client and redirect URI.
 * @param form every parameter as it came, the repeated ones included
 * @param pushed whether the request was pushed, or is being pushed now
 * @throws OAuthError to be redirected, or answered in JSON if it is being pushed
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
  const parameters = parametersOf<AuthorizationParameter>(form);
  check(trace, pushRequired, {
    required: config['par.required'] || client.metadata.require_pushed_authorization_requests === true,
    pushed,
  });
  check(trace, requestObject, {
    request: parameters.get('request'),
    requestUri: parameters.get('request_uri'),
    registration: parameters.get('registration'),
  });
  check(trace, responseType, {
    got: parameters.get('response_type'),
    assumed: config['authorize.responseType'] === 'assumed',
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
  const scope = requestedScopes(ctx, client, parameters.get('scope'), 'authorization');
  const resource = requestedResources(ctx, parameters.all('resource'), 'resource-unknown');
  const audience = requestedAudiences(ctx, parameters.all('audience'), 'resource-unknown');
  const prompt = (parameters.get('prompt') ?? '').split(' ').filter((word) => word !== '') as Prompt[];
  check(trace, promptCheck, prompt);
  const { get } = parameters;
  const maxAge = get('max_age') ?? registeredMaxAge(client);
  check(trace, authorizeParameters, {
    state: get('state'),
    nonce: get('nonce'),
    id_token_hint: get('id_token_hint'),
    acr_values: get('acr_values'),
    max_age: maxAge,
    expires_in: get('expires_in'),
    dpop_jkt: get('dpop_jkt'),
  });
  const itself = (value: string) => value;
  return {
    clientId: client.clientId,
    redirectUri,
    responseMode: responseModeOf(get('response_mode')),
    scope,
    resource,
    audience,
    prompt,
    codeChallenge: pkce.challenge ?? null,
    codeChallengeMethod: pkce.challenge === undefined ? null : (pkce.method ?? 'plain'),
    ...given('state', get('state'), itself),
    ...given('nonce', get('nonce'), itself),
    ...given('maxAge', maxAge, Number),
    ...given('loginHint', get('login_hint'), (value) => value.slice(0, 254)),
    ...given('idTokenHint', get('id_token_hint'), itself),
    ...given('acrValues', get('acr_values'), (value) => value.split(' ').filter((word) => word !== '')),
    ...given('dpopJkt', get('dpop_jkt'), itself),
    ...given('expiresIn', get('expires_in'), Number),
  };
}

/** `default_max_age` of the registration, which a request may set aside. */
function registeredMaxAge(client: ClientRecord): string | undefined {
  const { default_max_age: age } = client.metadata;
  return typeof age === 'number' ? String(age) : undefined;
}

/** `{ [name]: read(value) }`, or nothing if the parameter is absent. */
function given<Name extends string, T>(
  name: Name,
  value: string | undefined,
  read: (value: string) => T,
): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: read(value) } as { [key in Name]: T });
}
