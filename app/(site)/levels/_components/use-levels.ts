'use client';

import { useSyncExternalStore } from 'react';
import { browserStorage, type LevelResult, levelsText, parseLevels } from '#lib/guide/storage.ts';

type Results = Readonly<Record<string, LevelResult>>;
const none: Results = {};
let kept: { readonly text: string | null; readonly results: Results } = { text: null, results: none };

/** How the levels ended in this browser; empty before hydration. */
export function useLevels(): Results {
  return useSyncExternalStore(subscribe, read, () => none);
}

/** The same object for the same text: React compares by identity. */
function read(): Results {
  const text = levelsText(browserStorage());
  if (kept.text !== text) kept = { text, results: parseLevels(text) };
  return kept.results;
}

const CHANGED = 'authwalk:levels';

/** Tells this page that a level has ended; other tabs hear it from the storage. */
export function tellLevels(): void {
  dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  const events = ['storage', 'pageshow', CHANGED];
  for (const event of events) addEventListener(event, listener);
  return () => {
    for (const event of events) removeEventListener(event, listener);
  };
}

/** "solved in 5, par 5", "seen, par 3", "par 3". */
export function resultWords(result: LevelResult | undefined, par: number): string {
  if (!result) return `par ${par}`;
  return result.requests === null ? `seen, par ${par}` : `solved in ${result.requests}, par ${par}`;
}
