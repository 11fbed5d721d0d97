/** Whether the keys that a client names are of use: in a registration, and in a client's document. */
import { addressProblem } from '#lib/fetch/addresses.ts';
import { keySetProblem } from '#lib/spec/key-set.ts';
import type { MemberProblem } from './client-metadata.ts';

/** Where the keys are to be used. */
export interface KeysPlace {
  /** Whether the client authenticates by them (`private_key_jwt`). */
  readonly needed: boolean;
  /** Origin of this server: what it answers itself is never fetched. */
  readonly origin: string;
  readonly isPublic: boolean;
}

/**
 * What is wrong with the keys of a client: inline, or at an address, and never both; null if nothing is.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export function keysProblem(jwks: unknown, address: string | undefined, place: KeysPlace): MemberProblem | null {
  if (jwks !== undefined && address !== undefined)
    return { member: 'jwks and jwks_uri', problem: 'must not both be there' };
  if (address !== undefined) {
    const problem = addressOfKeysProblem(address, place);
    return problem === null ? null : { member: 'jwks_uri', problem, got: address.slice(0, 300) };
  }
  if (jwks === undefined)
    return place.needed ? { member: 'jwks or jwks_uri', problem: 'is required for private_key_jwt' } : null;
  const problem = keySetProblem(jwks) ?? (place.needed && isEmpty(jwks) ? 'must hold a key for private_key_jwt' : null);
  return problem === null ? null : { member: 'jwks', problem };
}

const isEmpty = (jwks: unknown): boolean => (jwks as { keys: unknown[] }).keys.length === 0;

/** Why the keys are not fetched from there, as what follows the name of the member; null if they may be. */
function addressOfKeysProblem(address: string, { origin, isPublic }: KeysPlace): string | null {
  if (URL.canParse(address) && new URL(address).origin === origin && !address.includes('@')) return null;
  const problem = addressProblem(address, !isPublic);
  return problem === null ? null : `must be an https URL that this server may fetch. ${problem.replace(/\.$/, '')}`;
}
