import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isUrl } from '../addresses.ts';
import { metadataBefore } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses a metadata document only where it is supported. */
export const rule: Rule = {
  id: 'registration.cimd-only-if-supported',
  title: 'Uses a metadata document only where it is supported',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '5 Authorization Server Metadata',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-5',
    },
  ],
  assessable: 'The metadata does not advertise support, and an authorization request of this client arrived.',
  pass: 'client_id is not a URL.',
  fail: 'client_id is a URL that is not pre-registered.',
  evidence: 'The metadata and client_id.',
  why: 'The server does not know the identifier and must not redirect, so that the user is left on an error page.',
  fix:
    'Check client_id_metadata_document_supported; register, or ask the user for an identifier, where it is ' +
    'not true.',
  scenarios: ['cimd-not-supported', 'metadata-no-registration', 'pre-registration'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, clientId, issuer }) => {
      const metadata = metadataBefore(run, seen, issuer);
      if (metadata === null || clientId === null || metadata.document.client_id_metadata_document_supported === true)
        return null;
      const shown = parameter(seen, 'client_id', 'client_id of the authorization request');
      if (!isUrl(clientId) || run.ledger.clients.get(clientId)?.source === 'pre-registered')
        return passSoFar('Its identifier is not the address of a document.', shown);
      return fail(
        'Its identifier is the address of a document, which this server does not take.',
        shown,
        answerMember(metadata.seen, 'client_id_metadata_document_supported', 'what the metadata says of it', 'true'),
      );
    }),
  );
}
