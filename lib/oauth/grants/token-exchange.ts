import { actorTypeAlone } from '../checks/actor-type-alone.ts';
import { check, note } from '../checks/check.ts';
import { exchangeSubject } from '../checks/exchange-subject.ts';
import { exchangeTarget } from '../checks/exchange-target.ts';
import { scopeRegistered } from '../checks/scope-registered.ts';
import { scopeWithin } from '../checks/scope-within.ts';
import { tokenTypeKnown } from '../checks/token-type-known.ts';
import { holdToKey } from '../keys/dpop-hold.ts';
import { OAuthError, isOAuthError } from '../errors.ts';
import { issuerLabel } from '../issuers.ts';
import { required } from '../parameters.ts';
import { requestedAudiences, requestedResources } from '../requested.ts';
import { defaultResources, isOwnResource } from '../resource.ts';
import { missingScopes, parseScope, registeredScopes } from '../scope.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { TOKEN_TYPE } from '../tokens/token-types.ts';
import { readAccessToken, type VerifiedToken } from '../tokens/verify.ts';
import { defineGrant, type Grant, type TokenRequest } from './grant.ts';
import { exchangeForIdJag } from './id-jag.ts';

/**
 * A token, for another one: for another resource, on somebody's behalf. At the sandbox's identity
 * provider also an ID token, for an assertion that another authorization server takes.
 * @see https://datatracker.ietf.org/doc/html/rfc8693
 */
export const tokenExchange: Grant = defineGrant({
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  knob: 'token-exchange',
  confidential: true,
  parameters: [
    { name: 'subject_token', required: true, says: 'The party that the new token acts for.', clause: 'rfc8693-2.1' },
    { name: 'subject_token_type', required: true, says: 'What it is; a server does not guess.', clause: 'rfc8693-2.1' },
    {
      name: 'actor_token',
      says: 'Who is to act; without it the new token says nothing of that.',
      clause: 'rfc8693-2.1',
    },
    { name: 'actor_token_type', says: 'What the actor token is.', clause: 'rfc8693-2.1' },
    {
      name: 'requested_token_type',
      says: 'What is wanted; an access token unless said otherwise.',
      clause: 'rfc8693-2.1',
    },
    { name: 'resource', says: 'The resource that the token is for; repeatable.', clause: 'rfc8707-2.2' },
    { name: 'audience', says: 'A further audience: a URI or a name; repeatable.', clause: 'rfc8693-2.1' },
    { name: 'scope', says: 'Within that of the subject token.', clause: 'rfc8693-2.1' },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const idp = issuerLabel(tenant) === 'idp';
    const wanted = form.get('requested_token_type') ?? TOKEN_TYPE.accessToken;
    check(trace, tokenTypeKnown, {
      member: 'requested_token_type',
      type: wanted,
      known: idp
        ? [TOKEN_TYPE.accessToken, TOKEN_TYPE.jwt, TOKEN_TYPE.idJag]
        : [TOKEN_TYPE.accessToken, TOKEN_TYPE.jwt],
    });
    const subjectToken = required(trace, form, 'subject_token');
    if (wanted === TOKEN_TYPE.idJag) return exchangeForIdJag(request, subjectToken);
    const subject = await readParty(request, 'subject_token', subjectToken);
    // Else a thief with a client of their own would trade the binding away, for a token that needs no key.
    holdToKey(trace, subject.record.jkt, jkt);
    const actorToken = form.get('actor_token');
    check(trace, actorTypeAlone, { actorToken, type: form.get('actor_token_type') });
    const actor = actorToken === undefined ? null : await readParty(request, 'actor_token', actorToken);
    if (actor !== null) holdToKey(trace, actor.record.jkt, jkt);

    const policy = tenant.config['exchange.policy'];
    if (policy !== 'strict') trace.set({ acted: { kind: 'knob', name: 'exchange.policy' } });
    check(trace, exchangeSubject, {
      policy,
      clientId: client.clientId,
      issuedTo: subject.clientId,
      audience: subject.audience,
    });
    const target = [
      ...requestedResources(ctx, form.all('resource'), 'target-not-allowed'),
      ...requestedAudiences(ctx, form.all('audience'), 'target-not-allowed', { logicalNames: true }),
    ];
    const usual = policy === 'strict' ? subject.audience : defaultResources(tenant);
    const audience = target.length > 0 ? [...new Set(target)] : usual;
    const isOwn = (one: string) => isOwnResource(tenant, one);
    check(trace, exchangeTarget, { policy, wanted: audience, audience: subject.audience, isOwn });
    const scope = scopeOf(request, subject);

    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: subject.sub ?? subject.clientId,
      grantId: subject.record.grantId,
      scope,
      audience,
      jkt,
      lifetime: remaining(subject, tenant.config['tokens.accessLifetime'], tenant.now()),
      details: actingClaims(subject, actor),
    });
    await tenant.store.saveTokens({ access: access.record });
    note(
      trace,
      'issue',
      actor
        ? 'Made a token with `sub` from one and `act` from the other'
        : 'Made a token with the `sub` of the subject; nobody acts',
      'rfc8693-4.1',
      { aud: access.record.audience, scope },
    );
    return {
      access_token: await access.sign(),
      issued_token_type: TOKEN_TYPE.accessToken,
      token_type: jkt === null ? 'Bearer' : 'DPoP',
      ...(access.expiresIn === null ? {} : { expires_in: access.expiresIn }),
      ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
    };
  },
});

