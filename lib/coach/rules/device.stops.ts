import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { PATIENCE, type Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Stops when it is over. */
export const rule: Rule = {
  id: 'device.stops',
  title: 'Stops when it is over',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response')],
  assessable: 'A poll got an error other than authorization_pending and slow_down, and the answer was delivered.',
  pass: 'No poll with that device code follows.',
  fail: 'One does, more than a second later.',
  evidence: 'The error, and the poll after it.',
  why: 'The decision is final. Only a new code can change it.',
  fix: 'Leave the loop on every other error.',
  scenarios: [],
  pitfalls: ['5xx, 429 and dropped connections are not errors of the protocol. Polling may go on after them.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(
      run.devices.flatMap(({ polls }) => polls.map((poll) => ({ poll, polls }))),
      ({ poll: { seen }, polls }) => {
        const error = seen.status >= 400 && seen.status < 500 && seen.status !== 429 ? seen.error : null;
        if (error === null || !seen.delivered || NOT_OVER.has(error)) return null;
        const shown = answerMember(seen, 'error', 'the end');
        const next = polls.find((one) => one.seen.start > seen.end + 1000);
        if (next) return fail(`It polled on after ${error}.`, request(next.seen, 'the poll after it'), shown);
        return run.isOver(seen, PATIENCE)
          ? pass('It stopped.', shown)
          : run.wait(seen, PATIENCE, 'Counts once no poll has come for 60 seconds.');
      },
    ),
  );
}

const NOT_OVER: ReadonlySet<string> = new Set([
  'authorization_pending',
  'slow_down',
  'use_dpop_nonce',
  'temporarily_unavailable',
  'server_error',
  'rate_limit_exceeded',
]);
