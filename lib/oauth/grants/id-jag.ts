/**
 * The identity provider's half of enterprise-managed authorization: an ID token, for an assertion
 * that another authorization server takes as a grant.
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-identity-assertion-authz-grant/
 */
import { check, note } from '../checks/check.ts';
import { scopeKnown } from '../checks/scope-known.ts';
import { subjectIdToken } from '../checks/subject-token.ts';
import { targetServer } from '../checks/target.ts';
import { tokenTypeKnown } from '../checks/token-type-known.ts';
import type { Tenant } from '../context.ts';
import { sandboxBase } from '../issuers.ts';
import { required } from '../parameters.ts';
import { publishedAlgorithm, signingKey } from '../keys/ring.ts';
import { parseScope } from '../scope.ts';
import { readIdToken } from '../tokens/id-token.ts';
import { signJwt } from '../tokens/sign.ts';
import { ID_JAG_TYP, TOKEN_TYPE } from '../tokens/token-types.ts';
import type { TokenRequest, TokenResponse } from './grant.ts';

/** Seconds: time enough to carry it from one server to the other. */
const LIFETIME = 300;

/**
 * @param subjectToken an ID token of this identity provider, for this client
 * @throws OAuthError `invalid_request` for another token, `invalid_target` for a server that it does not know
 */
export async function exchangeForIdJag(
  { ctx, form, client }: TokenRequest<'subject_token_type' | 'audience' | 'resource' | 'scope'>,
  subjectToken: string,
): Promise<TokenResponse> {
  const { tenant, trace } = ctx;
  const iat = Math.floor(tenant.now() / 1000);
  check(trace, tokenTypeKnown, {
    member: 'subject_token_type',
    type: form.get('subject_token_type'),
    known: [TOKEN_TYPE.idToken],
  });
  const subject = await readIdToken(tenant, subjectToken);
  check(trace, subjectIdToken, { subject, clientId: client.clientId, now: iat });
  required(trace, form, 'audience');
  const known = serversOf(tenant);
  check(trace, targetServer, { named: form.all('audience'), known });
  const audience = form.all('audience')[0]!;
  const resources = form.all('resource');
  const asked = form.get('scope');
  const tokens = asked === undefined ? [] : parseScope(asked);
  // Which scopes there are, the other server knows; here only the grammar is looked at.
  check(trace, scopeKnown, {
    asked,
    tokens,
    known: tokens ?? [],
    ignoreUnknown: false,
    scope: tokens ?? [],
    reason: 'scope-not-registered',
  });
  const user = await tenant.store.getUser(subject!.sub!);
  const key = await signingKey(tenant, publishedAlgorithm(tenant));
  const assertion = await signJwt(key, ID_JAG_TYP, {
    iss: tenant.issuer,
    sub: subject!.sub!,
    aud: audience,
    client_id: client.clientId,
    jti: tenant.random(16),
    iat,
    exp: iat + LIFETIME,
    ...(resources.length === 0 ? {} : { resource: resources.length === 1 ? resources[0] : resources }),
    ...(asked === undefined ? {} : { scope: asked }),
    ...(user?.email ? { email: user.email } : {}),
    ...(subject!.auth_time === undefined ? {} : { auth_time: subject!.auth_time }),
  });
  note(trace, 'issue', 'Signed an assertion for the other server; it is no access token', 'rfc8693-2.2.1', {
    aud: audience,
    exp: iat + LIFETIME,
  });
  return {
    access_token: assertion,
    issued_token_type: TOKEN_TYPE.idJag,
    token_type: 'N_A',
    expires_in: LIFETIME,
    ...(asked === undefined ? {} : { scope: asked }),
  };
}

/** The authorization servers of the sandbox, by their issuers. */
function serversOf(idp: Tenant): readonly string[] {
  const base = sandboxBase(idp);
  const end = idp.config['issuer.trailingSlash'] ? '/' : '';
  return [`${base}${end}`, ...(idp.config.issuers.includes('as2') ? [`${base}/as2${end}`] : [])];
}
