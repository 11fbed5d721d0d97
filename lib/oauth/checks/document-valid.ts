import { addressProblem } from '#lib/fetch/addresses.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';
import { malformed } from './uri.ts';
import { refusedBy } from './redirect-policy.ts';

/** Never in a document that everyone can read. */
const SECRET_METHODS: ReadonlySet<unknown> = new Set([
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
]);
const METHODS: ReadonlySet<unknown> = new Set([undefined, 'none', 'private_key_jwt']);
const LISTS = ['redirect_uris', 'grant_types', 'response_types', 'post_logout_redirect_uris'] as const;
const TEXTS = ['client_name', 'scope', 'jwks_uri', 'client_uri'] as const;
/**
 * The document has what it must have, and nothing that must not be public.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1
 */
export const documentValid: Check<unknown> = {
  name: 'document-valid',
  says: 'The document is JSON with the members it must have, and without a secret',
  clause: 'cimd-4.1',
  test(document) {
    const problem = problemOf(document);
    if (problem === null) return;
    throw new OAuthError('invalid_client', {
      reason: 'document-invalid',
      delivery: { kind: 'page' },
      description: `The client's document ${problem}.`,
    });
  },
};

function problemOf(document: unknown): string | null {
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
      return `has a member ${name} that is no list of strings`;
  for (const name of TEXTS)
    if (members[name] !== undefined && typeof members[name] !== 'string')
      return `has a member ${name} that is no string`;
  const uris = (members.redirect_uris ?? []) as string[];
  if (uris.length === 0) return 'lists no redirect_uris';
  if (!uris.every(mayBeAnswered)) return 'lists a redirect URI that is not https, loopback or of a private-use scheme';
  if (method === 'private_key_jwt' && members.jwks === undefined && members.jwks_uri === undefined)
    return 'names private_key_jwt and no key';
  if (typeof members.jwks_uri === 'string' && addressProblem(members.jwks_uri, true) !== null)
    return 'names a jwks_uri that this server does not fetch';
  return members.jwks === undefined ? null : problemOfKeys(members.jwks);
}

function isListOfTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length <= 100 && value.every((one) => typeof one === 'string' && one.length <= 2000)
  );
}

function mayBeAnswered(uri: string): boolean {
  return malformed(uri) === null && refusedBy('safe', uri, 'native') === null;
}

function problemOfKeys(jwks: unknown): string | null {
  const keys = (jwks as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return 'has a member jwks that is no key set';
  const secret = keys.some((key) => typeof key !== 'object' || key === null || 'd' in key || 'k' in key);
  return secret ? 'publishes a key that is not a public key' : null;
}
