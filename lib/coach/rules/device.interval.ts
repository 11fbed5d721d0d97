import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { TokenRequest } from '../entries.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps to the interval. */
export const rule: Rule = {
  id: 'device.interval',
  title: 'Keeps to the interval',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response'), rfc(8628, '3.2', 'Device Authorization Response')],
  assessable: 'Two polls for one device code arrived.',
  pass: 'The real time between their arrivals is at least the interval in force, less a tenth and half a second.',
  fail: 'Two polls or more came sooner.',
  evidence: 'The times between polls, and the interval in force.',
  why: 'Thousands of waiting devices are a burden to the server.',
  fix: 'Wait interval seconds before each poll, five where the response has none.',
  scenarios: [],
  pitfalls: [
    "Measured in real time, whatever the sandbox's clock says.",
    "One early poll can be the network's doing; two are needed for a failure.",
    'The rise after slow_down is judged by device.slow-down.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.devices, ({ seen, interval, polls }) => {
      const least = interval * 900 - 500;
      const early: TokenRequest[] = [];
      for (const [index, poll] of polls.entries()) {
        const before = polls[index - 1];
        if (before && before.seen.exchange.response !== null && poll.seen.start - before.seen.start < least)
          early.push(poll);
      }
      const shown = answerMember(seen, 'interval', 'the interval', String(interval));
      if (early[1])
        return fail(
          `Two polls came sooner than ${interval} s after the one before.`,
          request(early[1].seen, 'the second early poll'),
          request(early[0]!.seen, 'the first early poll'),
          shown,
        );
      return polls.length > 1
        ? passSoFar('It keeps to the interval.', request(polls[1]!.seen, 'the second poll'), shown)
        : null;
    }),
  );
}
