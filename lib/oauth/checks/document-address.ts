import { bareHost, isLoopbackHost } from '#lib/fetch/addresses.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';
import { malformed } from '#lib/spec/uri.ts';

export interface DocumentAddress {
  readonly url: string;
  /** Origin of this server: only a loopback one reads loopback documents. */
  readonly origin: string;
}

const MAX_LENGTH = 2000;

/**
 * The identifier is an address that a metadata document can lie at: https with a path, and nothing
 * in it that two readers could resolve differently.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-3
 */
export const documentAddress: Check<DocumentAddress> = {
  name: 'document-address',
  says: ({ url, origin }) =>
    isOwnMachine(url, origin)
      ? 'The identifier is an address with a path, on the machine that this server runs on'
      : 'The identifier is an https address with a path',
  clause: 'cimd-3',
  test({ url: text, origin }) {
    const url = URL.canParse(text) ? new URL(text) : null;
    const problem = url === null || text.length > MAX_LENGTH ? 'must be a URL' : (shape(text, url) ?? spelled(text));
    if (url === null || problem !== null) {
      throw new OAuthError('invalid_client', {
        reason: 'document-invalid',
        delivery: { kind: 'page' },
        description: `A client_id that is an address ${problem}.`,
        evidence: { got: text.slice(0, 200) },
      });
    }
    if (url.protocol === 'https:' || isOwnMachine(text, origin)) return { got: text };
    throw new OAuthError('invalid_client', {
      reason: 'document-address',
      delivery: { kind: 'page' },
      description: 'A client_id that is an address must be an https address.',
      evidence: { expected: 'https', got: url.protocol },
    });
  },
};

/** Whether it is an http address of loopback, and this server is there too. */
function isOwnMachine(text: string, origin: string): boolean {
  if (!/^http:/i.test(text) || !URL.canParse(text)) return false;
  return isLoopbackHost(new URL(origin).hostname) && isLoopbackHost(bareHost(new URL(text).hostname));
}

/** What RFC 3986 has against the text, which a parser would mend in silence; or null. */
function spelled(text: string): string | null {
  const problem = malformed(text);
  return problem === null ? null : `must be a URL by RFC 3986: it ${problem}`;
}

/** What is wrong with the form of the address, or null. The text is looked at, since parsing tidies it up. */
function shape(text: string, url: URL): string | null {
  const path = text
    .slice(text.indexOf('//') + 2)
    .replace(/^[^/?#]*/, '')
    .replace(/[?#].*$/s, '');
  if (path === '' || path === '/') return 'must have a path';
  if (text.includes('#')) return 'must have no fragment';
  if (url.username !== '' || url.password !== '') return 'must have no user name or password';
  if (path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) return 'must have no dot segments';
  return null;
}
