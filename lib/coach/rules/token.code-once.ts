import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter, status } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import type { TokenRequest } from '../entries.ts';
import { everyOne, PLACEHOLDER } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Redeems a code once. */
export const rule: Rule = {
  id: 'token.code-once',
  title: 'Redeems a code once',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(6749, '4.1.2', 'Authorization Response'),
    oauth21('4.1.3', 'Token Endpoint Extension'),
    oauth21('7.5.3', 'Reuse of Authorization Codes'),
  ],
  assessable: 'A token request for a code arrived, and the answer was delivered.',
  pass: 'The code does not come back.',
  fail: 'It comes back after a delivered 200, or after a delivered invalid_grant.',
  evidence: 'Both requests, with the answer to the first and the time between them.',
  why: 'Servers take the second use for theft and revoke what the first one brought.',
  fix: 'Redeem in one place, once. On invalid_grant start a new authorization.',
  scenarios: [],
  pitfalls: [
    'Repeating is right after use_dpop_nonce, and pardonable after 5xx, 429, a dropped connection or an ' +
      'answer that was cut off. None of them is judged.',
    'Two requests within two seconds, before the first answer was complete, are reported as a race and as ' +
      'a warning.',
    'An answer is delivered when its last byte was written to an open connection.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const byCode = new Map<string, TokenRequest[]>();
  for (const one of run.redemptions) {
    if (!one.code || PLACEHOLDER.test(one.code)) continue;
    const before = byCode.get(one.code);
    if (before === undefined) byCode.set(one.code, [one]);
    else before.push(one);
  }
  return worst(
    everyOne(
      [...byCode.values()].flatMap((uses) => uses.map((one, index) => ({ one, next: uses[index + 1] }))),
      ({ one, next }) => {
        const { seen } = one;
        if (!seen.delivered || (seen.status !== 200 && seen.error !== 'invalid_grant')) return null;
        const shown = status(seen, `the answer to the first, ${seen.status}`);
        if (next === undefined) return passSoFar('The code did not come back.', parameter(seen, 'code', 'the code'));
        const place = parameter(
          next.seen,
          'code',
          `the same code, ${Math.round(next.seen.start - seen.start)} ms later`,
        );
        return next.seen.start < seen.end && next.seen.start - seen.start < 2000
          ? warn('Two requests raced for one code.', place, shown)
          : fail('A code came back.', place, shown);
      },
    ),
  );
}
