/** Any token, found by its value: for revocation and introspection. */
import { compactVerify, decodeProtectedHeader } from 'jose';
import type { AccessTokenRecord, GrantRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import type { Tenant } from '../context.ts';
import { sha256 } from '../hash.ts';
import { isJwt } from '../jws.ts';
import { verificationKey } from '../keys/ring.ts';

export type LocatedToken =
  | { readonly kind: 'access_token'; readonly token: AccessTokenRecord; readonly grant: GrantRecord | null }
  | { readonly kind: 'refresh_token'; readonly token: RefreshTokenRecord; readonly grant: GrantRecord };

/**
 * Finds a token, however old or dead.
 * @param hint `token_type_hint`: where to look first. Finding nothing there, the other place is looked at too.
 * @returns null if this issuer gave out no such token
 * @see https://datatracker.ietf.org/doc/html/rfc7009#section-2.1
 */
export async function locateToken(tenant: Tenant, value: string, hint?: string): Promise<LocatedToken | null> {
  const refreshFirst = hint === 'refresh_token' || (hint === undefined && !isJwt(value));
  return refreshFirst
    ? ((await refreshToken(tenant, value)) ?? (await accessToken(tenant, value)))
    : ((await accessToken(tenant, value)) ?? (await refreshToken(tenant, value)));
}

async function refreshToken(tenant: Tenant, value: string): Promise<LocatedToken | null> {
  if (isJwt(value)) return null;
  const found = await tenant.store.findRefreshToken(sha256(value));
  return found === null ? null : { kind: 'refresh_token', ...found };
}

async function accessToken(tenant: Tenant, value: string): Promise<LocatedToken | null> {
  const id = isJwt(value) ? await signedId(tenant, value) : sha256(value);
  const found = id === null ? null : await tenant.store.getAccessToken(id);
  return found === null ? null : { kind: 'access_token', ...found };
}

/** The `jti` of a JWT that is truly ours: an id in a forged one must not reach another's token. */
async function signedId(tenant: Tenant, jwt: string): Promise<string | null> {
  try {
    const { kid, alg, typ } = decodeProtectedHeader(jwt);
    if (typ !== 'at+jwt' && typ !== 'JWT') return null;
    const key = await verificationKey(tenant, kid, alg);
    if (key === null) return null;
    const { payload } = await compactVerify(jwt, key, { algorithms: [alg!] });
    const { jti, iss } = JSON.parse(new TextDecoder().decode(payload)) as { jti?: unknown; iss?: unknown };
    return typeof jti === 'string' && iss === tenant.issuer ? jti : null;
  } catch {
    return null;
  }
}
