import { VerdictMark } from '#components/report/mark.tsx';
import '#components/report/report.css';
import { itemMark, type PlanItem } from '#lib/live/plan.ts';
import type { RailGroup } from './plan-rail.tsx';

interface PlanRulerProps {
  readonly items: readonly PlanItem[];
  readonly groups: readonly RailGroup[];
  readonly at: string | null;
  /** After the title: how far, and how long still. */
  readonly children: React.ReactNode;
}

const classOf = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  unreached: 'fail',
  unjudged: 'so-far',
  'not-run': '',
} as const;

/** The plan as a ruler: one tick a scenario. */
export function PlanRuler({ items, groups, at, children }: PlanRulerProps) {
  const marks = items.map(itemMark);
  const counted = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  return (
    <section className="rband" aria-labelledby="plan-h">
      <div className="figh">
        <h2 id="plan-h">Run them all</h2>
        <span className="cap">{children}</span>
        <p className="figures ui num">
          <span className={counted('fail') > 0 ? 'fail' : undefined}>
            <VerdictMark mark="fail" silent />
            <b>{counted('fail')}</b> fail
          </span>
          <span>
            <VerdictMark mark="unreached" silent />
            <b>{counted('unreached')}</b> not reached
          </span>
          <span>
            <VerdictMark mark="pass" silent />
            <b>{counted('pass') + counted('warn')}</b> pass
          </span>
          <span>
            <VerdictMark mark="unjudged" silent />
            <b>{counted('unjudged')}</b> not judged
          </span>
        </p>
      </div>
      <ol className="ruler" aria-label="One tick a scenario">
        {groups.map((group) => {
          const own = items.filter(({ scenario }) => group.scenarios.includes(scenario));
          if (own.length === 0) return null;
          return (
            <li key={group.id} className="ph" style={{ '--n': own.length } as React.CSSProperties}>
              <div className="tks" aria-hidden="true">
                {own.map((item) => {
                  const mark = itemMark(item);
                  return (
                    <span
                      key={item.scenario}
                      className={`tk ${classOf[mark]}${item.scenario === at ? ' on' : ''}`}
                      title={item.scenario}
                    >
                      {(mark === 'fail' || mark === 'warn' || mark === 'unreached') && (
                        <VerdictMark mark={mark} silent />
                      )}
                    </span>
                  );
                })}
              </div>
              <p className="phl tiny">
                <span>{group.title}</span>{' '}
                <span className="dim num">
                  {own.filter(({ state }) => state === 'done').length} of {own.length}
                </span>
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
