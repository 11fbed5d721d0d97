/** Who may steer a sandbox: whoever shows its control token. */
import { sameSecret, sha256 } from '#lib/oauth/hash.ts';
import type { TenantStore } from '#lib/store/store.ts';
import { ControlError } from './errors.ts';
import type { Site } from './parts.ts';

/** The token of `Authorization: Bearer …`, or null. */
export function bearerToken(request: Request): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Whether a request on a local instance comes from the machine itself and from no page of another origin. */
function isAtHome(site: Site, request: Request): boolean {
  const fetchSite = request.headers.get('sec-fetch-site');
  return !site.isPublic && (fetchSite === null || fetchSite === 'same-origin' || fetchSite === 'none');
}

/**
 * Holds a request to a token.
 * @param hash SHA-256 of the token, base64url; null: none is set, and only who is at home gets in
 * @throws ControlError 401 `invalid_token`
 */
export function demandToken(site: Site, request: Request, hash: string | null, what: string): void {
  const token = bearerToken(request);
  if (hash === null) {
    if (isAtHome(site, request)) return;
    throw new ControlError(401, 'invalid_token', `This needs ${what}, and none is set (AUTHWALK_ADMIN_TOKEN).`);
  }
  if (token === null) throw new ControlError(401, 'invalid_token', `This needs ${what}: Authorization: Bearer ...`);
  if (!sameSecret(sha256(token), hash)) throw new ControlError(401, 'invalid_token', `The token is not ${what}.`);
}

/** What the tokens of shares begin with. */
export const SHARE = 'share_';

/** Whether a request shows the token of a share, of whatever sandbox. */
export function showsShare(request: Request): boolean {
  return bearerToken(request)?.startsWith(SHARE) === true;
}

/** Whether a request shows the token of a share of this sandbox. */
export async function hasShare(request: Request, store: Pick<TenantStore, 'findShare'>): Promise<boolean> {
  const token = bearerToken(request);
  return token?.startsWith(SHARE) === true && (await store.findShare(sha256(token))) !== null;
}
