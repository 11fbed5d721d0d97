'use client';

import { type Mark, VerdictMark } from '#components/report/mark.tsx';
import type { VerdictName } from '#lib/coach/types.ts';
import type { Difference, PlanResult } from '#lib/live/compare.ts';
import { markOf, markWords, type Phase } from '#lib/live/report.ts';

/** The mark of a verdict that is only known by its name. */
export const markName = (verdict: VerdictName): Mark => (verdict === 'not_observed' ? 'unseen' : verdict);

interface MirrorRulerProps {
  readonly phases: readonly Phase[];
  readonly beside: PlanResult | null;
  readonly differences: readonly Difference[];
  readonly open: string | null;
  readonly onOpen: (rule: string) => void;
}

/** The ruler twice: this run above the line, the other below. */
export function MirrorRuler({ phases, beside, differences, open, onOpen }: MirrorRulerProps) {
  const letters = new Map(differences.map(({ rule, letter }) => [rule, letter]));
  return (
    <ol className={`ruler${beside ? ' mirror' : ''}`} aria-label="Verdicts, one tick a rule">
      {phases.map((phase) => (
        <li key={phase.id} className="ph" style={{ '--n': phase.verdicts.length } as React.CSSProperties}>
          <div className="tks">
            {phase.verdicts.map((verdict) => {
              const mark = markOf(verdict);
              const then = beside?.verdicts[verdict.rule];
              const letter = letters.get(verdict.rule);
              const judged = mark === 'fail' || mark === 'warn';
              const before = then ? `, before: ${then.replace('_', ' ')}` : '';
              return (
                <button
                  key={verdict.rule}
                  type="button"
                  className={`tk ${mark}${verdict.rule === open ? ' on' : ''}${letter ? ' differs' : ''}`}
                  // Only what was found is a stop of its own; the lists below lead to everything else.
                  tabIndex={judged || letter ? 0 : -1}
                  aria-label={`${verdict.title.replaceAll('`', '')}: ${markWords[mark]}${before}`}
                  onClick={() => onOpen(verdict.rule)}
                >
                  {letter && <i>{letter}</i>}
                  {judged && <VerdictMark mark={mark} silent />}
                  {then && <span className={`then ${markName(then)}`} />}
                </button>
              );
            })}
          </div>
          <p className="phl tiny">
            <span>{phase.title}</span> <span className="dim num">{phase.verdicts.length}</span>
          </p>
        </li>
      ))}
    </ol>
  );
}
