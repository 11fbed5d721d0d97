import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { GrantRecord } from '#lib/store/store.ts';
import { addresses } from '../addresses.ts';
import { assertionOnce } from '../checks/assertion-once.ts';
import { assertionResource } from '../checks/assertion-resource.ts';
import { assertionSignature } from '../checks/assertion-signature.ts';
import { check, checkAsync, note } from '../checks/check.ts';
import { grantAssertion } from '../checks/grant-assertion.ts';
import { scopeWithin } from '../checks/scope-within.ts';
import type { Evidence } from '../checks/types.ts';
import { workloadPermitted } from '../checks/workload-permitted.ts';
import { signedByClient } from '../clients/signature.ts';
import type { Context, Tenant } from '../context.ts';
import { sha256 } from '../hash.ts';
import { furtherIssuer, issuerLabel } from '../issuers.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import { verificationKey } from '../keys/ring.ts';
import { required } from '../parameters.ts';
import { requestedResources, requestedScopes } from '../requested.ts';
import { grantedScopes, parseScope, USER_SCOPES } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { canonicalResource } from '../resource.ts';
import { ID_JAG_TYP } from '../tokens/token-types.ts';
import { defineGrant, type Grant, type TokenRequest } from './grant.ts';
import { respond } from './respond.ts';

/**
 * A signed assertion, for a token. Three kinds of them are believed: an ID-JAG and a workload's
 * assertion, both by the sandbox's identity provider, and one that a client signs about itself.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-2.1
 */
export const jwtBearer: Grant = defineGrant({
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  knob: 'jwt-bearer',
  parameters: [
    {
      name: 'assertion',
      required: true,
      says: 'A JWT by an issuer that is trusted here, for this server.',
      clause: 'rfc7523-3',
    },
    { name: 'scope', says: 'Within that of the assertion, if it names one.', clause: 'rfc7523-3' },
    { name: 'resource', says: 'The resource that the token is for; repeatable.', clause: 'rfc8707-2.2' },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const raw = required(trace, form, 'assertion');
    const { claims, typ, own } = await verifiedAssertion(request, raw);
    const idJag = typ === ID_JAG_TYP;
    // A client can sign another assertion at once. Another one of the provider costs a request, and may cost a sign-in.
    const once = own || tenant.config['assertions.once'] === 'all';
    check(trace, grantAssertion, {
      claims,
      typ,
      idJag,
      own,
      once,
      clientId: client.clientId,
      publicClient: client.metadata.token_endpoint_auth_method === 'none',
      audiences: [tenant.issuer, addresses(tenant).token, `${tenant.base}/oauth/token`],
      now: Math.floor(tenant.now() / 1000),
    });
    if (once)
      await checkAsync(trace, assertionOnce, {
        purpose: 'grant',
        jti: claims.jti!,
        remember: () =>
          tenant.store.rememberOnce(
            `grant-assertion:${sha256(JSON.stringify([claims.iss, claims.jti]))}`,
            (claims.exp! + 60) * 1000,
            tenant.now(),
          ),
      });

    const scope = scopeOf(request, claims, idJag);
    const asked = form.all('resource').map((resource) => canonicalResource(tenant, resource));
    const promised = [claims.resource ?? []].flat().filter((one): one is string => typeof one === 'string');
    check(trace, assertionResource, { promised, requested: asked });
    const resources = requestedResources(ctx, asked.length > 0 ? asked : promised, 'target-not-allowed');
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
    note(trace, 'issue', 'Made a token for whom the assertion is about', 'rfc9068-2.2', { sub, scope });
    // No refresh token: once the assertion has expired its issuer is asked again, and so can take its word back.
    return respond(request, { access, scope, jkt });
  },
});

interface Assertion {
  readonly claims: JWTPayload & { resource?: unknown; scope?: unknown; client_id?: unknown; email?: unknown };
  readonly typ: string | undefined;
  /** The client signed it about itself. */
  readonly own: boolean;
}

/** @throws OAuthError `invalid_grant` if nobody that is trusted here signed it */
async function verifiedAssertion(request: TokenRequest, raw: string): Promise<Assertion> {
  const { problem, evidence, assertion } = await findSigner(request, raw);
  check(request.ctx.trace, assertionSignature, { purpose: 'grant', problem, evidence });
  return assertion!;
}

interface Signer {
  readonly problem: string | null;
  readonly evidence: Evidence;
  readonly assertion?: Assertion;
}

async function findSigner({ ctx, client }: TokenRequest, raw: string): Promise<Signer> {
  const { tenant } = ctx;
  let header: ReturnType<typeof decodeProtectedHeader>;
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(raw);
    claims = decodeJwt(raw);
  } catch {
    return { problem: 'The assertion is not a JWT.', evidence: { expected: 'a JWT' } };
  }
  const { alg } = header;
  if (alg === undefined || !isSigningAlgorithm(alg))
    return { problem: 'The assertion must be signed with an asymmetric algorithm.', evidence: { got: alg ?? null } };
  const own = claims.iss === client.clientId;
  const provider = own ? null : trustedProvider(tenant, claims.iss);
  if (!own && provider === null) {
    return {
      problem: 'The issuer of the assertion is not trusted here.',
      evidence: { expected: trustedIssuers(tenant), got: claims.iss ?? null },
    };
  }
  const typ = header.typ?.toLowerCase().replace(/^application\//, '');
  if (provider === null) {
    const { problem, evidence } = await signedByClient(ctx, client, raw);
    return { problem, evidence, ...(problem === null ? { assertion: { claims, typ, own } } : {}) };
  }
  const key = await verificationKey(provider, header.kid, alg);
  if (key !== null && (await signedBy(raw, key, alg)))
    return { problem: null, evidence: { iss: claims.iss, alg }, assertion: { claims, typ, own } };
  return {
    problem: 'The signature of the assertion does not fit.',
    evidence: { iss: claims.iss, kid: header.kid ?? null },
  };
}

function signedBy(jwt: string, key: CryptoKey | Uint8Array, alg: string): Promise<boolean> {
  return compactVerify(jwt, key, { algorithms: [alg] }).then(
    () => true,
    () => false,
  );
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

function scopeOf(
  { ctx, form, client }: TokenRequest<'scope'>,
  claims: Assertion['claims'],
  idJag: boolean,
): readonly string[] {
  const asked = form.get('scope');
  if (!idJag) check(ctx.trace, workloadPermitted, asked === undefined ? [] : (parseScope(asked) ?? []));
  const promised = typeof claims.scope === 'string' ? parseScope(claims.scope) : null;
  const scopes = requestedScopes(ctx, client, asked ?? promised?.join(' '), 'client');
  if (promised !== null) check(ctx.trace, scopeWithin, { granted: promised, requested: scopes });
  return grantedScopes(ctx.tenant.config, idJag ? scopes : scopes.filter((scope) => !USER_SCOPES.has(scope)));
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
