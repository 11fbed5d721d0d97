'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import { readPresentedClass, readPresenting, writePresenting } from '#lib/guide/storage.ts';
import { ClassGuesses } from './class-guesses.tsx';
import { isTyping, PRESENTER_KEYS } from './presenter-keys.ts';
import type { WalkHandle } from './use-walk.ts';
import './presenter.css';

/** What appears by one press, in the order of the page: texts, rows of the request, lines of the exchange. */
const UNITS = '.sh .lede, .sh .side, .req > *, .score > *, .failure';

interface PresenterProps {
  readonly walk: WalkHandle;
  readonly onEnd: () => void;
}

/**
 * The walk for an audience: larger, and one line at a time. One key leads through all of it: the next line, then the
 * request, then the answer line by line, then the next step.
 */
export function Presenter({ walk, onEnd }: PresenterProps) {
  const { viewing } = walk;
  const [shown, setShown] = useShown(viewing);
  const total = useVeil(shown, viewing);
  const hands = useHands(walk);
  const [classId] = useState(readPresentedClass);
  const next = useCallback(() => {
    if (shown < total) setShown(shown + 1);
    else goOn(walk);
  }, [shown, total, setShown, walk]);
  const back = useCallback(() => setShown(Math.max(1, Math.min(shown, total) - 1)), [shown, total, setShown]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const does = PRESENTER_KEYS[event.key];
      if (does === undefined && !/^[1-9]$/.test(event.key)) return;
      if (does === undefined && !hands.raise(Number(event.key) - 1, event.shiftKey)) return;
      event.preventDefault();
      if (does === 'next') next();
      if (does === 'back') back();
      if (does === 'end') onEnd();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [next, back, onEnd, hands]);
  return (
    <aside className="presenter ui" aria-label="Presenting">
      {classId !== null && <ClassGuesses id={classId} walk={walk} />}
      {hands.counts && <Hands counts={hands.counts} />}
      <p>
        <output>{shown < total ? `Line ${shown} of ${total}` : onwards(walk)}</output>
        <button type="button" className="btn" onClick={back}>
          Back
        </button>
        <button type="button" className="btn" onClick={next}>
          Next
        </button>
        <button type="button" className="btn" onClick={onEnd}>
          End
        </button>
      </p>
      <p className="tiny dim keys">
        <kbd>→</kbd> next <kbd>←</kbd> back <kbd>Esc</kbd> end{hands.counts && ', keys 1 to 3 count a raised hand'}
      </p>
    </aside>
  );
}

/** What the next press does, once all lines of a step are shown. */
function onwards({ view, viewing }: WalkHandle): string {
  if (viewing === 'done') return 'The end';
  const after = view.steps[view.steps.findIndex((one) => one.id === viewing) + 1];
  if (view.status === 'done') return after ? `Next: ${after.title}` : 'Next: the whole run';
  return view.action.enabled ? `Next: ${view.action.label}` : view.action.label;
}

function goOn(walk: WalkHandle): void {
  const { view, viewing, open, act } = walk;
  if (viewing === 'done') return;
  if (view.status !== 'done') {
    void act();
    return;
  }
  const after = view.steps[view.steps.findIndex((one) => one.id === viewing) + 1];
  open(after?.id ?? 'done');
}

/** How many units of each step are shown; it outlives the visit to the consent page. */
function useShown(step: string): readonly [number, (count: number) => void] {
  const [all, setAll] = useState<Readonly<Record<string, number>>>(() => readPresenting() ?? {});
  const set = useCallback(
    (count: number) =>
      setAll((before) => {
        const after = { ...before, [step]: count };
        writePresenting(after);
        return after;
      }),
    [step],
  );
  return [all[step] ?? 1, set];
}

/** Veils what has not had its turn. @returns how many units there are */
function useVeil(shown: number, step: string): number {
  const [total, setTotal] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another page, with other units
  useEffect(() => {
    const main = document.getElementById('main');
    if (!main) return;
    const apply = () => {
      const units = [...main.querySelectorAll<HTMLElement>(UNITS)];
      for (const [index, unit] of units.entries()) unit.toggleAttribute('data-veiled', index >= shown);
      setTotal(units.length);
      return units;
    };
    const units = apply();
    const last = units[Math.min(shown, units.length) - 1];
    const place = last?.getBoundingClientRect();
    if (last && place && (place.bottom > window.innerHeight - 140 || place.top < 60))
      last.scrollIntoView({ block: 'center', behavior: 'instant' });
    const observer = new MutationObserver(apply);
    observer.observe(main, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      for (const unit of main.querySelectorAll('[data-veiled]')) unit.removeAttribute('data-veiled');
    };
  }, [shown, step]);
  return total;
}

/** Hands that were raised for each guess of the open experiment. */
function useHands({ view, openExperiment }: WalkHandle) {
  const experiment = view.step.experiments.find((one) => one.letter === openExperiment);
  const [raised, setRaised] = useState<Readonly<Record<string, readonly number[]>>>({});
  return useMemo(() => {
    const id = experiment?.id;
    const options = experiment?.options ?? [];
    const counts = id === undefined || options.length === 0 ? null : (raised[id] ?? options.map(() => 0));
    return {
      counts: counts?.map((count, index) => ({ count, text: options[index]?.text ?? '' })) ?? null,
      /** @returns whether there is such a guess */
      raise(option: number, takesBack: boolean): boolean {
        if (counts === null || id === undefined || option >= counts.length) return false;
        const after = counts.map((count, index) =>
          index === option ? Math.max(0, count + (takesBack ? -1 : 1)) : count,
        );
        setRaised((before) => ({ ...before, [id]: after }));
        return true;
      },
    };
  }, [experiment, raised]);
}

function Hands({ counts }: { readonly counts: readonly { readonly count: number; readonly text: string }[] }) {
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <ol className="hands" aria-label="Hands raised for each guess" aria-live="polite">
      {counts.map(({ count, text }) => (
        <li key={text}>
          <span className="hand-text">{text.replaceAll('`', '')}</span>
          <meter min={0} max={most} value={count}>
            {count}
          </meter>
          <b className="num">{count}</b>
        </li>
      ))}
    </ol>
  );
}
