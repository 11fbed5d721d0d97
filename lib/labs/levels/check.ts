/** A level of one's own, read and compiled, or what is wrong with it, by line. Server only: it reads the tracks. */
import { compileLevel, LevelFault } from './compile.ts';
import { library } from './load.ts';
import { type Fault, readLevel } from './read.ts';
import type { Level } from './types.ts';

export type CheckedLevel = { readonly level: Level } | { readonly faults: readonly Fault[] };

/** @param text YAML of anybody */
export function checkLevel(text: string): CheckedLevel {
  const read = readLevel(text);
  if (!read.ok) return { faults: read.faults };
  try {
    return { level: compileLevel({ ...read.level, number: 0 }, library) };
  } catch (error) {
    if (error instanceof LevelFault) return { faults: [{ line: read.lineOf(error.path), says: error.message }] };
    throw error;
  }
}
