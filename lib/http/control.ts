/** Who may steer a sandbox: whoever shows its control token. */
import { hmac, sameSecret, sha256 } from '#lib/oauth/hash.ts';
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

/** What a share of a sandbox is read with: it follows from the sandbox's secret, and ends with it. */
export function shareToken(secret: string): string {
  return `share_${hmac(secret, 'share')}`;
}

/** Whether a request shows the token of a share. */
export function showsShare(request: Request, secret: string): boolean {
  const token = bearerToken(request);
  return token?.startsWith('share_') === true && sameSecret(token, shareToken(secret));
}
