/** The figures of a report over several scenarios. */
import type { Report, Summary, Verdict, VerdictName } from './types.ts';

/** The names of verdicts, the worst first. */
export const WORST: readonly VerdictName[] = ['fail', 'warn', 'pass', 'not_observed'];

/** The verdicts of the rules that the scenarios in force are about. */
export function askedOf({ summary, verdicts }: Report): Record<string, VerdictName> {
  const asked = new Set(summary.asked);
  return Object.fromEntries(verdicts.flatMap(({ rule, verdict }) => (asked.has(rule) ? [[rule, verdict]] : [])));
}

/** @param asked ids of the rules that the scenarios are about */
export function summaryOf(verdicts: readonly Verdict[], asked: readonly string[]): Summary {
  const count = (name: VerdictName): number => verdicts.filter(({ verdict }) => verdict === name).length;
  const must = (name: VerdictName): number =>
    verdicts.filter(({ verdict, in_force }) => verdict === name && in_force === 'MUST').length;
  const seen = new Set(verdicts.filter(({ verdict }) => verdict !== 'not_observed').map(({ rule }) => rule));
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    not_observed: count('not_observed'),
    must: { pass: must('pass'), fail: must('fail') },
    asked,
    unanswered: asked.filter((id) => !seen.has(id)),
  };
}
