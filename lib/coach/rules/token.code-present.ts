import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, PLACEHOLDER } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Redeems a code that it has. */
export const rule: Rule = {
  id: 'token.code-present',
  title: 'Redeems a code that it has',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.1.3', 'Token Endpoint Extension'), rfc(6749, '4.1.3', 'Access Token Request')],
  assessable: 'A token request with grant_type authorization_code arrived.',
  pass: 'code is a value that came in a redirect to this client, no matter who made it.',
  fail: 'code is missing, empty, or a word such as undefined or null.',
  evidence: 'code, and the redirect before it.',
  why: 'A placeholder means that the client read an answer without looking at it.',
  fix: 'Check the callback for error and code before anything else.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, code }) => {
      const shown = parameter(seen, 'code', 'code');
      if (!code || PLACEHOLDER.test(code))
        return fail(code ? 'The code is a placeholder.' : 'There is no code.', shown);
      return run.ledger.byCode.has(code) ? passSoFar('It redeems a code that came in a redirect.', shown) : null;
    }),
  );
}
