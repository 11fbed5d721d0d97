import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { addressOf } from '../addresses.ts';
import { delivered } from '../documents.ts';
import { everyOne, goesBeyond } from '../look.ts';
import { PATIENCE, type Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refuses metadata of another resource. */
export const rule: Rule = {
  id: 'discovery.prm-resource-validated',
  title: 'Refuses metadata of another resource',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
    mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
  ],
  assessable: 'Metadata whose resource is on another host was delivered to this client.',
  pass: 'No authorization request follows for 60 seconds of real time, or until the run is closed.',
  fail: 'An authorization, device or token request of this client follows.',
  evidence: 'resource in the document, the URL that the client called, and the authorization request.',
  why:
    "Otherwise a server can lend itself somebody else's document and have the client obtain a token for " +
    'that resource, which it then receives.',
  fix:
    'Compare resource with the URL that you asked before you use anything else of the document; stop where ' +
    'they differ.',
  scenarios: ['resource-mismatch'],
  pitfalls: [
    'Only a different host is judged. Whether a parent path on the same origin will do is disputed, and ' +
      'no rule says.',
    'Registration without authorization is not held against the client.',
  ],
  checks: ['resource-mismatch-rejected'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(delivered(run.prm), ({ seen, document }) => {
      const resource = textOf(document, 'resource');
      const asked = addressOf(seen.exchange.request.url);
      const named = addressOf(resource);
      if (resource === null || asked === null || named === null || named.host === asked.host) return null;
      const shown = answerMember(seen, 'resource', 'resource of the document', `on ${asked.host}`);
      for (const one of run.after(seen)) {
        if (one.endpoint === 'prm' && addressOf(textOf(one.answer, 'resource'))?.host === asked.host) break;
        if (goesBeyond(one) && one.param('grant_type') !== 'refresh_token')
          return fail(
            'It went on with the metadata of another resource.',
            request(one, 'the request that followed'),
            shown,
          );
      }
      if (run.isOver(seen, PATIENCE)) return pass('It stopped at the metadata of another resource.', shown);
      return run.wait(seen, PATIENCE, 'Counts once nothing has followed for 60 seconds.');
    }),
  );
}
