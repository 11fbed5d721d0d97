import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, parameter } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { challengeBefore, challengeScopes } from '../documents.ts';
import { firstAuthorization } from '../codes.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Requests the scope of the challenge. */
export const rule: Rule = {
  id: 'authorize.scope-from-challenge',
  title: 'Requests the scope of the challenge',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
    mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
    rfc(6750, '3', 'The WWW-Authenticate Response Header Field'),
  ],
  assessable: "The last 401 before this client's first authorization request named a scope.",
  pass: 'The request has all of its scopes.',
  fail: 'It lacks one.',
  evidence: 'scope of the challenge and of the request.',
  why: 'The challenge says what this very request needs. Other scopes bring a token that is refused.',
  fix: 'Take the scope of the challenge where there is one.',
  scenarios: [],
  pitfalls: [
    'Users may have set scopes by hand. The report says so beside the warning.',
    'A later authorization after 403 is judged by authorize.step-up-scope.',
  ],
  checks: ['scope-from-www-authenticate', 'scope-step-up-initial'],
  judge,
};

function judge(run: Run): Finding {
  const first = firstAuthorization(run);
  const challenge = first && challengeBefore(run, first.seen);
  const scopes = challenge && challengeScopes(challenge);
  if (first === null || challenge === null || !scopes?.length) return none('no-occasion');
  // Two requests of a client may be refused at once, and each begins an authorization of its own.
  const atOnce = run.authorizations.filter(({ seen }) => seen.start <= first.seen.start + AT_ONCE);
  const chosen = atOnce.find((one) => scopes.every((scope) => one.scope.includes(scope))) ?? first;
  const missing = scopes.find((scope) => !chosen.scope.includes(scope));
  const shown = parameter(chosen.pushed ?? chosen.seen, 'scope', 'scope of the request', scopes.join(' '));
  const asked = answerHeader(challenge, 'www-authenticate', 'scope of the challenge');
  return missing === undefined
    ? pass('It asks for the scope of the challenge.', shown, asked)
    : fail(`It does not ask for ${missing}. A user may have set the scopes by hand.`, shown, asked);
}

/** ms within which two authorization requests were begun by one burst. */
const AT_ONCE = 2000;
