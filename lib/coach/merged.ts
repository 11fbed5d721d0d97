/** One report over all items of a plan: the verdict of a rule is the worst that any item gave it. */
import { comparedWith } from './compared.ts';
import { CODES } from './findings.ts';
import { rules } from './rules/index.ts';
import type { PathRow } from './path.ts';
import { askedOf, summaryOf, WORST } from './summary.ts';
import type { Report, Verdict } from './types.ts';

/** The report of an item. */
export interface ItemReport {
  readonly scenario: string;
  readonly report: Report;
  /** What the client did. */
  readonly path: readonly PathRow[];
}

/** What is kept of a verdict when an item ends; the rest is known of its rule. */
export type KeptVerdict = Pick<
  Verdict,
  'rule' | 'verdict' | 'so_far' | 'in_force' | 'says' | 'evidence' | 'reason' | 'url'
>;
export type KeptReport = Omit<Report, 'verdicts'> & { readonly verdicts: readonly KeptVerdict[] };

/** A report without what can be said again at any time. */
export function keepReport({ verdicts, ...report }: Report): KeptReport {
  return {
    ...report,
    verdicts: verdicts.map(({ rule, verdict, so_far, in_force, says, evidence, reason, url }) => ({
      rule,
      verdict,
      so_far,
      in_force,
      says,
      evidence,
      reason,
      url,
    })),
  };
}

const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** The whole report again. Rules that are no more are left out. */
export function restoreReport(kept: KeptReport): Report {
  return {
    ...kept,
    // Reports that the first version kept have none.
    runs: kept.runs ?? [],
    verdicts: kept.verdicts.flatMap((verdict) => {
      const rule = byId.get(verdict.rule);
      if (rule === undefined) return [];
      const { title, level, why, fix, spec } = rule;
      const phase = rule.id.slice(0, rule.id.indexOf('.')) as Verdict['phase'];
      return [{ ...verdict, title, phase, level, clause: spec[0], clauses: spec, why, fix }];
    }),
  };
}

/** Exhibits that a verdict over all items shows. */
const MOST_EVIDENCE = 20;

/** Each report beside the others: some verdicts need two sandboxes. */
export function compareItems(items: readonly ItemReport[]): ItemReport[] {
  const reports = items.map(({ report }) => report);
  return items.map((item) => ({ ...item, report: comparedWith(item.report, reports) }));
}

/** Merges the reports of items. @returns null if there are none */
export function mergeReports(alone: readonly ItemReport[]): (Report & { readonly items: unknown[] }) | null {
  const items = compareItems(alone);
  const last = items.at(-1)?.report;
  if (last === undefined) return null;
  const verdicts = last.verdicts.map(({ rule }) => worstOf(rule, items)).filter((verdict) => verdict !== null);
  const asked = [...new Set(items.flatMap(({ report }) => report.summary.asked))];
  return {
    ...last,
    final: items.every(({ report }) => report.final),
    scenarios: items.map(({ scenario }) => scenario),
    client: items.find(({ report }) => report.client !== null)?.report.client ?? null,
    summary: summaryOf(verdicts, asked),
    verdicts,
    silence: null,
    runs: [],
    items: items.map(({ scenario, report, path }) => ({
      scenario,
      sandbox: report.sandbox.id,
      run: report.run,
      final: report.final,
      summary: report.summary,
      asked: askedOf(report),
      silence: report.silence,
      path,
    })),
  };
}

function worstOf(rule: string, items: readonly ItemReport[]): Verdict | null {
  const found = items.flatMap(({ scenario, report }) => {
    const verdict = report.verdicts.find((one) => one.rule === rule);
    return verdict === undefined ? [] : [{ scenario, sandbox: report.sandbox.id, verdict }];
  });
  const name = WORST.find((one) => found.some(({ verdict }) => verdict.verdict === one));
  if (name === undefined) return null;
  const deciding = found.filter(({ verdict }) => verdict.verdict === name);
  // Of what was not observed, the reason that is the closest to a verdict says the most.
  const distance = ({ reason }: Verdict): number =>
    reason === null ? 0 : CODES.indexOf(reason.code) + (reason.fits ? 0 : CODES.length);
  const first = deciding
    .map(({ verdict }) => verdict)
    .reduce((best, one) => (distance(one) < distance(best) ? one : best));
  return {
    ...first,
    so_far: deciding.every(({ verdict }) => verdict.so_far),
    evidence: deciding
      .flatMap(({ scenario, sandbox, verdict }) => verdict.evidence.map((one) => ({ ...one, sandbox, scenario })))
      .slice(0, MOST_EVIDENCE),
  };
}
