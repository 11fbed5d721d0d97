import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, passSoFar, worst } from '../findings.ts';
import { everyOne, isPending, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Goes on while the user is thinking. */
export const rule: Rule = {
  id: 'device.goes-on',
  title: 'Goes on while the user is thinking',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response')],
  assessable: 'authorization_pending or slow_down was delivered, and the code had more than two intervals to live.',
  pass: 'Another poll follows.',
  fail: 'The run is closed without one, two intervals after the last poll or later.',
  absence: 'Certain only when the developer closes the run.',
  evidence: 'The error, and nothing after it.',
  why: 'The first poll nearly always comes before the user has finished.',
  fix: 'Treat both codes as a reason to wait.',
  scenarios: [],
  pitfalls: ['Under device-pending-403 the status is not the one of RFC 6749. Giving up there is a warning.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.devices, ({ seen, interval, expiresIn, polls }) => {
      const last = polls.at(-1);
      const waits = polls.find((poll) => isPending(poll.seen));
      if (last === undefined || waits === undefined) return null;
      const next = polls.find((poll) => byTime(poll.seen, waits.seen) > 0);
      const shown = answerMember(waits.seen, 'error', 'the user is still thinking');
      if (next && !isPending(last.seen)) return pass('It polled on.', request(next.seen, 'the next poll'), shown);
      const left = seen.start + (expiresIn ?? 900) * 1000 - last.seen.end;
      const slowed = polls.filter((poll) => poll.seen.error === 'slow_down' && poll.seen.delivered).length;
      const patience = 2 * (interval + 5 * slowed) * 1000;
      if (left <= patience) return next ? pass('It polled on.', request(next.seen, 'the next poll'), shown) : null;
      if (!run.closed)
        return next
          ? passSoFar('It polls on.', request(next.seen, 'the next poll'), shown)
          : untilClosed('Another poll may follow.');
      // A run that is closed within two intervals says nothing: the next poll may have been on its way.
      if (run.now - last.seen.end < patience)
        return next
          ? pass('It polled on.', request(next.seen, 'the next poll'), shown)
          : untilClosed('The run was closed before the next poll was due.');
      return fail(
        'It gave up while the user was still thinking.',
        answerMember(last.seen, 'error', 'the last answer'),
        shown,
      );
    }),
  );
}
