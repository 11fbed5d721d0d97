import { addressProblem } from '#lib/fetch/addresses.ts';
import type { Tenant } from '../../context.ts';
import { SECRET_MEMBERS } from '#lib/spec/secret-members.ts';
import type { Members } from './members.ts';

/**
 * The keys of a client: inline, or at an address, and never both.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export function validatedKeys(tenant: Tenant, members: Members, method: string): { jwks?: unknown; jwks_uri?: string } {
  const address = members.text('jwks_uri');
  const jwks = members.raw('jwks');
  if (jwks !== undefined && address !== undefined) members.cannot('jwks and jwks_uri', 'must not both be there');
  if (method === 'private_key_jwt' && jwks === undefined && address === undefined)
    members.cannot('jwks or jwks_uri', 'is required for private_key_jwt');
  if (address !== undefined) {
    const problem = problemOf(tenant, address);
    if (problem !== null) members.cannot('jwks_uri', problem, address);
    return { jwks_uri: address };
  }
  return jwks === undefined ? {} : { jwks: publicSet(members, jwks) };
}

/** Why the keys are not fetched from there, as what follows the name of the member; null if they may be. */
function problemOf({ origin, isPublic }: Tenant, address: string): string | null {
  // What this server itself answers is never fetched.
  if (URL.canParse(address) && new URL(address).origin === origin && !address.includes('@')) return null;
  const problem = addressProblem(address, !isPublic);
  return problem === null ? null : `must be an https URL that this server may fetch. ${problem.replace(/\.$/, '')}`;
}

function publicSet(members: Members, jwks: unknown): unknown {
  const keys = (jwks as { keys?: unknown }).keys;
  if (!Array.isArray(keys) || keys.length === 0) return members.cannot('jwks', 'must be an object with a list of keys');
  if (keys.length > 20) return members.cannot('jwks', 'may have 20 keys at most');
  for (const key of keys as unknown[]) {
    if (typeof key !== 'object' || key === null || typeof (key as { kty?: unknown }).kty !== 'string')
      return members.cannot('jwks', 'holds something that is not a JWK');
    if ((key as { kty: string }).kty === 'oct') return members.cannot('jwks', 'holds a symmetric key');
    if (SECRET_MEMBERS.some((member) => Object.hasOwn(key, member)))
      return members.cannot('jwks', 'holds a private key; keep that to yourself and send the public one');
  }
  return { keys };
}
