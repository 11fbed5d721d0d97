import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { delivered } from '../documents.ts';
import { differenceOf, everyOne, resourcesOf } from '../look.ts';
import { identifies, normalized } from '../addresses.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The resource is spelled as published. */
export const rule: Rule = {
  id: 'authorize.resource-exact',
  title: 'The resource is spelled as published',
  level: 'SHOULD',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
    rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
  ],
  assessable:
    'An authorization or token request has a resource that identifies this server, and the metadata was ' +
    'delivered.',
  pass: 'It is byte for byte the resource of the metadata.',
  fail: 'It differs in a trailing slash, in case, in the port, or names a parent.',
  evidence: 'Both strings, with the first difference marked.',
  why:
    'Servers compare strings. A slash that a URL library added is the commonest reason for a token with the ' +
    'wrong audience.',
  fix: 'Keep the value as a string from the document to the request, and never through a URL object.',
  scenarios: [],
  pitfalls: ['The suite, from 0.2.0-alpha.12 on, counts any difference as a failure.'],
  checks: ['resource-parameter-matches-prm'],
  judge,
};

function judge(run: Run): Finding {
  const published = delivered(run.prm).map(({ seen, document }) => ({ seen, resource: textOf(document, 'resource') }));
  return worst(
    everyOne(resourcesOf(run), ({ seen, values }) => {
      const fitting = values.find(
        (value) => identifies(run, value) && published.some((one) => isSpelling(value, one.resource)),
      );
      const [first] = published;
      if (fitting === undefined || first === undefined || first.resource === null) return null;
      const same = published.find(({ resource }) => resource !== null && values.includes(resource));
      const shown = { ...parameter(seen, 'resource', 'resource of the request', first.resource), got: fitting };
      return same
        ? passSoFar('The resource is spelled as published.', shown)
        : fail(
            `The resource is spelled in another way: ${differenceOf(fitting, first.resource)}.`,
            shown,
            answerMember(first.seen, 'resource', 'resource of the metadata'),
          );
    }),
  );
}

/** Whether a value means a resource that is published, or a parent of it. */
function isSpelling(value: string, resource: string | null): boolean {
  const [given, published] = [normalized(value), normalized(resource ?? '')];
  return given === published || published.split('?')[0]!.startsWith(`${given}/`) || given === published.split('?')[0];
}
