import { VerdictMark } from '#components/report/mark.tsx';
import { Prose } from '#components/values/prose.tsx';
import { markOf, type Report } from '#lib/live/report.ts';

interface JudgedByProps {
  /** The rules that the scenario is about. */
  readonly ids: readonly string[];
  /** Titles and levels of all rules, by id. */
  readonly rules: Readonly<Record<string, { readonly title: string; readonly level: string }>>;
  /** What is said of the run until now; null: it has not begun. */
  readonly report: Pick<Report, 'verdicts'> | null;
}

/** The rules that a scenario is about, each with its verdict so far and the exchange that decided it. */
export function JudgedBy({ ids, rules, report }: JudgedByProps) {
  return (
    <ul className="rules">
      {ids.map((id) => {
        const verdict = report?.verdicts.find((one) => one.rule === id);
        const seq = verdict && verdict.verdict !== 'not_observed' ? verdict.evidence[0]?.seq : undefined;
        return (
          <li key={id}>
            <VerdictMark mark={verdict ? markOf(verdict) : 'unseen'} />
            <a href={`/reference/rules#rule-${id}`}>
              <Prose text={rules[id]?.title ?? id} />
            </a>
            <em>{verdict?.in_force ?? rules[id]?.level}</em>
            <span className="tiny num" title={seq === undefined ? undefined : `exchange ${seq}`}>
              {seq}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
