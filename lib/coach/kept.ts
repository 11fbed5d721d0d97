/** A report that is kept: without the words that every copy of its rules has, and with the exchanges that it cites. */
import type { Exchange } from '#lib/exchange/types.ts';
import { type KeptReport, keepReport, restoreReport } from './merged.ts';
import type { Report } from './types.ts';

export interface Kept {
  readonly report: KeptReport;
  /** Masked. */
  readonly exchanges: readonly Exchange[];
}

/**
 * A report with the exchanges that it cites; if they are too large, only with those that failures and warnings cite.
 * @param exchanges masked
 * @param bytes at most, nearly
 */
export function keep(report: Report, exchanges: readonly Exchange[], bytes: number): Kept {
  const kept = keepReport(report);
  const citedBy = (verdicts: Report['verdicts']): Exchange[] => {
    const cited = new Set(verdicts.flatMap(({ evidence }) => evidence.map(({ seq }) => seq)));
    return exchanges.filter(({ seq }) => cited.has(seq));
  };
  const all = { report: kept, exchanges: citedBy(report.verdicts) };
  if (JSON.stringify(all).length <= bytes) return all;
  const broken = report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const some = { report: kept, exchanges: citedBy(broken) };
  return JSON.stringify(some).length <= bytes ? some : { report: kept, exchanges: [] };
}

/** The whole report again. */
export function restore({ report, exchanges }: Kept): {
  readonly report: Report;
  readonly exchanges: readonly Exchange[];
} {
  return { report: restoreReport(report), exchanges };
}
