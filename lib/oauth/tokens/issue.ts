/**
 * Access tokens: JWTs by RFC 9068, or opaque strings, by the knob `tokens.format`.
 *
 * A token is prepared first and signed last. What it says is stored in the same transaction in which
 * the code or refresh token behind it is used up, and only who wins that is worth a signature.
 * @see https://datatracker.ietf.org/doc/html/rfc9068
 */
import type { JWTPayload } from 'jose';
import type { AccessTokenRecord } from '#lib/store/store.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { queuedTokens } from '../queued.ts';
import { signingKey } from '../keys/ring.ts';
import { ownClaims } from './claims.ts';
import { nextDefect, spoiltClaims, spoiltKey, spoiltToken } from './defects.ts';
import { signJwt } from './sign.ts';

/** What a token is to say. */
export interface AccessTokenInput {
  readonly clientId: string;
  /** null: no user takes part, and the client speaks for itself. */
  readonly sub: string | null;
  /** The grant that it hangs on and ends with; null for none. */
  readonly grantId: string | null;
  readonly scope: readonly string[];
  /** Resources that it is for, absolute URIs. */
  readonly audience: readonly string[];
  /** Thumbprint of the key that it is bound to (RFC 9449 §6). */
  readonly jkt?: string | null;
  /** Seconds; undefined: as configured. null: for ever. */
  readonly lifetime?: number | null | undefined;
  /** Opaque, whatever the configuration says of the format. */
  readonly opaque?: boolean;
  /** Further claims that introspection tells as well: `auth_time`, `acr`, `act`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** A value of the owner's own: the token is then opaque. */
  readonly value?: string | undefined;
  /** Claims of one's own for this token, beside those of its user and client (knob `tokens.claims`). */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface PreparedToken {
  /** What the store keeps of it. */
  readonly record: AccessTokenRecord;
  /** Seconds; null: for ever. */
  readonly expiresIn: number | null;
  /** Makes the token itself. */
  readonly sign: () => Promise<string>;
}

/**
 * Makes up a token, without storing or signing it.
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-2.2
 */
export async function prepareAccessToken(ctx: Context, input: AccessTokenInput): Promise<PreparedToken> {
  const { tenant } = ctx;
  const { config } = tenant;
  const now = tenant.now();
  const iat = Math.floor(now / 1000);
  const queued = await queuedTokens(ctx);
  const asked = queued?.expires_in === undefined ? input.lifetime : queued.expires_in;
  const lifetime = asked === undefined ? config['tokens.accessLifetime'] : asked;
  const defect = config['tokens.defect'] === 'none' ? null : await nextDefect(tenant, 'access', ctx.trace);
  const own = input.value ?? queued?.access_token;
  const opaque = own !== undefined || (input.opaque ?? config['tokens.format'] === 'opaque');
  const token = opaque ? (own ?? tenant.random(32)) : null;
  const jti = token === null ? tenant.random(16) : sha256(token);
  const details = { ...(await claimsOfParties(tenant, input, queued?.claims)), ...input.details };
  const claims: JWTPayload = {
    iss: tenant.issuer,
    sub: input.sub ?? input.clientId,
    aud: input.audience.length === 1 ? input.audience[0]! : [...input.audience],
    client_id: input.clientId,
    iat,
    ...(lifetime === null ? {} : { exp: iat + lifetime }),
    jti,
    ...(input.scope.length > 0 ? { scope: input.scope.join(' ') } : {}),
    ...details,
    ...(input.jkt ? { cnf: { jkt: input.jkt } } : {}),
  };
  const said = defect ? spoiltClaims(claims, defect) : claims;
  const record: AccessTokenRecord = {
    id: jti,
    grantId: input.grantId,
    clientId: input.clientId,
    sub: input.sub,
    scope: input.scope,
    audience: opaque && defect === 'wrong-audience' ? [said.aud as string] : input.audience,
    issuedAt: now,
    expiresAt:
      opaque && said.exp !== claims.exp ? said.exp! * 1000 : lifetime === null ? null : (iat + lifetime) * 1000,
    revokedAt: null,
    jkt: input.jkt ?? null,
    details,
  };
  if (token !== null) return { record, expiresIn: lifetime, sign: async () => token };
  // The key is fetched before anything is stored: what can fail, fails while nothing is used up.
  const key = await signingKey(tenant, config['tokens.alg']);
  if (!defect) return { record, expiresIn: lifetime, sign: () => signJwt(key, config['tokens.typ'], claims) };
  return {
    record,
    expiresIn: lifetime,
    sign: async () => spoiltToken(await signJwt(spoiltKey(key, defect), config['tokens.typ'], said), defect),
  };
}

/** Claims of one's own that the token carries: of its user, else of its client, and those given for it alone. */
async function claimsOfParties(
  { config, store }: Context['tenant'],
  { sub, clientId, claims: given = {} }: AccessTokenInput,
  queued: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  const claims = { ...given, ...queued };
  const rule = config['tokens.claims'];
  if (rule === 'none') return ownClaims(claims, 'own');
  const user = sub === null ? null : await store.getUser(sub);
  const client = sub === null ? await store.getClient(clientId) : null;
  const party = user?.claims ?? (client?.source === 'preregistered' ? client.metadata.claims : undefined) ?? {};
  return { ...ownClaims(party as Record<string, unknown>, rule), ...ownClaims(claims, 'own') };
}

/** Makes, stores and signs an access token that needs no grant to be used up. */
export async function issueAccessToken(
  ctx: Context,
  input: AccessTokenInput,
): Promise<{ token: string; expiresIn: number | null; record: AccessTokenRecord }> {
  const prepared = await prepareAccessToken(ctx, input);
  const [token] = await Promise.all([prepared.sign(), ctx.tenant.store.saveAccessToken(prepared.record)]);
  return { token, expiresIn: prepared.expiresIn, record: prepared.record };
}
