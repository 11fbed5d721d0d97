import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { GrantRecord } from '#lib/store/store.ts';
import { addresses } from '../addresses.ts';
import { check, note } from '../checks/check.ts';
import { grantAssertion } from '../checks/grant-assertion.ts';
import { clientKeys } from '../clients/client-keys.ts';
import type { Context, Tenant } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { furtherIssuer, issuerLabel } from '../issuers.ts';
import { importedKey } from '../keys/imported.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import { verificationKey } from '../keys/ring.ts';
import { required } from '../parameters.ts';
import { requestedResources } from '../resource.ts';
import { grantedScopes, missingScopes, parseScope, requestedScopes, USER_SCOPES } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { ID_JAG_TYP } from '../tokens/token-types.ts';
import type { Grant, TokenRequest, TokenResponse } from './grant.ts';
import { respond } from './respond.ts';
import { traced } from './traced.ts';

/** Scopes with which a tester has a workload refused, as the conformance suite does. */
const REFUSING = { unauthorized: 'wif.trigger-unauthorized', rejected: 'wif.rejected' };

/**
 * A signed assertion, for a token. Three kinds of them are believed: an ID-JAG and a workload's
 * assertion, both by the sandbox's identity provider, and one that a client signs about itself.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-2.1
 */
export const jwtBearer: Grant = {
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  knob: 'jwt-bearer',
  parameters: [
    {
      name: 'assertion',
      required: true,
      says: 'A JWT by an issuer that is trusted here, for this server.',
      clause: 'rfc7523-3',
    },
    { name: 'scope', says: 'Within that of the assertion, where it names one.', clause: 'rfc7523-3' },
    { name: 'resource', says: 'For which resource the token is to be; repeatable.', clause: 'rfc8707-2.2' },
  ],
  async handle(request: TokenRequest): Promise<TokenResponse> {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const raw = required(trace, form, 'assertion');
    const { claims, typ, own } = await verifiedAssertion(request, raw);
    const idJag = typ === ID_JAG_TYP;
    check(trace, grantAssertion, {
      claims,
      typ,
      idJag,
      own,
      clientId: client.clientId,
      publicClient: client.metadata.token_endpoint_auth_method === 'none',
      audiences: [tenant.issuer, addresses(tenant).token, `${tenant.base}/oauth/token`],
      now: Math.floor(tenant.now() / 1000),
    });
    const first = await tenant.store.rememberOnce(
      `grant-assertion:${claims.iss}:${claims.jti}`,
      (claims.exp! + 60) * 1000,
      tenant.now(),
    );
    trace.check({
      check: 'assertion-once',
      says: 'This assertion has not been seen before',
      ok: first,
      clause: 'rfc7523-3',
      evidence: { jti: claims.jti },
    });
    if (!first)
      throw new OAuthError('invalid_grant', {
        reason: 'assertion-invalid',
        description: 'This assertion was used before; each needs a jti of its own.',
      });

    const scope = traced(
      trace,
      { name: 'scope', says: 'The scope is within the assertion and the registration', clause: 'rfc6749-3.3' },
      () => scopeOf(request, claims, idJag),
    );
    const asked = form.all('resource');
    const promised = [claims.resource ?? []].flat().filter((one): one is string => typeof one === 'string');
    const resources = traced(
      trace,
      { name: 'resource', says: 'The resource is one of its own', clause: 'rfc8707-2.2' },
      () => {
        const outside = promised.length > 0 ? asked.find((one) => !promised.includes(one)) : undefined;
        if (outside !== undefined)
          throw new OAuthError('invalid_target', {
            reason: 'resource-outside-grant',
            description: `The assertion is not for the resource ${outside.slice(0, 200)}.`,
            evidence: { expected: promised, got: asked },
          });
        return requestedResources(tenant, asked.length > 0 ? asked : promised, 'target-not-allowed');
      },
    );
    const sub = claims.sub!;
    if (idJag) await knowUser(ctx, sub, claims);
    const now = tenant.now();
    const grant: GrantRecord = {
      id: tenant.random(16),
      clientId: client.clientId,
      sub: own ? null : sub,
      kind: jwtBearer.grantType,
      scope,
      resource: resources,
      audience: [],
      details: {},
      createdAt: now,
      revokedAt: null,
      revokedBy: null,
    };
    trace.set({ grantId: grant.id });
    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: grant.sub,
      grantId: grant.id,
      scope,
      jkt,
      ...tokenTarget(tenant, resources, []),
    });
    await tenant.store.saveTokens({ grant, access: access.record });
    note(trace, 'issue', 'Signed a token for whom the assertion is about', 'rfc9068-2.2', { sub, scope });
    // No refresh token: the issuer of the assertion is to be asked again, and so can take its word back.
    return respond(request, { access, scope, jkt });
  },
};

interface Assertion {
  readonly claims: JWTPayload & { resource?: unknown; scope?: unknown; client_id?: unknown; email?: unknown };
  readonly typ: string | undefined;
  /** The client signed it about itself. */
  readonly own: boolean;
}

