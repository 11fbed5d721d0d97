import { rfc } from '#lib/config/scenarios/clauses.ts';
import { queryOfUrl } from '#lib/exchange/read.ts';
import { request } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { metadataAddress } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the query in the metadata address. */
export const rule: Rule = {
  id: 'discovery.prm-query-kept',
  title: 'Keeps the query in the metadata address',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [rfc(9728, '3.1', 'Protected Resource Metadata Request')],
  assessable:
    'The resource identifier has a query, the challenge names no address, and the well-known address was ' +
    'requested.',
  pass: 'The request has the same query parameters, in any order.',
  fail: 'It has none or others, and no request with the right ones follows within five seconds.',
  evidence: "The request's target and the MCP address handed out.",
  why: "The query is part of the identifier. Without it another tenant's document may come back.",
  fix: 'Insert the well-known part into the URL and leave path and query as they are.',
  scenarios: ['metadata-query-params'],
  pitfalls: [],
  checks: ['prm-query-preserved'],
  judge,
};

function judge(run: Run): Finding {
  const [call] = run.challenged.filter(({ seen }) => metadataAddress(seen) === null);
  const query = call && run.knob(call.seen, 'resource.query');
  if (call === undefined || typeof query !== 'string' || query === '') return none('no-occasion');
  const wanted = sorted(queryOfUrl(`?${query}`));
  const asked = run.prm.filter(({ path }) => path === `/.well-known/oauth-protected-resource${call.seen.path}`);
  const [first] = asked;
  if (first === undefined) return none('no-occasion');
  const right = asked.find((seen) => sorted(seen.query) === wanted && seen.start <= first.end + 5000);
  if (right)
    return pass('The query of the resource is in the metadata address.', request(right, 'the metadata request'));
  if (!run.isOver(first, 5000))
    return run.wait(first, 5000, 'The address with the query may come within five seconds.');
  return fail('The metadata address lost the query of the resource.', {
    ...request(first, 'the metadata request', query),
    got: first.exchange.request.url,
  });
}

function sorted(pairs: Iterable<[string, string]>): string {
  return [...pairs]
    .map((pair) => pair.join('='))
    .sort()
    .join('&');
}
