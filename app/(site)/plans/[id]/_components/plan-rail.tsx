import { VerdictMark } from '#components/report/mark.tsx';
import { Prose } from '#components/values/prose.tsx';
import { itemMark, type PlanItem } from '#lib/live/plan.ts';
import { coded } from '#lib/live/scenarios.ts';

export interface RailGroup {
  readonly id: string;
  readonly title: string;
  readonly scenarios: readonly string[];
}

interface PlanRailProps {
  readonly items: readonly PlanItem[];
  readonly groups: readonly RailGroup[];
  /** The scenario that is shown. */
  readonly at: string | null;
  readonly plan: string;
}

/** The plan by group; the group that is open shows its scenarios. */
export function PlanRail({ items, groups, at, plan }: PlanRailProps) {
  return (
    <nav className="scn-rail" aria-label="The plan">
      <ul>
        {groups.map((group) => {
          const own = items.filter(({ scenario }) => group.scenarios.includes(scenario));
          if (own.length === 0) return null;
          const failed = own.filter((item) => itemMark(item) === 'fail').length;
          const open = own.some(({ scenario }) => scenario === at);
          return (
            <li key={group.id} className={open ? 'open' : undefined}>
              <span>{group.title}</span>
              <span className="tiny dim num">
                {failed > 0 && !open && (
                  <b>
                    <VerdictMark mark="fail" /> {failed}
                  </b>
                )}
                {open ? `${own.filter(({ state }) => state === 'done').length} of ${own.length}` : own.length}
              </span>
              {open && (
                <ol>
                  {own.map((item) => (
                    <li key={item.scenario} aria-current={item.scenario === at ? 'step' : undefined}>
                      <VerdictMark mark={itemMark(item)} />
                      <span>
                        <Prose text={coded(item.title)} />
                      </span>
                    </li>
                  ))}
                </ol>
              )}
            </li>
          );
        })}
      </ul>
      <p className="tiny dim">Stop whenever you like.</p>
      <p className="tiny">
        <a href={`/plans/${plan}/report`}>The report so far</a>
      </p>
    </nav>
  );
}