/** @throws OAuthError `invalid_grant` where nobody that is trusted here signed it */
async function verifiedAssertion({ ctx, client }: TokenRequest, raw: string): Promise<Assertion> {
  const { tenant, trace } = ctx;
  const says = 'The assertion is signed by an issuer that is trusted here';
  const refuse = (description: string, evidence?: Record<string, unknown>): OAuthError => {
    trace.check({
      check: 'assertion-signature',
      says,
      ok: false,
      clause: 'rfc7523-3',
      ...(evidence ? { evidence } : {}),
    });
    return new OAuthError('invalid_grant', {
      reason: 'assertion-invalid',
      description,
      ...(evidence ? { evidence } : {}),
    });
  };
  let header: ReturnType<typeof decodeProtectedHeader>;
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(raw);
    claims = decodeJwt(raw);
  } catch {
    throw refuse('The assertion is not a JWT.');
  }
  const { alg } = header;
  if (alg === undefined || !isSigningAlgorithm(alg))
    throw refuse('The assertion must be signed with an asymmetric algorithm.', { got: alg ?? null });
  const own = claims.iss === client.clientId;
  const provider = own ? null : trustedProvider(tenant, claims.iss);
  if (!own && provider === null)
    throw refuse('The issuer of the assertion is not trusted here.', {
      expected: trustedIssuers(tenant),
      got: claims.iss ?? null,
    });
  for (const key of provider
    ? [await verificationKey(provider, header.kid, alg)]
    : await ownKeys(ctx, client, header.kid, alg)) {
    if (
      key === null ||
      !(await compactVerify(raw, key, { algorithms: [alg] }).then(
        () => true,
        () => false,
      ))
    )
      continue;
    trace.check({
      check: 'assertion-signature',
      says,
      ok: true,
      clause: 'rfc7523-3',
      evidence: { iss: claims.iss, alg },
    });
    return { claims, typ: header.typ?.toLowerCase().replace(/^application\//, ''), own };
  }
  throw refuse('The signature of the assertion does not fit.', { iss: claims.iss, kid: header.kid ?? null });
}

async function ownKeys(
  ctx: Context,
  client: TokenRequest['client'],
  kid: string | undefined,
  alg: string,
): Promise<(CryptoKey | null)[]> {
  const keys = (await clientKeys(ctx, client, false)).filter(
    (key) => kid === undefined || key.kid === undefined || key.kid === kid,
  );
  return Promise.all(keys.map((key) => importedKey(key, alg).catch(() => null)));
}

/** The sandbox's identity provider, which its authorization servers trust. */
function trustedProvider(tenant: Tenant, iss: unknown): Tenant | null {
  const provider = issuerLabel(tenant) === 'idp' ? null : furtherIssuer(tenant, 'idp');
  return provider !== null && provider.issuer === iss ? provider : null;
}

function trustedIssuers(tenant: Tenant): string[] {
  const provider = furtherIssuer(tenant, 'idp');
  return provider === null ? [] : [provider.issuer];
}

function scopeOf({ ctx, form, client }: TokenRequest, claims: Assertion['claims'], idJag: boolean): readonly string[] {
  const { config } = ctx.tenant;
  const asked = form.get('scope');
  const wanted = asked === undefined ? [] : (parseScope(asked) ?? []);
  if (!idJag && wanted.includes(REFUSING.unauthorized))
    throw new OAuthError('unauthorized_client', {
      reason: 'grant-type-not-registered',
      description: 'The client is not authorized for this grant.',
      evidence: { got: wanted },
    });
  if (!idJag && wanted.includes(REFUSING.rejected))
    throw new OAuthError('invalid_scope', {
      reason: 'scope-not-registered',
      description: 'The scope is not permitted for this grant.',
      evidence: { got: wanted },
    });
  const promised = typeof claims.scope === 'string' ? parseScope(claims.scope) : null;
  const scopes = requestedScopes(config, client, asked ?? promised?.join(' '), 'scope-not-registered');
  const beyond = promised === null ? [] : missingScopes(promised, scopes);
  if (beyond.length > 0)
    throw new OAuthError('invalid_scope', {
      reason: 'scope-beyond-grant',
      description: `The assertion does not hold the scope ${beyond[0]!.slice(0, 60)}.`,
      evidence: { expected: promised, got: scopes },
    });
  return grantedScopes(config, idJag ? scopes : scopes.filter((scope) => !USER_SCOPES.has(scope)));
}

/** The user whom the identity provider vouches for, known here from now on under the same subject. */
async function knowUser({ tenant }: Context, sub: string, claims: Assertion['claims']): Promise<void> {
  if ((await tenant.store.getUser(sub)) !== null) return;
  await tenant.store.putUser({
    sub,
    email: typeof claims.email === 'string' ? claims.email : null,
    passwordHash: null,
    claims: {},
    temporary: true,
    createdAt: tenant.now(),
    lastUsedAt: tenant.now(),
  });
}
