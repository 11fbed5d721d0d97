import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The challenge has the right form. */
export const rule: Rule = {
  id: 'authorize.pkce-challenge-form',
  title: 'The challenge has the right form',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(7636, '4.2', 'Client Creates the Code Challenge'), oauth21('4.1.1', 'Authorization Request')],
  assessable: 'An authorization request with code_challenge_method S256 arrived.',
  pass: 'code_challenge is 43 characters of the base64url alphabet.',
  fail: 'It has padding, other characters or another length.',
  evidence: 'code_challenge, with its length.',
  why: 'A challenge in hex or with padding can never match.',
  fix: 'Encode the 32 bytes of the hash in base64url without padding.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters }) => {
      const challenge = parameters.get('code_challenge');
      if (!challenge || parameters.get('code_challenge_method') !== 'S256') return null;
      const shown = parameter(pushed ?? seen, 'code_challenge', 'code_challenge', '43 characters of base64url');
      const outside = /[^A-Za-z0-9_-]/.test(challenge) ? ', some of them outside base64url' : '';
      return /^[A-Za-z0-9_-]{43}$/.test(challenge)
        ? passSoFar('The challenge has the right form.', shown)
        : fail(`The challenge has ${challenge.length} characters${outside}.`, shown);
    }),
  );
}
