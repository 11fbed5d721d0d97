/** Values that each authorization request must have anew: the challenge, the state. */
import { parameter } from './exhibits.ts';
import { fail, passSoFar, worst } from './findings.ts';
import type { Authorization } from './entries.ts';
import type { Run } from './run.ts';
import type { Finding } from './types.ts';

/**
 * Judges whether different authorization requests have different values of one parameter.
 * @param name the parameter
 * @param noun what a sentence calls it
 * @param distinct parameters that tell requests apart: a request that differs in none of them is a repetition
 */
export function freshIn(run: Run, name: string, noun: string, distinct: readonly string[]): Finding {
  const first = new Map<string, Authorization>();
  const findings: Finding[] = [];
  for (const one of run.authorizations) {
    const value = one.parameters.get(name);
    if (!value) continue;
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, one);
      if (first.size > 1)
        findings.push(
          passSoFar(
            `Each request has a ${noun} of its own.`,
            parameter(one.pushed ?? one.seen, name, `the ${noun} of the later request`),
          ),
        );
    } else if (distinct.some((other) => one.parameters.get(other) !== before.parameters.get(other)))
      findings.push(
        fail(
          `Two requests have the same ${noun}.`,
          parameter(one.pushed ?? one.seen, name, 'the later request'),
          parameter(before.pushed ?? before.seen, name, 'the earlier request'),
        ),
      );
  }
  return worst(findings);
}
