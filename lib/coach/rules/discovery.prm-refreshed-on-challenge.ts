import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne, untilClosed } from '../look.ts';
import { metadataAddress } from '../documents.ts';
import { wasGood } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Reads the metadata again after a new challenge. */
export const rule: Rule = {
  id: 'discovery.prm-refreshed-on-challenge',
  title: 'Reads the metadata again after a new challenge',
  level: 'SHOULD',
  from: '2025-06-18',
  until: null,
  spec: [
    rfc(9728, '5.2', 'Changes to Resource Metadata'),
    mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
  ],
  assessable:
    'The issuer changed, and a 401 with resource_metadata was delivered for a token that had been good before.',
  pass: 'The metadata is requested after that 401.',
  fail: 'Three authenticated or token requests of this client follow the 401, or the run is closed, without it.',
  absence: 'Certain with the third such request, or when the developer closes the run.',
  evidence: 'The 401, and the requests after it.',
  why:
    'A challenge says that the metadata may have changed. A client that never looks again stays bound to a ' +
    'server that is gone.',
  fix: 'Drop the cached document when a 401 comes with resource_metadata, after one refresh at most.',
  scenarios: ['authorization-server-migration'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen, token, tokens }) => {
      if (seen.status !== 401 || !seen.delivered || token === null || tokens === null || metadataAddress(seen) === null)
        return null;
      if (wasGood(run, token, seen) === null || !hasMoved(run, seen, tokens.request.issuer)) return null;
      const shown = answerHeader(seen, 'www-authenticate', 'the challenge for a token that had been good');
      const after = run.after(seen);
      const read = after.find(({ endpoint }) => endpoint === 'prm');
      // What was on its way when the 401 was sent knew nothing of it.
      const busy = after.filter(
        (one) => one.start > seen.end && (one.endpoint === 'token' || (one.endpoint === 'mcp' && one.token !== null)),
      );
      if (read && (busy[2] === undefined || byTime(read, busy[2]) < 0))
        return pass('It read the resource metadata again.', request(read, 'the metadata request'), shown);
      if (busy[2] !== undefined)
        return fail(
          'It went on without reading the resource metadata again.',
          request(busy[2], 'the third request since'),
          shown,
        );
      return run.closed
        ? fail('It never read the resource metadata again.', shown)
        : untilClosed('It has not read the resource metadata again yet.');
    }),
  );
}

/** Whether the resource is served by another issuer than the one whose token was refused. */
function hasMoved(run: Run, seen: Seen, issuer: string): boolean {
  if (seen.exchange.reason === 'token-issuer') return true;
  const servers = run.knob(seen, 'prm.authorizationServers');
  const served = run.ledger.prm.findLast((one) => one.status === 200);
  const named = textsOf(served?.answer, 'authorization_servers') ?? [];
  if (Array.isArray(servers))
    return !servers.map((one) => (one === 'own' ? run.issuer : `${run.base}/${String(one)}`)).includes(issuer);
  return named.length > 0 && !named.includes(issuer);
}
