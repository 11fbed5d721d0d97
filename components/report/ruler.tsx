'use client';

import { lazy, memo, Suspense, useEffect, useId, useRef, useState } from 'react';
import { markOf, markWords, type Phase, type Verdict } from '#lib/live/report.ts';
import { Prose } from '../values/prose.tsx';
import { VerdictMark } from './mark.tsx';
import './report.css';

const Tip = lazy(() => import('../ui/tooltip.tsx'));

interface RulerProps {
  readonly phases: readonly Phase[];
  /** The rule that is open. */
  readonly open: string | null;
  readonly onOpen: (rule: string) => void;
}

/** Every rule that applies as one tick, by phase. One tab stop; arrows move, Home and End stay in the phase. */
export function Ruler({ phases, open, onOpen }: RulerProps) {
  const id = useId();
  const box = useRef<HTMLOListElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const [tip, setTip] = useState<{ readonly rule: string; readonly anchor: Element } | null>(null);
  const rules = phases.flatMap(({ verdicts }) => verdicts);
  const stop = rules.find(({ rule }) => rule === at)?.rule ?? open ?? rules[0]?.rule ?? null;
  const shown = tip && rules.find(({ rule }) => rule === tip.rule);

  useEffect(() => {
    const hide = (event: KeyboardEvent) => event.key === 'Escape' && setTip(null);
    document.addEventListener('keydown', hide);
    return () => document.removeEventListener('keydown', hide);
  }, []);

  const move = (event: React.KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement)) return;
    const here = rules.findIndex(({ rule }) => rule === (event.target as HTMLElement).dataset.rule);
    const phase = phases.find(({ verdicts }) => verdicts.some((one) => one === rules[here]));
    if (here < 0 || !phase) return;
    const first = rules.indexOf(phase.verdicts[0] as Verdict);
    const to = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: first,
      End: first + phase.verdicts.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = rules[Math.max(0, Math.min(rules.length - 1, to))];
    if (!next) return;
    setAt(next.rule);
    box.current?.querySelector<HTMLElement>(`[data-rule="${CSS.escape(next.rule)}"]`)?.focus();
  };
  const point = (target: EventTarget, on: boolean) => {
    const tick = target instanceof Element ? target.closest<HTMLElement>('[data-rule]') : null;
    setTip(on && tick?.dataset.rule ? { rule: tick.dataset.rule, anchor: tick } : null);
  };

  return (
    <>
      <ol
        className="ruler"
        aria-label="Verdicts, one tick a rule"
        ref={box}
        onKeyDown={move}
        onPointerOver={(event) => point(event.target, true)}
        onPointerLeave={() => setTip(null)}
        onFocus={(event) => point(event.target, true)}
        onBlur={() => setTip(null)}
      >
        {phases.map((phase) => (
          <li key={phase.id} className="ph" style={{ '--n': phase.verdicts.length } as React.CSSProperties}>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
            <div className="tks" role="group" aria-labelledby={`${id}-${phase.id}`}>
              {phase.verdicts.map((verdict) => (
                <Tick
                  key={verdict.rule}
                  rule={verdict.rule}
                  title={verdict.title}
                  mark={markOf(verdict)}
                  on={verdict.rule === open}
                  stop={verdict.rule === stop}
                  onOpen={onOpen}
                />
              ))}
            </div>
            <p className="phl tiny" id={`${id}-${phase.id}`}>
              <span>{phase.title}</span>{' '}
              <span className="dim num">
                {phase.seen} of {phase.verdicts.length}
              </span>
            </p>
          </li>
        ))}
      </ol>
      {tip && shown && (
        <Suspense>
          <Tip anchor={tip.anchor}>
            <Prose text={shown.title} />: <b>{markWords[markOf(shown)]}</b>
            {shown.evidence[0] && <span className="num">, exchange {shown.evidence[0].seq}</span>}
          </Tip>
        </Suspense>
      )}
    </>
  );
}

interface TickProps {
  readonly rule: string;
  readonly title: string;
  readonly mark: ReturnType<typeof markOf>;
  readonly on: boolean;
  readonly stop: boolean;
  readonly onOpen: (rule: string) => void;
}

const plain = (text: string): string => text.replaceAll('`', '');

/** Drawn again only if its verdict changes. */
const Tick = memo(function Tick({ rule, title, mark, on, stop, onOpen }: TickProps) {
  return (
    <button
      type="button"
      className={`tk ${mark}${on ? ' on' : ''}`}
      data-rule={rule}
      tabIndex={stop ? 0 : -1}
      aria-label={`${plain(title)}: ${markWords[mark]}`}
      aria-current={on || undefined}
      onClick={() => onOpen(rule)}
    >
      {(mark === 'fail' || mark === 'warn') && <VerdictMark mark={mark} silent />}
    </button>
  );
});
