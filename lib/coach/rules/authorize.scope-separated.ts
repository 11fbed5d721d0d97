import { rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { challengeScopes, listedScopes } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Puts spaces between scopes. */
export const rule: Rule = {
  id: 'authorize.scope-separated',
  title: 'Puts spaces between scopes',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '3.3', 'Access Token Scope')],
  assessable: 'An authorization request asks for more than one scope.',
  pass: 'Spaces stand between them.',
  fail: 'Commas stand between scopes that the server, the resource or a challenge names.',
  evidence: 'scope of the request.',
  why: 'To the server the whole text is one scope, which it does not know.',
  fix: 'Join the scopes with a space.',
  scenarios: [],
  pitfalls: ['A comma may be part of a scope. Only what is a scope of this sandbox between commas counts.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters, issuer }) => {
      const text = parameters.get('scope');
      if (!text) return null;
      const known = new Set([
        ...(listedScopes(run, seen, issuer) ?? []),
        ...run.prm.flatMap((one) => textsOf(one.answer, 'scopes_supported') ?? []),
        ...run.calls.flatMap((call) => challengeScopes(call.seen) ?? []),
      ]);
      const shown = parameter(pushed ?? seen, 'scope', 'scope of the request', text.replaceAll(/,\s*/g, ' '));
      const joined = text.split(' ').find((scope) => scope.includes(',') && !known.has(scope));
      if (joined?.split(',').some((scope) => known.has(scope))) return fail('Commas stand between the scopes.', shown);
      return text.includes(' ')
        ? passSoFar('Spaces stand between the scopes.', parameter(pushed ?? seen, 'scope', 'scope of the request'))
        : null;
    }),
  );
}
