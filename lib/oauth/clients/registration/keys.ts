import type { Tenant } from '../../context.ts';
import { type Members, text, unmet } from './members.ts';
import { isLoopbackHost } from '../../checks/redirect-policy.ts';

const SECRET = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The keys of a client: inline, or at an address, and never both.
 * @throws OAuthError `invalid_client_metadata`
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export function validatedKeys(tenant: Tenant, members: Members, method: string): { jwks?: unknown; jwks_uri?: string } {
  const address = text(members, 'jwks_uri');
  const { jwks } = members;
  const inline = jwks !== undefined && jwks !== null;
  if (inline && address !== undefined) throw unmet('jwks and jwks_uri', 'must not both be there');
  if (method === 'private_key_jwt' && !inline && address === undefined)
    throw unmet('jwks or jwks_uri', 'is required for private_key_jwt');
  if (address !== undefined) {
    const url = URL.canParse(address) ? new URL(address) : null;
    const local =
      url !== null &&
      url.protocol === 'http:' &&
      isLoopbackHost(url.hostname) &&
      isLoopbackHost(new URL(tenant.origin).hostname);
    if (url === null || (url.protocol !== 'https:' && !local)) throw unmet('jwks_uri', 'must be an https URL', address);
    return { jwks_uri: address };
  }
  return inline ? { jwks: publicSet(jwks) } : {};
}

function publicSet(jwks: unknown): unknown {
  const keys = (jwks as { keys?: unknown }).keys;
  if (!Array.isArray(keys) || keys.length === 0) throw unmet('jwks', 'must be an object with a list of keys');
  if (keys.length > 20) throw unmet('jwks', 'may have 20 keys at most');
  for (const key of keys as unknown[]) {
    if (typeof key !== 'object' || key === null || typeof (key as { kty?: unknown }).kty !== 'string')
      throw unmet('jwks', 'holds something that is not a JWK');
    if ((key as { kty: string }).kty === 'oct') throw unmet('jwks', 'holds a symmetric key');
    if (SECRET.some((member) => Object.hasOwn(key, member)))
      throw unmet('jwks', 'holds a private key; keep that to yourself and send the public one');
  }
  return { keys };
}
