import { mcp } from '#lib/config/scenarios/clauses.ts';
import { BODY_KEPT } from '#lib/exchange/make.ts';
import { fetched } from '../exhibits.ts';
import { fail, none, passSoFar, warn, worst } from '../findings.ts';
import { documentsFetched } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The metadata document can be fetched. */
export const rule: Rule = {
  id: 'registration.cimd-document-reachable',
  title: 'The metadata document can be fetched',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '4 Client Information Discovery',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4',
    },
  ],
  assessable: "client_id is a URL, the sandbox fetched it, and the client's host answered.",
  pass: '200 with a JSON object.',
  fail: 'Another status, or no JSON.',
  evidence: 'The fetch made by the sandbox, with status, headers and body.',
  why: 'Without the document the server knows neither the name nor the redirect addresses, and has to stop.',
  fix: 'Serve the document directly, without redirect, cookie or login, as JSON.',
  scenarios: [],
  pitfalls: [
    "No answer at all (name resolution, timeout, refused connection) may be the sandbox's own network. It " +
      'is not assessable then, and said so.',
    'A redirect is a warning. Draft 00 does not speak of it, and later drafts forbid servers to follow one.',
    'Not assessable while cimd.fetch is not real.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(documentsFetched(run), ({ seen, index, url, status: code, problem, document }) => {
      const shown = fetched(seen, index, '', 'status of the document', '200');
      if (problem !== null || code === null) return none('own-network', `${url} could not be reached from here.`);
      if (code >= 300 && code < 400) return warn('The document is behind a redirect.', shown);
      if (code !== 200) return fail(`The document was answered with ${code}.`, shown);
      if (document === null && isCut(seen, index))
        return seen.exchange.between.some(({ check, ok }) => check === 'document-json' && ok)
          ? passSoFar('The document can be fetched.', shown)
          : none('not-kept', 'The document is longer than what is kept of it.');
      if (document === null)
        return fail('The document is no JSON object.', {
          ...fetched(seen, index, 'client_id', 'the document'),
          got: (seen.exchange.fetched[index]?.body ?? '').slice(0, 100),
        });
      return passSoFar('The document can be fetched.', shown);
    }),
  );
}

/** Whether only the beginning of a document is kept, or nothing as it was too long to be read. */
function isCut({ exchange }: Seen, index: number): boolean {
  const body = exchange.fetched[index]?.body ?? null;
  return body === null || new TextEncoder().encode(body).length >= BODY_KEPT - 3;
}
