/**
 * The `WWW-Authenticate` field of a protected resource: what is missing, and where to get it.
 */
import type { Tenant } from '#lib/oauth/context.ts';
import { SIGNING_ALGORITHMS } from '#lib/oauth/algorithms.ts';
import { metadataAddress, type ResourceName } from './resources.ts';

/** What is wrong with what was sent. Absent if nothing was sent: then no `error` is named. */
export interface ChallengeError {
  readonly code: 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce' | 'invalid_request';
  readonly description: string;
}

export interface ChallengeInput {
  readonly resource: ResourceName;
  /** The scheme that the client used; null if it sent no token. */
  readonly presented: 'Bearer' | 'DPoP' | null;
  readonly error?: ChallengeError;
  /** What to ask for; null leaves the parameter out. */
  readonly scope: readonly string[] | null;
}

/** A text as `quoted-string` holds it: printable ASCII, without the two characters that need escaping. */
export function quotable(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/[^\x20-\x7E]/g, '?');
}

function parameters(tenant: Tenant, input: ChallengeInput): string[] {
  const { error, scope, resource } = input;
  const says = (name: string, value: string) => `${name}="${quotable(value)}"`;
  return [
    ...(error ? [says('error', error.code)] : []),
    ...(tenant.config['prm.inChallenge'] && resource !== 'bearer' && resource !== 'no-auth'
      ? [says('resource_metadata', metadataAddress(tenant, resource))]
      : []),
    ...(scope !== null && scope.length > 0 ? [says('scope', scope.join(' '))] : []),
    ...(error ? [says('error_description', error.description)] : []),
  ];
}

/**
 * Composes the challenge of a 401 or a 403.
 *
 * Without a token it names no `error`: there is nothing to find fault with. Where the client used
 * the DPoP scheme, or the sandbox challenges with it, so does the answer.
 * @returns the value of `WWW-Authenticate`, or null if the knob `resource.challenge` leaves it out
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3
 * @see https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1
 */
export function challenge(tenant: Tenant, input: ChallengeInput): string | null {
  const knob = tenant.config['resource.challenge'];
  const forScope = input.error?.code === 'insufficient_scope';
  if (knob === 'none' && !forScope) return null;

  const list = parameters(tenant, input);
  const dpop =
    input.presented === 'DPoP' ||
    (knob === 'dpop' && input.resource !== 'bearer') ||
    input.error?.code === 'invalid_dpop_proof' ||
    input.error?.code === 'use_dpop_nonce';
  if (dpop) return `DPoP ${[...list, `algs="${SIGNING_ALGORITHMS.join(' ')}"`].join(', ')}`;

  // RFC 6750 §3 wants at least one parameter after the scheme.
  const bearer = `Bearer ${list.length > 0 ? list.join(', ') : `realm="${quotable(input.resource)}"`}`;
  return knob === 'several-schemes' && !forScope ? `Basic realm="Notes, to read and to write", ${bearer}` : bearer;
}
