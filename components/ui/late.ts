'use client';

import { type ReactNode, startTransition, useEffect, useState } from 'react';
import { afterFrames } from './in-frame.ts';

interface LateProps {
  /** How many frames later than what stands before it. */
  readonly by: number;
  /** Whether it is drawn with the rest: the page itself is just coming, or stands where the reader left it. */
  readonly now: boolean;
  readonly children: ReactNode;
}

/**
 * Draws a part of a page some frames after it has come. The browser lays a page out and paints it without a break: what
 * comes in parts is a shorter wait each time.
 */
export function Late({ by, now, children }: LateProps) {
  const [drawn, setDrawn] = useState(now);
  useEffect(() => (drawn ? undefined : afterFrames(by, () => startTransition(() => setDrawn(true)))), [drawn, by]);
  return drawn ? children : null;
}

/** The same for what is there already: a value, a frame after it has changed. */
export function useLate<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(
    () => (shown === value ? undefined : afterFrames(1, () => startTransition(() => setShown(value)))),
    [shown, value],
  );
  return shown;
}
