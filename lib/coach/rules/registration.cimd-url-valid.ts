import { mcp } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { addressOf, isLoopback, isUrl } from '../addresses.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The client identifier URL has the right form. */
export const rule: Rule = {
  id: 'registration.cimd-url-valid',
  title: 'The client identifier URL has the right form',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '3 Client Identifier',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-3',
    },
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
  ],
  assessable: 'client_id of an authorization request is a URL.',
  pass: 'It has the https scheme, a path, and no fragment, user name, password or dot segments.',
  fail: 'One of these is violated.',
  evidence: 'client_id, with the offending part marked.',
  why:
    'The URL is compared as a string and shown to users. Parts that can be written in several ways make two ' +
    'identifiers of one.',
  fix: 'Use a short, stable https address with a path.',
  scenarios: [],
  pitfalls: [
    'Where the sandbox itself is on loopback, an http loopback URL is a warning and not a failure.',
    'A path that is only a slash is a warning.',
    'A query is discouraged, not forbidden; it is not judged.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, clientId }) => {
      if (clientId === null || !isUrl(clientId)) return null;
      const shown = (expected: string) => parameter(seen, 'client_id', 'client_id', expected);
      const [, scheme = '', authority = '', path = '', , fragment] =
        /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(clientId) ?? [];
      if (fragment !== undefined) return fail('The identifier has a fragment.', shown('no fragment'));
      if (authority.includes('@'))
        return fail('The identifier has a user name or a password.', shown('no user name or password'));
      if (/\/\.{1,2}(?:\/|$)/.test(path))
        return fail('The path of the identifier has dot segments.', shown('no dot segments'));
      if (path === '') return fail('The identifier has no path.', shown('a path'));
      if (scheme.toLowerCase() !== 'https') {
        const local = isLoopback(authority) && isLoopback(addressOf(run.origin)?.host ?? '');
        return local
          ? warn('The identifier is an http address of this machine.', shown('the https scheme'))
          : fail('The identifier is no https address.', shown('the https scheme'));
      }
      if (path === '/') return warn('The path of the identifier is only a slash.', shown('a path'));
      return passSoFar('The identifier has the right form.', parameter(seen, 'client_id', 'client_id'));
    }),
  );
}
