import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { delivered, readable } from '../documents.ts';
import { untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Ignores members that it does not know. */
export const rule: Rule = {
  id: 'discovery.unknown-members-ignored',
  title: 'Ignores members that it does not know',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    rfc(9728, '3.2', 'Protected Resource Metadata Response'),
    rfc(8414, '3.2', 'Authorization Server Metadata Response'),
  ],
  assessable: 'Metadata with unknown members was delivered to this client.',
  pass: 'A registration or authorization request of this client follows.',
  fail: 'The run is closed without one.',
  absence: 'Certain only when the developer closes the run.',
  evidence: 'The unknown members, and the requests after them.',
  why:
    'Both documents grow with each extension. A closed schema locks the client out of servers that are ' +
    'newer than itself.',
  fix: 'Read the members you need and leave the rest alone.',
  scenarios: ['metadata-unknown-members'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const documents = [...delivered(run.prm), ...readable(run.documents)].filter(({ document }) =>
    Object.keys(document).some((name) => name.startsWith('x_')),
  );
  const [first] = documents;
  if (first === undefined) return none('no-occasion');
  const name = Object.keys(first.document).find((one) => one.startsWith('x_'))!;
  const shown = answerMember(first.seen, name, 'a member that no specification names');
  const used = run
    .after(first.seen)
    .find(
      ({ endpoint }) =>
        endpoint === 'register' || endpoint === 'authorize' || endpoint === 'device' || endpoint === 'token',
    );
  if (used) return pass('It went on with a document that has unknown members.', request(used, 'what followed'), shown);
  if (run.calls.some(({ tokens }) => tokens !== null)) return none('no-occasion');
  return run.closed
    ? fail('It went no further than a document with unknown members.', shown)
    : untilClosed('Nothing has followed the document yet.');
}
