import { VerdictMark } from '#components/report/mark.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { markOf, type Verdict } from '#lib/live/report.ts';

/** Rules as rows. @param brief titles and exchanges alone */
export function VerdictTable({
  verdicts,
  brief = false,
}: {
  readonly verdicts: readonly Verdict[];
  readonly brief?: boolean;
}) {
  if (brief)
    return (
      <ul className="rules">
        {verdicts.map((verdict) => (
          <li key={verdict.rule} id={`rule-${verdict.rule}`}>
            <VerdictMark mark={markOf(verdict)} />
            <a href={`/reference/rules#rule-${verdict.rule}`}>
              <Prose text={verdict.title} />
            </a>
            <em>{verdict.in_force === 'MUST' ? '' : verdict.in_force}</em>
            <span className="seen num">{verdict.evidence[0]?.seq}</span>
          </li>
        ))}
      </ul>
    );
  return (
    <ul className="kr-rows">
      {verdicts.map((verdict) => (
        <li key={verdict.rule} id={`rule-${verdict.rule}`}>
          <div>
            <h3>
              <VerdictMark mark={markOf(verdict)} /> <Prose text={verdict.title} />
            </h3>
            <p>
              <Prose text={verdict.reason?.says ?? verdict.says} />
            </p>
          </div>
          <div className="kr-side">
            <p className="tiny dim">
              {verdict.in_force ?? verdict.level}
              {verdict.evidence[0] && `, exchange ${verdict.evidence[0].seq}`}
            </p>
            {verdict.verdict === 'warn' && (
              <p>
                <Prose text={verdict.fix} />
              </p>
            )}
            <p className="tiny">
              <ClauseLink label={`${verdict.clause.doc}, ${verdict.clause.section}`} url={verdict.clause.url} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
