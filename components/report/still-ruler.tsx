import { markOf, markWords, type Phase } from '#lib/live/report.ts';
import { VerdictMark } from './mark.tsx';
import './report.css';

interface StillRulerProps {
  readonly phases: readonly Phase[];
  /** Address of a rule. */
  readonly href: (rule: string) => string;
}

/** The ruler at rest: each tick is a link to its rule on the same page. */
export function StillRuler({ phases, href }: StillRulerProps) {
  return (
    <ol className="ruler" aria-label="Verdicts, one tick a rule">
      {phases.map((phase) => (
        <li key={phase.id} className="ph" style={{ '--n': phase.verdicts.length } as React.CSSProperties}>
          <div className="tks">
            {phase.verdicts.map((verdict) => {
              const mark = markOf(verdict);
              const judged = mark === 'fail' || mark === 'warn';
              return (
                <a
                  key={verdict.rule}
                  className={`tk ${mark}`}
                  href={href(verdict.rule)}
                  // The lists below have the same links: a hundred stops on the way there help nobody.
                  tabIndex={judged ? undefined : -1}
                  aria-label={`${verdict.title.replaceAll('`', '')}: ${markWords[mark]}`}
                  title={`${verdict.title.replaceAll('`', '')}: ${markWords[mark]}`}
                >
                  {judged && <VerdictMark mark={mark} silent />}
                </a>
              );
            })}
          </div>
          <p className="phl tiny">
            <span>{phase.title}</span>{' '}
            <span className="dim num">
              {phase.seen} of {phase.verdicts.length}
            </span>
          </p>
        </li>
      ))}
    </ol>
  );
}
