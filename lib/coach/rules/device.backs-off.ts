import { rfc } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Polls less after a lost connection. */
export const rule: Rule = {
  id: 'device.backs-off',
  title: 'Polls less after a lost connection',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response')],
  assessable: 'The sandbox dropped a poll, and two more polls for the code arrived.',
  pass: 'The time to the next poll is longer than the interval in force, by at least a tenth.',
  fail: 'It is not.',
  evidence: 'The times between polls.',
  why: 'A server that does not answer is helped by silence.',
  fix: 'Double the interval on each timeout.',
  scenarios: ['device-poll-dropped'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.devices, ({ interval, polls }) => {
      const index = polls.findIndex(({ seen }) => seen.exchange.response === null && seen.acted('fault'));
      const lost = polls[index];
      const next = polls[index + 1];
      if (lost === undefined || next === undefined || polls.length < index + 3) return null;
      const gap = next.seen.start - lost.seen.end;
      const shown = status(lost.seen, 'the poll that got no answer');
      const place = request(next.seen, `the next poll, ${(gap / 1000).toFixed(1)} s later`);
      return gap >= interval * 1100
        ? pass('It waited longer after a lost connection.', place, shown)
        : fail(`It waited ${(gap / 1000).toFixed(1)} s, and the interval is ${interval} s.`, place, shown);
    }),
  );
}
