/** Access to the control API of a sandbox: by its control token. */
import type { EngineRequest } from '#lib/oauth/context.ts';
import { sameSecret, sha256 } from '#lib/oauth/hash.ts';
import { isLoopbackName, isLoopbackPeer, parseHost } from '#lib/spec/loopback.ts';
import type { TenantStore } from '#lib/store/store.ts';
import { ControlError } from './errors.ts';
import type { Site } from './parts.ts';

/** The token of `Authorization: Bearer …`, or null. */
export function bearerToken(request: EngineRequest): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Who asks, beside the request itself. */
export interface Caller {
  /** Address of the client; empty if there is no socket (tests, an embedded server). */
  readonly remoteAddress: string;
}

/**
 * Whether a request on a local instance comes from this machine and from no page of another origin. The address
 * of the peer counts and not `Host`: anyone who can reach the port can send any `Host`.
 */
function isFromThisMachine(site: Site, request: EngineRequest, { remoteAddress }: Caller): boolean {
  if (site.isPublic || site.isPersonal) return false;
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (remoteAddress === '') return true;
  // A proxy on this machine that nobody said to believe speaks for somebody else.
  const hops = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  if (hops !== undefined && site.trustProxy === 0 && hops.replace(/^::ffff:/, '') !== remoteAddress) return false;
  const host = parseHost(request.headers.get('host'));
  return isLoopbackPeer(remoteAddress) && host !== null && isLoopbackName(host.hostname);
}

/**
 * Holds a request to a token.
 * @param hash SHA-256 of the token, base64url; null: none is set, and only this machine gets in
 * @throws ControlError 401 `invalid_token`
 */
export function demandToken(
  site: Site,
  request: EngineRequest,
  hash: string | null,
  what: string,
  caller: Caller,
): void {
  const token = bearerToken(request);
  if (hash === null) {
    if (isFromThisMachine(site, request, caller)) return;
    throw new ControlError(
      401,
      'invalid_token',
      `This needs ${what}, and none is set (AUTHWALK_ADMIN_TOKEN). Without one only this machine gets in, ` +
        'at a loopback address and from no page of another origin.',
    );
  }
  if (token === null) throw new ControlError(401, 'invalid_token', `This needs ${what}: Authorization: Bearer ...`);
  if (!sameSecret(sha256(token), hash)) throw new ControlError(401, 'invalid_token', `The token is not ${what}.`);
}

/** What the tokens of shares begin with. */
export const SHARE = 'share_';

/** Whether a request shows the token of a share, of whatever sandbox. */
export function showsShare(request: EngineRequest): boolean {
  return bearerToken(request)?.startsWith(SHARE) === true;
}

/** Whether a request shows the token of a share of this sandbox. */
export async function hasShare(request: EngineRequest, store: Pick<TenantStore, 'findShare'>): Promise<boolean> {
  const token = bearerToken(request);
  return token?.startsWith(SHARE) === true && (await store.findShare(sha256(token))) !== null;
}
