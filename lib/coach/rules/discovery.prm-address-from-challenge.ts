import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, request } from '../exhibits.ts';
import { fail, none, pass, worst } from '../findings.ts';
import { everyOne, untilClosed, usesServer } from '../look.ts';
import { metadataAddress } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses the metadata address in the challenge. */
export const rule: Rule = {
  id: 'discovery.prm-address-from-challenge',
  title: 'Uses the metadata address in the challenge',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    mcp('2025-11-25', 'authorization', 'Protected Resource Metadata Discovery Requirements'),
    rfc(9728, '5.1', 'WWW-Authenticate Response'),
  ],
  assessable: 'The challenge named an address that no convention yields, and it was delivered to this client.',
  pass: 'That address was requested.',
  fail:
    'The client sent an authorization server metadata, registration or authorization request without ever ' +
    'having requested it.',
  absence: 'Certain with the first such request after the challenge.',
  evidence: 'WWW-Authenticate of the 401, and the addresses requested after it.',
  why: 'Servers may put the document anywhere. The challenge is the one place that says where.',
  fix: 'Parse resource_metadata out of the Bearer challenge and request it as it stands.',
  scenarios: ['metadata-var3', 'challenge-several-schemes'],
  pitfalls: ['Clients may probe the well-known addresses before the first 401. That is not held against them.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen }) => {
      const address = seen.status === 401 && seen.delivered ? metadataAddress(seen) : null;
      if (address === null || isConventional(run, seen, address)) return null;
      const shown = answerHeader(seen, 'www-authenticate', 'the challenge that names the address', address);
      const read = run.ledger.prm.find(({ exchange }) => exchange.request.url === address);
      if (read)
        return pass('It asked for the address that the challenge names.', request(read, 'the metadata request'), shown);
      const used = run.after(seen).find((one) => usesServer(one) || one.endpoint === 'as-metadata');
      if (used === undefined) return untilClosed('It has not gone on after the challenge yet.');
      if (!run.complete) return none('not-kept');
      return fail(
        'It went on without the document whose address the challenge names.',
        request(used, 'what it did in its place'),
        shown,
      );
    }),
  );
}

/** Whether an address is one that clients try without being told. */
function isConventional(run: Run, call: Seen, address: string): boolean {
  const [bare = ''] = address.split(/[?#]/, 1);
  const wellKnown = `${run.origin}/.well-known/oauth-protected-resource`;
  return bare === wellKnown || bare === `${wellKnown}${call.path}`;
}
