import { keysProblem } from '../../checks/client-keys.ts';
import type { Tenant } from '../../context.ts';
import type { Members } from './members.ts';

/**
 * The keys of a client: inline, or at an address, and never both.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export function validatedKeys(tenant: Tenant, members: Members, method: string): { jwks?: unknown; jwks_uri?: string } {
  const address = members.text('jwks_uri');
  const jwks = members.raw('jwks');
  const { origin, isPublic } = tenant;
  const found = keysProblem(jwks, address, { needed: method === 'private_key_jwt', origin, isPublic });
  if (found !== null) members.cannot(found.member, found.problem, found.got);
  if (address !== undefined) return { jwks_uri: address };
  // No member that the server does not know of travels with the keys.
  return jwks === undefined || found !== null ? {} : { jwks: { keys: (jwks as { keys: unknown[] }).keys } };
}
