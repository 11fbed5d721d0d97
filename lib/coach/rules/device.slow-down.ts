import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Slows down for good. */
export const rule: Rule = {
  id: 'device.slow-down',
  title: 'Slows down for good',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response')],
  assessable: 'slow_down was delivered, and two more polls for the code arrived.',
  pass:
    'The times between all later polls are at least the old interval and five seconds for each slow_down, ' +
    'less a tenth and half a second.',
  fail: 'A later one is shorter.',
  evidence: 'The times between polls before and after.',
  why: 'The rise holds for all later polls, and adds up.',
  fix: 'Add five to the interval variable.',
  scenarios: ['device-slow-down'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.devices, ({ interval, polls }) => {
      const first = polls.findIndex(({ seen }) => seen.error === 'slow_down' && seen.delivered);
      if (first < 0 || polls.length < first + 3) return null;
      let rises = 0;
      let hasty = false;
      const shown = answerMember(polls[first]!.seen, 'error', 'the first slow_down');
      for (const [index, poll] of polls.entries()) {
        const before = polls[index - 1];
        if (before && rises > 0) {
          const least = (interval + 5 * rises) * 900 - 500;
          const gap = poll.seen.start - before.seen.start;
          // A poll sooner than the first interval is judged by another rule, and has not slowed down.
          if (gap < interval * 900 - 500) hasty = true;
          else if (gap < least)
            return fail(
              `A poll came ${(gap / 1000).toFixed(1)} s after the one before; ${interval + 5 * rises} s are in force.`,
              request(poll.seen, 'the early poll'),
              shown,
            );
        }
        if (poll.seen.error === 'slow_down' && poll.seen.delivered) rises += 1;
      }
      if (hasty) return null;
      return passSoFar('It slowed down for good.', request(polls[first + 2]!.seen, 'a later poll'), shown);
    }),
  );
}
