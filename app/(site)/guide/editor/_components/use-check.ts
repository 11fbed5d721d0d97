'use client';

import { useEffect, useState } from 'react';
import type { CheckedLevel } from '#lib/labs/levels/check.ts';
import type { Fault } from '#lib/labs/levels/read.ts';
import type { Level } from '#lib/labs/levels/types.ts';

export interface Checked {
  readonly level: Level | null;
  readonly faults: readonly Fault[];
  /** Whether the text has changed since. */
  readonly busy: boolean;
}

/** ms after the last key: nobody is told of a word that is half typed. */
const PAUSE = 400;

async function ask(text: string, signal: AbortSignal): Promise<CheckedLevel> {
  const response = await fetch('/guide/editor/check', { method: 'POST', body: text, credentials: 'omit', signal });
  const body = (await response.json()) as CheckedLevel & { readonly error_description?: string };
  if (response.ok) return body;
  return { faults: [{ line: 1, says: body.error_description ?? `the server answered ${response.status}` }] };
}

/** Checks a text whenever it has rested; null: there is none yet. */
export function useCheck(text: string | null): Checked {
  const [checked, setChecked] = useState<Checked>({ level: null, faults: [], busy: true });
  useEffect(() => {
    if (text === null) return;
    const abort = new AbortController();
    setChecked((before) => ({ ...before, busy: true }));
    const timer = setTimeout(() => {
      ask(text, abort.signal).then(
        (answer) =>
          setChecked(
            'level' in answer
              ? { level: answer.level, faults: [], busy: false }
              : { level: null, faults: answer.faults, busy: false },
          ),
        () => {
          if (!abort.signal.aborted)
            setChecked({ level: null, faults: [{ line: 1, says: 'the server does not answer' }], busy: false });
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return checked;
}
