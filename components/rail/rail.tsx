'use client';

import type { StepView } from '#lib/guide/types.ts';
import { StepLink } from './step-link.tsx';
import { Spans } from '../values/value.tsx';
import './rail.css';

interface RailProps {
  readonly title: string;
  readonly steps: readonly StepView[];
  readonly done: number;
  readonly finished: boolean;
  /** The step that is being looked at; `done` for the page after the last. */
  readonly viewing: string;
  readonly hrefOf: (step: string) => string;
  /** Shows a step without leaving the page. */
  readonly onOpen?: (step: string) => void;
  /** What stands below: who sends the requests, starting again. */
  readonly children?: React.ReactNode;
}

const inWords: Readonly<Record<StepView['status'], string>> = {
  locked: 'locked',
  ready: 'ready',
  running: 'running',
  done: 'done',
  stale: 'stale',
  failed: 'failed',
};

/** The contents page of a track, with one line of each step that is true now. */
export function Rail({ title, steps, done, finished, viewing, hrefOf, onOpen, children }: RailProps) {
  return (
    <nav className="rail" aria-label="Steps of this track">
      <div className="rh">
        <a className="tiny dim" href="/guide">
          All tracks
        </a>
        <h2>{title}</h2>
        <p className="tiny dim">
          {done} of {steps.length} steps done
        </p>
      </div>
      <ol>
        {steps.map((step) => (
          <li
            key={step.id}
            className={`s-${step.status}${step.id === viewing ? ' s-now' : ''}`}
            aria-current={step.id === viewing ? 'step' : undefined}
          >
            <StepLink step={step.id} href={hrefOf(step.id)} onOpen={onOpen}>
              <i>{step.number}</i>
              <span className="t">{step.title}</span>
              <span className="vh">, {inWords[step.status]}: </span>
              <span className="r">
                <Spans spans={step.line} short />
              </span>
            </StepLink>
          </li>
        ))}
        {finished && (
          <li
            className={viewing === 'done' ? 's-now' : 's-ready'}
            aria-current={viewing === 'done' ? 'step' : undefined}
          >
            <StepLink step="done" href={hrefOf('done')} onOpen={onOpen}>
              <i aria-hidden="true">·</i>
              <span className="t">The whole run</span>
              <span className="r">against time</span>
            </StepLink>
          </li>
        )}
      </ol>
      {children}
    </nav>
  );
}

/** The same on a narrow screen: a strip of numerals with bars. */
export function Strip({ steps, viewing, hrefOf, onOpen }: Pick<RailProps, 'steps' | 'viewing' | 'hrefOf' | 'onOpen'>) {
  return (
    <nav className="strip" aria-label="Steps">
      <ol className={`n${steps.length}`}>
        {steps.map((step) => (
          <li key={step.id} className={`${step.status}${step.id === viewing ? ' n' : ''}`}>
            <StepLink
              step={step.id}
              href={hrefOf(step.id)}
              onOpen={onOpen}
              aria-current={step.id === viewing ? 'step' : undefined}
            >
              {step.number}
              <span className="vh">
                . {step.title}, {inWords[step.status]}
              </span>
            </StepLink>
          </li>
        ))}
      </ol>
    </nav>
  );
}
