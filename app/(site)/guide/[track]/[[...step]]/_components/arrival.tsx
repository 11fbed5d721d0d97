'use client';

import { useLayoutEffect, useRef } from 'react';
import { inFrame } from '#components/ui/in-frame.ts';
import type { WalkHandle } from './use-walk.ts';

/**
 * Another step begins at its top, like another page. Each step has one of its own, by its key: so it acts when that
 * step is drawn. It stands before the step, so that what the step brings into view is brought there afterwards.
 */
export function Top({ turned }: Pick<WalkHandle, 'turned'>) {
  useLayoutEffect(() => {
    if (!turned.current) return;
    turned.current = false;
    inFrame(() => window.scrollTo(0, 0));
  }, [turned]);
  return null;
}

/** Puts the focus on the title when another step is shown. */
export function useArrival(heading: React.RefObject<HTMLHeadingElement | null>) {
  useLayoutEffect(() => {
    if (document.documentElement.dataset.walked === undefined) {
      document.documentElement.dataset.walked = '';
      return;
    }
    const { activeElement } = document;
    return inFrame(() => {
      // Not if the reader has gone elsewhere meanwhile.
      if (document.activeElement === activeElement) heading.current?.focus({ preventScroll: true });
    });
  }, [heading]);
}

interface CameProps {
  /** Names the exchanges that are shown. */
  readonly exchanges: string;
  readonly awake: boolean;
  /** Whether the reader asked for them. */
  readonly asked: boolean;
}

/** Brings the new exchange into view when it has come. It stands behind the exchanges. */
export function Came({ exchanges, awake, asked }: CameProps) {
  const last = useRef<string | null>(null);
  const since = useRef(0);
  useLayoutEffect(() => {
    since.current = performance.now();
  }, []);
  useLayoutEffect(() => {
    if (!awake) return;
    const before = last.current;
    last.current = exchanges;
    // What was sent on the way here is found below the text, which comes first.
    const isNew = before !== exchanges && exchanges !== '';
    if (!isNew || (!asked && (before === null || performance.now() - since.current < 1500))) return;
    inFrame(showFigure);
  }, [exchanges, awake, asked]);
  return null;
}

/** Brings what came into view, if it stands below what is seen. */
function showFigure() {
  const figure = document.querySelector('.failure, .exch');
  if (!figure || figure.getBoundingClientRect().top <= window.innerHeight * 0.6) return;
  figure.scrollIntoView({
    block: 'start',
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
  });
}
