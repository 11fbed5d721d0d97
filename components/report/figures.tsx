import type { Summary } from '#lib/live/report.ts';
import { VerdictMark } from './mark.tsx';

/** The result in one line: failures, warnings, passes, and what was not observed. */
export function Figures({ summary, unseen }: { readonly summary: Summary; readonly unseen: number }) {
  return (
    <p className="figures ui num">
      <span className={summary.fail > 0 ? 'fail' : undefined}>
        <VerdictMark mark="fail" silent />
        <b>{summary.fail}</b> fail
      </span>
      <span>
        <VerdictMark mark="warn" silent />
        <b>{summary.warn}</b> {summary.warn === 1 ? 'warning' : 'warnings'}
      </span>
      <span>
        <VerdictMark mark="pass" silent />
        <b>{summary.pass}</b> pass
      </span>
      <span>
        <VerdictMark mark="unseen" silent />
        <b>{unseen}</b> not observed
      </span>
    </p>
  );
}
