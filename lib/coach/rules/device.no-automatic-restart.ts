import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Waits for the user before asking again. */
export const rule: Rule = {
  id: 'device.no-automatic-restart',
  title: 'Waits for the user before asking again',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.5', 'Device Access Token Response')],
  assessable: 'expired_token was delivered.',
  pass: 'At most one device authorization request of this client follows within ten seconds.',
  fail: 'A second one does.',
  evidence: 'The requests after the expiry.',
  why: 'No user is looking. Each new code starts another round of polling.',
  fix: 'Ask the user to start again.',
  scenarios: ['device-expired'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(
      run.devices.flatMap(({ polls }) => polls),
      ({ seen }) => {
        if (seen.error !== 'expired_token' || !seen.delivered) return null;
        const shown = answerMember(seen, 'error', 'the end');
        const again = run.devices.filter((one) => byTime(one.seen, seen) > 0 && one.seen.start <= seen.end + 10_000);
        if (again[1])
          return fail(
            'It asked for two new codes within ten seconds.',
            request(again[1].seen, 'the second request'),
            shown,
          );
        return run.isOver(seen, 10_000)
          ? pass('It waits for the user.', shown)
          : run.wait(seen, 10_000, 'Counts after ten seconds.');
      },
    ),
  );
}
