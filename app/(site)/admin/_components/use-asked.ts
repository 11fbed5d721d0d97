'use client';

import { useCallback, useEffect, useState } from 'react';
import { ApiError, explain } from '#lib/client/request.ts';
import { ask } from './api.ts';

export interface Asked<T> {
  readonly value: T | null;
  /** What went wrong; null if nothing did. */
  readonly problem: string | null;
  /** The token is missing or wrong. */
  readonly locked: boolean;
  readonly again: () => void;
}

/**
 * Asks the operator's API, and again if what is asked changes.
 * @param every ms after which it is asked again; never by default
 */
export function useAsked<T>(token: string | null, path: string, every?: number): Asked<T> {
  const [state, setState] = useState<{ value: T | null; problem: string | null; locked: boolean }>({
    value: null,
    problem: null,
    locked: false,
  });
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((now) => now + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further round asks the same again
  useEffect(() => {
    let gone = false;
    ask<T>(token, path).then(
      (value) => {
        if (!gone) setState({ value, problem: null, locked: false });
      },
      (error: unknown) => {
        const locked = error instanceof ApiError && error.status === 401;
        if (!gone) setState((before) => ({ ...before, problem: explain(error), locked }));
      },
    );
    const timer = every === undefined ? undefined : setTimeout(again, every);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [token, path, round, every, again]);
  return { ...state, again };
}
