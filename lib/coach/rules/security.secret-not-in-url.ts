import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { request } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne, goesBeyond } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** No credential in an address. */
export const rule: Rule = {
  id: 'security.secret-not-in-url',
  title: 'No credential in an address',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('2.4.1', 'Client Secret'), rfc(9700, '4.3', 'Credential Leakage via Browser History')],
  assessable: 'Any request of this client arrived.',
  pass: 'No client_secret, client_assertion, code_verifier, refresh_token or password is in its query.',
  fail: 'One is.',
  evidence: 'The name of the parameter, its value masked.',
  why: 'Addresses are written to logs and histories. A verifier in the authorization request undoes PKCE as well.',
  fix: 'Send credentials in the body or in a header, and the verifier only with the code.',
  scenarios: [],
  pitfalls: [
    "The sandbox's own auto_approve_password is a means of tests and is not looked at.",
    'id_token_hint is meant for the query.',
    'A token request whose parameters are all in the address is judged by token.form-encoded.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [first] = run.seen.filter(goesBeyond);
  return worst(
    everyOne(run.seen, (seen) => {
      // A token request that stands in the address as a whole is judged by token.form-encoded.
      if (seen.endpoint === 'token' && (seen.query.has('grant_type') || seen.query.has('code'))) return null;
      const name = SECRET.find((one) => seen.query.has(one));
      return name === undefined
        ? null
        : fail(`${name} is in the address.`, { ...request(seen, 'the address'), part: { in: 'query', name } });
    }),
    first
      ? passSoFar('No address has a credential in it.', request(first, 'a request that was looked at'))
      : none('no-occasion'),
  );
}

const SECRET: readonly string[] = ['client_secret', 'client_assertion', 'code_verifier', 'refresh_token', 'password'];
