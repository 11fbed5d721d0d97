'use client';

import { useCallback, useEffect, useRef } from 'react';
import { GuessSums } from '#components/classes/guess-sums.tsx';
import { useWall } from '#components/classes/use-wall.ts';
import { isTyping } from './presenter-keys.ts';
import type { WalkHandle } from './use-walk.ts';

interface ClassGuessesProps {
  /** Name of the class that the walk is presented to. */
  readonly id: string;
  readonly walk: WalkHandle;
}

/**
 * What the class guesses, live, while a walk is presented to it: how many at first, what once it is shown. The pages of
 * the participants are told which step is presented.
 */
export function ClassGuesses({ id, walk }: ClassGuessesProps) {
  const { wall, trouble, ended, change } = useWall(id);
  const { view, viewing, openExperiment } = walk;
  const isThere = wall !== null && !ended;
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    if (isThere) void change({ presents: viewing === 'done' ? null : viewing });
  }, [isThere, viewing, change]);
  useEffect(() => () => void latest.current({ presents: null }), []);
  const experiment = view.step.experiments.find((one) => one.letter === openExperiment && one.opens === null);
  const guessed = wall?.guesses.find((one) => one.experiment === experiment?.id);
  const shown = wall?.shown ?? [];
  const isShown = experiment !== undefined && shown.includes(experiment.id);
  const turn = useCallback(() => {
    if (experiment === undefined || !isThere) return;
    void change({ shown: isShown ? shown.filter((one) => one !== experiment.id) : [...shown, experiment.id] });
  }, [experiment, isThere, isShown, shown, change]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'g' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      turn();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [turn]);
  const here = wall?.members.length ?? 0;
  const isRevealed = view.experiments.find((one) => one.experiment.id === experiment?.id)?.state === 'revealed';
  return (
    <section className="class-guesses" aria-label="Guesses of the class" aria-live="polite">
      <p className="tiny dim">
        Class {id}: {ended ? 'it has ended' : `${here} here`}
        {trouble && !ended && `. ${trouble}`}
      </p>
      {experiment && isThere && (
        <>
          {guessed?.options && <GuessSums options={experiment.options} counts={guessed.options} marked={isRevealed} />}
          <p className="num">
            {guessed?.count ?? 0} of {here} have guessed. {!isShown && 'Hidden until you say so. '}
            {isShown && !guessed?.options && 'Fewer than three are never shown. '}
            <button type="button" className="btn" onClick={turn}>
              {isShown ? 'Hide the guesses' : 'Show the guesses'}
            </button>{' '}
            <kbd>g</kbd>
          </p>
        </>
      )}
    </section>
  );
}
