import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { fetched, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { documentsFetched } from '../documents.ts';
import { everyOne } from '../look.ts';
import { isListed } from '../addresses.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The document lists the redirect URI. */
export const rule: Rule = {
  id: 'registration.cimd-redirect-listed',
  title: 'The document lists the redirect URI',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '4.5 Redirect URL Registration',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.5',
    },
    rfc(8252, '7.3', 'Loopback Interface Redirection'),
  ],
  assessable: 'The document was fetched, and the authorization request has a redirect_uri.',
  pass: 'The list has it, for loopback regardless of the port.',
  fail: 'It does not.',
  evidence: "The list and the request's redirect_uri.",
  why: "The list is the registration. An address outside it could be anybody's.",
  fix: 'List each redirect URI that the client uses, with the same host name and path.',
  scenarios: [],
  pitfalls: [
    'localhost and 127.0.0.1 are different hosts.',
    'RFC 8252 gives freedom of the port to loopback addresses; OAuth 2.1 words it for localhost as well. ' +
      'Both are passed here.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const documents = documentsFetched(run);
  return worst(
    everyOne(run.authorizations, ({ seen, clientId, parameters }) => {
      const one = documents.find(({ url, document }) => url === clientId && document !== null);
      const uri = parameters.get('redirect_uri') || null;
      const listed = textsOf(one?.document, 'redirect_uris');
      if (one === undefined || uri === null || !listed?.length) return null;
      const shown = parameter(seen, 'redirect_uri', 'redirect_uri of the request', listed.join(' '));
      return isListed(uri, listed)
        ? passSoFar('The document lists the redirect URI.', shown)
        : fail('The document does not list the redirect URI.', shown, {
            ...fetched(one.seen, one.index, 'redirect_uris', 'the list in the document'),
            got: listed.join(' '),
          });
    }),
  );
}
