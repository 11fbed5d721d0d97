'use client';

import { useSyncExternalStore } from 'react';
import { browserStorage, type ProgressNote, parseProgress, progressText } from '#lib/guide/storage.ts';

const notes = new Map<string, { text: string | null; note: ProgressNote | null }>();

/** How far the run of a track is in this browser; null before hydration, and where it was not begun. */
export function useProgress(track: string): ProgressNote | null {
  return useSyncExternalStore(
    onKept,
    () => {
      // The same object for the same text: React compares by identity.
      const text = progressText(browserStorage(), track);
      const kept = notes.get(track);
      if (kept && kept.text === text) return kept.note;
      const note = parseProgress(text);
      notes.set(track, { text, note });
      return note;
    },
    () => null,
  );
}

/** Calls when what this browser keeps may have changed: in another tab, or while this page was put aside. */
export function onKept(listener: () => void): () => void {
  addEventListener('storage', listener);
  addEventListener('pageshow', listener);
  return () => {
    removeEventListener('storage', listener);
    removeEventListener('pageshow', listener);
  };
}

interface StepSquaresProps {
  readonly track: string;
  /** How many steps of other tracks run before the first. */
  readonly before: number;
  readonly steps: readonly { readonly id: string; readonly title: string }[];
  /** Columns of the plate: as many as the longest track has steps. */
  readonly columns: number;
}

/** A square for each step, filled if it is done; a dot for each step that runs by itself before. */
export function StepSquares({ track, before, steps, columns }: StepSquaresProps) {
  const note = useProgress(track);
  const done = note?.done ?? 0;
  const classOf = (index: number, id: string): string | undefined =>
    index < done ? 'done' : note?.next === id ? 'next' : undefined;
  return (
    <span className="step-squares">
      {Array.from({ length: before }, (_, index) => (
        <span key={`before-${String(index)}`} className="joined">
          <b />
        </span>
      ))}
      {steps.map((step, index) => (
        <span key={step.id} className={index < steps.length - 1 ? 'joined' : undefined}>
          <i className={classOf(index, step.id)} title={step.title} />
        </span>
      ))}
      {Array.from({ length: Math.max(0, columns - before - steps.length) }, (_, index) => (
        <span key={`after-${String(index)}`} />
      ))}
      <span className="vh">
        {done} of {steps.length} steps done
      </span>
    </span>
  );
}

/** How far a track is, in words. */
export function SoFar({ track, steps }: Pick<StepSquaresProps, 'track' | 'steps'>) {
  const note = useProgress(track);
  if (note === null) return <p className="so-far ui dim">not begun</p>;
  const next = steps.find((step) => step.id === note.next);
  if (!next)
    return (
      <p className="so-far ui">
        <a href={`/guide/${track}/done`}>done</a>
      </p>
    );
  return (
    <p className="so-far ui">
      <b>
        {note.done} of {note.total}
      </b>{' '}
      <a href={`/guide/${track}/${next.id}`}>{next.title}</a> is next
    </p>
  );
}

interface GoOnProps {
  readonly track: string;
  readonly steps: readonly { readonly id: string; readonly number: number; readonly title?: string }[];
  readonly begin: string;
  readonly className: string;
}

const placeOf = ({ number, title }: GoOnProps['steps'][number]): string =>
  `Go on at step ${number}${title === undefined ? '' : `: ${title}`}`;

/** Leads into the track: to its beginning, or to where the run is. */
export function GoOn({ track, steps, begin, className }: GoOnProps) {
  const note = useProgress(track);
  const next = steps.find((step) => step.id === note?.next);
  const words = note === null ? begin : next ? placeOf(next) : 'Look at your run';
  return (
    <a className={className} href={note === null ? `/guide/${track}` : `/guide/${track}/${note.next}`}>
      {words}
    </a>
  );
}
