/** Verdicts that one sandbox alone cannot give: two sandboxes of the same plan are set side by side. */
import type { Report, Verdict } from './types.ts';

const IN_QUESTION = 'authorize.iss-optional-accepted';
/** Shows that the client redeems codes. */
const CONTROL = 'token.code-present';

const verdictOf = (report: Report, rule: string): Verdict | undefined =>
  report.verdicts.find((one) => one.rule === rule);

/** Whether the client redeemed a code of a sandbox that sends `iss`. */
function redeemsBesideIss(report: Report): boolean {
  const question = verdictOf(report, IN_QUESTION);
  return (
    verdictOf(report, CONTROL)?.verdict === 'pass' &&
    question?.verdict === 'not_observed' &&
    question.reason?.code !== 'needs-plan'
  );
}

/**
 * A report beside the others of its plan: a client that redeems codes elsewhere, and left one lie only because no `iss`
 * came with it, refuses what it should accept.
 * @param others of the same client in other sandboxes
 * @see https://datatracker.ietf.org/doc/html/rfc9207#section-2.4
 */
export function comparedWith(report: Report, others: readonly Report[]): Report {
  const question = verdictOf(report, IN_QUESTION);
  if (question?.reason?.code !== 'needs-plan' || !report.final || question.evidence.length === 0) return report;
  const other = others.find(redeemsBesideIss);
  if (other === undefined) return report;
  const { summary } = report;
  const isMust = question.in_force === 'MUST';
  return {
    ...report,
    verdicts: report.verdicts.map((one) =>
      one === question
        ? {
            ...question,
            verdict: isMust ? 'fail' : 'warn',
            says: `It did not redeem a code that came without iss, and redeems those that come with it${
              other.scenarios[0] === undefined ? '' : ` (${other.scenarios[0]})`
            }.`,
            reason: null,
          }
        : one,
    ),
    summary: {
      ...summary,
      not_observed: summary.not_observed - 1,
      fail: summary.fail + (isMust ? 1 : 0),
      warn: summary.warn + (isMust ? 0 : 1),
      must: { ...summary.must, fail: summary.must.fail + (isMust ? 1 : 0) },
      unanswered: summary.unanswered.filter((id) => id !== IN_QUESTION),
    },
  };
}
