import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Authenticates in one way. */
export const rule: Rule = {
  id: 'token.one-auth-method',
  title: 'Authenticates in one way',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('2.4', 'Client Authentication'), rfc(6749, '2.3', 'Client Authentication')],
  assessable: 'A token request with client authentication arrived.',
  pass: 'One of HTTP Basic, client_secret and client_assertion.',
  fail: 'More than one of them.',
  evidence: 'Where the credentials were found.',
  why: 'The server cannot know which one counts, and may refuse the request.',
  fix: 'Choose one, by registration.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, methods }) => {
      if (methods.length === 0) return null;
      const inBody = parameter(
        seen,
        methods.includes('private_key_jwt') ? 'client_assertion' : 'client_secret',
        'credentials in the body',
      );
      const inHeader = requestHeader(seen, 'authorization', 'credentials in the header');
      return methods.length === 1
        ? passSoFar('It authenticates in one way.', methods[0] === 'client_secret_basic' ? inHeader : inBody)
        : fail(`It authenticates by ${methods.join(' and ')}.`, inBody, inHeader);
    }),
  );
}
