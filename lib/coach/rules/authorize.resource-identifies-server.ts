import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { addressOf, identifies } from '../addresses.ts';
import { everyOne, resourcesOf } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The resource is this server. */
export const rule: Rule = {
  id: 'authorize.resource-identifies-server',
  title: 'The resource is this server',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
    rfc(8707, '2', 'Resource Parameter'),
  ],
  assessable: 'An authorization or token request with resource arrived.',
  pass:
    "It is an absolute URI without fragment, on the sandbox's origin, and its path is the resource's or a " +
    'parent of it.',
  fail: 'It is relative, has a fragment, or names another host or another sandbox.',
  evidence: 'resource of the request and of the metadata.',
  why: 'A token for another resource is refused here and good there.',
  fix: 'Send the resource from the metadata.',
  scenarios: [],
  pitfalls: [
    'Under resource-mismatch the foreign value comes from the sandbox. Not assessable there.',
    'Several resource parameters are permitted; one of them has to fit.',
  ],
  checks: ['resource-parameter-valid-uri'],
  judge,
};

function judge(run: Run): Finding {
  const given = new Set(run.ledger.prm.map((seen) => textOf(seen.answer, 'resource')));
  return worst(
    everyOne(resourcesOf(run), ({ seen, values }) => {
      const shown = (expected: string) => ({
        ...parameter(seen, 'resource', 'resource of the request', expected),
        got: values[0]!,
      });
      if (values.some((value) => identifies(run, value)))
        return passSoFar('The resource is this server.', shown(`${run.base}/mcp`));
      if (values.some((value) => given.has(value)))
        return none('on-purpose', 'The metadata of the sandbox names this resource.');
      if (
        run.calls.length === 0 &&
        !values.some((value) => value.includes('#')) &&
        values.every((value) => addressOf(value) !== null)
      )
        return none('other-kind', 'The resource is another server.');
      return fail('The resource is not this server.', shown(`${run.base}/mcp`));
    }),
  );
}
