import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { freshIn } from '../fresh.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Each request has a challenge of its own. */
export const rule: Rule = {
  id: 'authorize.pkce-fresh',
  title: 'Each request has a challenge of its own',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.1.1', 'Authorization Request'), rfc(7636, '4.1', 'Client Creates a Code Verifier')],
  assessable: 'Two authorization requests of one client arrived that are different requests.',
  pass: 'Their challenges differ.',
  fail: 'They have the same challenge, and differ in state, scope, nonce or redirect_uri.',
  evidence: 'Both requests.',
  why: 'A verifier that is used twice is known to everyone who saw it once.',
  fix: 'Generate the verifier when the request is built, not when the client starts.',
  scenarios: [],
  pitfalls: ['A reload, the back button or a prefetch repeats a request in every byte. Identical requests count once.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return freshIn(run, 'code_challenge', 'challenge', ['state', 'scope', 'nonce', 'redirect_uri']);
}
