import { mcp } from '#lib/config/scenarios/clauses.ts';
import { requestMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { attemptsOf, everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Registration says what kind of application it is. */
export const rule: Rule = {
  id: 'registration.application-type',
  title: 'Registration says what kind of application it is',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Application Type and Redirect URI Constraints'),
    {
      doc: 'OpenID Connect Dynamic Client Registration 1.0',
      section: '2 Client Metadata',
      url: 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata',
    },
  ],
  assessable: 'The client registered dynamically.',
  pass: 'application_type is native or web.',
  fail: 'It is missing or anything else.',
  evidence: 'The registration request.',
  why: 'OpenID servers take a missing value for web and then refuse loopback redirects.',
  fix: 'Send application_type native for desktop, mobile and command line clients, web for hosted ones.',
  scenarios: [],
  pitfalls: [],
  checks: ['sep-837-application-type-present'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(attemptsOf(run), ({ seen, body }) => {
      const type = textOf(body, 'application_type');
      const shown = requestMember(
        seen,
        'application_type',
        type,
        'application_type of the registration',
        'native or web',
      );
      return type === 'native' || type === 'web'
        ? passSoFar('The registration says what kind of application it is.', shown)
        : fail(
            type === null
              ? 'The registration does not say what kind of application it is.'
              : 'This kind of application does not exist.',
            shown,
          );
    }),
  );
}
