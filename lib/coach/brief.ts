/** A report for a page that asks for it again with every exchange: without the words that a rule always has. */
import { rules } from './rules/index.ts';
import type { Report, RuleWords, BriefReport } from './types.ts';

/** The report without clauses, reasons why, fixes and addresses; `ruleWords` has them. */
export function briefOf({ verdicts, ...report }: Report): BriefReport {
  return {
    ...report,
    verdicts: verdicts.map(({ clause: _clause, clauses: _clauses, why: _why, fix: _fix, url: _url, ...own }) => own),
  };
}

/** What a rule says whatever it finds, by its id. */
export function ruleWords(): Readonly<Record<string, RuleWords>> {
  return Object.fromEntries(rules.map(({ id, spec, why, fix }) => [id, { clauses: spec, why, fix }]));
}
