import { mcp } from '#lib/config/scenarios/clauses.ts';
import { fetched } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { documentsFetched } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The document has its required members. */
export const rule: Rule = {
  id: 'registration.cimd-required-members',
  title: 'The document has its required members',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
    mcp('2025-11-25', 'authorization', 'Client ID Metadata Documents'),
  ],
  assessable: 'The document was fetched.',
  pass: 'client_id, client_name and redirect_uris are there and have the right types.',
  fail: 'One is missing or empty.',
  evidence: 'The document.',
  why: 'Users have to see who asks and where the answer goes.',
  fix: 'Add the missing members.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(documentsFetched(run), ({ seen, index, document }) => {
      if (document === null) return null;
      const missing = ['client_id', 'client_name', 'redirect_uris'].find((name) =>
        name === 'redirect_uris' ? !textsOf(document, name)?.length : !textOf(document, name),
      );
      if (missing === undefined)
        return passSoFar(
          'The document has its required members.',
          fetched(seen, index, 'client_name', 'client_name in the document'),
        );
      return fail(
        `The document has no usable ${missing}.`,
        fetched(seen, index, missing, 'the member that is missing'),
      );
    }),
  );
}
