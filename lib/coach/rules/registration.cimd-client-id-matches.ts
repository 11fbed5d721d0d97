import { mcp } from '#lib/config/scenarios/clauses.ts';
import { fetched } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { differenceOf, everyOne } from '../look.ts';
import { documentsFetched } from '../documents.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The document names its own address. */
export const rule: Rule = {
  id: 'registration.cimd-client-id-matches',
  title: 'The document names its own address',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '4.1 Client Metadata',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1',
    },
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
  ],
  assessable: 'The document was fetched.',
  pass: 'client_id in it is byte for byte the URL.',
  fail: 'It is missing or differs.',
  evidence: 'Both strings, with the first difference marked.',
  why: 'Otherwise anybody could point to a copy of the document under another address.',
  fix: 'Write the exact address into the document, and generate it per environment.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(documentsFetched(run), ({ seen, index, url, document }) => {
      if (document === null) return null;
      const named = textOf(document, 'client_id');
      const shown = fetched(seen, index, 'client_id', 'client_id in the document', url);
      if (named === url) return passSoFar('The document names its own address.', shown);
      return fail(
        named === null
          ? 'The document does not name its address.'
          : `The document names another address: ${differenceOf(named, url)}.`,
        shown,
      );
    }),
  );
}
