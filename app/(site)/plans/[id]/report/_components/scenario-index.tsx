'use client';

import { useState } from 'react';
import { type Mark, VerdictMark } from '#components/report/mark.tsx';
import type { Difference, PlanResult } from '#lib/live/compare.ts';
import type { RailGroup } from '../../_components/plan-rail.tsx';
import { markName } from './mirror-ruler.tsx';

type Show = 'all' | 'differ' | 'failed' | 'not-reached' | 'not-run';
const shows: readonly (readonly [Show, string])[] = [
  ['all', 'All'],
  ['differ', 'Differ'],
  ['failed', 'Failed'],
  ['not-reached', 'Not reached'],
  ['not-run', 'Not run'],
];

const KEY: readonly (readonly [Mark, string])[] = [
  ['pass', 'pass'],
  ['fail', 'fail'],
  ['warn', 'warning'],
  ['unreached', 'not reached'],
  ['not-run', 'not run'],
];

interface ScenarioIndexProps {
  readonly groups: readonly RailGroup[];
  readonly now: PlanResult;
  readonly beside: PlanResult | null;
  /** Scenarios that the opened rule was seen in. */
  readonly lit: ReadonlySet<string>;
  /** The difference that shows in a scenario, if one does. */
  readonly letters: ReadonlyMap<string, Difference>;
  readonly onOpen: (rule: string) => void;
}

/** All scenarios like the index of a book, each with the worst of its verdicts; two marks if the runs differ. */
export function ScenarioIndex({ groups, now, beside, lit, letters, onOpen }: ScenarioIndexProps) {
  const passes = (scenario: string, which: Show): boolean => {
    const mark = now.scenarios[scenario];
    switch (which) {
      case 'differ':
        return beside !== null && beside.scenarios[scenario] !== undefined && beside.scenarios[scenario] !== mark;
      case 'failed':
        return mark === 'fail';
      case 'not-reached':
        return mark === 'not_observed';
      case 'not-run':
        return mark === undefined;
      default:
        return true;
    }
  };
  const all = groups.flatMap(({ scenarios }) => scenarios);
  // On a phone, the rows of all scenarios hide the few that matter. The report comes after the page: a window is there.
  const [show, setShow] = useState<Show>(() => {
    if (!window.matchMedia('(max-width: 860px)').matches) return 'all';
    const telling: readonly Show[] = ['differ', 'failed'];
    return telling.find((which) => all.some((scenario) => passes(scenario, which))) ?? 'all';
  });
  return (
    <section aria-labelledby="fig-3">
      <header className="figh">
        <span className="fign">Fig. 3</span>
        <h2 id="fig-3">All {all.length} scenarios</h2>
        <span className="cap">the worst of the rules that were seen in it</span>
        <div className="end toggles ui">
          {shows.map(([id, label]) => (
            <button key={id} type="button" aria-pressed={show === id} onClick={() => setShow(id)}>
              {label} {id !== 'all' && <span className="num">{all.filter((one) => passes(one, id)).length}</span>}
            </button>
          ))}
        </div>
      </header>
      <div className="matrix-index">
        {groups.map((group) => {
          const own = group.scenarios.filter((scenario) => passes(scenario, show));
          if (own.length === 0) return null;
          const run = group.scenarios.filter((scenario) => now.scenarios[scenario] !== undefined).length;
          return (
            <div key={group.id}>
              <h3>
                {group.title}{' '}
                <span className="tiny dim num">
                  {run === 0 ? 'not run' : run === group.scenarios.length ? run : `${run} of ${group.scenarios.length}`}
                </span>
              </h3>
              <ul>
                {own.map((scenario) => {
                  const mark = now.scenarios[scenario];
                  const then = beside?.scenarios[scenario];
                  const letter = letters.get(scenario);
                  return (
                    <li
                      key={scenario}
                      className={[lit.has(scenario) && 'lit', mark === undefined && 'unrun'].filter(Boolean).join(' ')}
                    >
                      <span>{then && then !== mark && <VerdictMark mark={markName(then)} />}</span>
                      <VerdictMark
                        mark={mark === undefined ? 'not-run' : mark === 'not_observed' ? 'unreached' : mark}
                      />
                      <a href={`/scenarios/${scenario}`} className="m">
                        {scenario}
                      </a>
                      {letter && (
                        <button
                          type="button"
                          aria-label={`Difference ${letter.letter}`}
                          onClick={() => onOpen(letter.rule)}
                        >
                          {letter.letter}
                        </button>
                      )}
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
      </div>
      <ul className="matrix-key tiny">
        {KEY.map(([mark, words]) => (
          <li key={mark}>
            <VerdictMark mark={mark} silent /> {words}
          </li>
        ))}
      </ul>
    </section>
  );
}