/** Within that of the subject token, and within the registration: what another client was granted is not this one's. */
function scopeOf({ ctx, form, client }: TokenRequest<'scope'>, subject: VerifiedToken): readonly string[] {
  const asked = form.get('scope');
  const registered = registeredScopes(client);
  const scope =
    asked === undefined
      ? subject.scope.filter((one) => registered === null || missingScopes(registered, [one]).length === 0)
      : (parseScope(asked) ?? [asked]);
  check(ctx.trace, scopeWithin, { granted: subject.scope, requested: scope });
  check(ctx.trace, scopeRegistered, { scope, registered, ceiling: true, reason: 'scope-not-registered' });
  return scope;
}

type Party = 'subject_token' | 'actor_token';

/** An access token that is brought to the exchange. @throws OAuthError `invalid_request` if it is not alive */
async function readParty(
  { ctx, form }: TokenRequest<`${Party}_type`>,
  member: Party,
  value: string,
): Promise<VerifiedToken> {
  const type = form.get(`${member}_type`);
  check(ctx.trace, tokenTypeKnown, { member: `${member}_type`, type, known: [TOKEN_TYPE.accessToken, TOKEN_TYPE.jwt] });
  try {
    return await readAccessToken(ctx.tenant, ctx.trace, value);
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    // Of all places here the specification has invalid_request, and not invalid_grant (RFC 8693 §2.2.2).
    throw new OAuthError('invalid_request', {
      reason: 'subject-token-invalid',
      description: `The ${member} is not valid: ${error.description}`,
      evidence: { member, found: error.reason },
    });
  }
}

/** Seconds: what is derived from a token does not outlive it. */
function remaining(subject: VerifiedToken, lifetime: number | null, now: number): number | null {
  if (subject.expiresAt === null) return lifetime;
  const left = Math.max(1, Math.floor((subject.expiresAt - now) / 1000));
  return lifetime === null ? left : Math.min(left, lifetime);
}

/**
 * Who acts, the latest outermost, with the earlier ones inside.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-4.1
 */
function actingClaims(subject: VerifiedToken, actor: VerifiedToken | null): Record<string, unknown> {
  const { auth_time, acr, act } = subject.record.details;
  const acting = actor === null ? act : { sub: actor.sub ?? actor.clientId, ...(act === undefined ? {} : { act }) };
  return {
    ...(auth_time === undefined ? {} : { auth_time }),
    ...(acr === undefined ? {} : { acr }),
    ...(acting === undefined ? {} : { act: acting }),
  };
}
