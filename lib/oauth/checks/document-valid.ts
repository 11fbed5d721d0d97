import { OAuthError } from '../errors.ts';
import { parseScope } from '../scope.ts';
import type { Check } from './types.ts';
import { malformed } from '#lib/spec/uri.ts';
import { keysProblem, type KeysPlace } from './client-keys.ts';
import { refusedBy } from './redirect-policy.ts';

/** Never in a document that everyone can read. */
const SECRET_METHODS: ReadonlySet<unknown> = new Set([
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
]);
const METHODS: ReadonlySet<unknown> = new Set([undefined, 'none', 'private_key_jwt']);
const LISTS = ['redirect_uris', 'grant_types', 'response_types', 'post_logout_redirect_uris', 'contacts'] as const;
const TEXTS = [
  'client_name',
  'scope',
  'jwks_uri',
  'client_uri',
  'logo_uri',
  'tos_uri',
  'policy_uri',
  'application_type',
  'id_token_signed_response_alg',
  'token_endpoint_auth_signing_alg',
] as const;
const FLAGS = ['require_auth_time', 'dpop_bound_access_tokens', 'require_pushed_authorization_requests'] as const;
/** Entries of a list, and characters of each. */
const MOST = 100;
const LONGEST = 2000;

export interface DocumentValid extends Omit<KeysPlace, 'needed'> {
  readonly document: unknown;
}

/**
 * The document has what it must have, and nothing that must not be public.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1
 */
export const documentValid: Check<DocumentValid> = {
  name: 'document-valid',
  says: 'The document is JSON with the members it must have, and without a secret',
  clause: 'cimd-4.1',
  test(input) {
    const problem = problemOf(input);
    if (problem === null) return;
    throw new OAuthError('invalid_client', {
      reason: 'document-invalid',
      delivery: { kind: 'page' },
      description: `The client's document ${problem}.`,
    });
  },
};

function problemOf({ document, origin, isPublic }: DocumentValid): string | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return 'is not a JSON object';
  const members = document as Record<string, unknown>;
  if (typeof members.client_id !== 'string') return 'has no client_id';
  if ('client_secret' in members || 'client_secret_expires_at' in members)
    return 'has a secret, and everyone can read it';
  const method = members.token_endpoint_auth_method;
  if (SECRET_METHODS.has(method)) return 'names a method with a secret, which a public document cannot share';
  if (!METHODS.has(method)) return 'names a token_endpoint_auth_method that is not known here';
  for (const name of LISTS)
    if (members[name] !== undefined && !isListOfTexts(members[name]))
      return `has a member ${name} that is not a list of at most ${MOST} strings of ${LONGEST} characters`;
  for (const name of TEXTS)
    if (members[name] !== undefined && typeof members[name] !== 'string')
      return `has a member ${name} that is no string`;
  for (const name of FLAGS)
    if (members[name] !== undefined && typeof members[name] !== 'boolean')
      return `has a member ${name} that is neither true nor false`;
  const { default_max_age: maxAge, scope } = members;
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && (maxAge as number) >= 0))
    return 'has a member default_max_age that is no number of seconds';
  if (scope && parseScope(scope as string) === null)
    return 'has a member scope that is not scope tokens separated by single spaces';
  const uris = (members.redirect_uris ?? []) as string[];
  if (uris.length === 0) return 'lists no redirect_uris';
  if (!uris.every(mayBeAnswered)) return 'lists a redirect URI that is not https, loopback or of a private-use scheme';
  const { jwks, jwks_uri: address } = members;
  const needed = method === 'private_key_jwt';
  const keys = keysProblem(jwks, address as string | undefined, { needed, origin, isPublic });
  return keys === null ? null : `cannot be taken: ${keys.member} ${keys.problem}`;
}

function isListOfTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST &&
    value.every((one) => typeof one === 'string' && one.length <= LONGEST)
  );
}

function mayBeAnswered(uri: string): boolean {
  return malformed(uri) === null && refusedBy('safe', uri, 'native') === null;
}
