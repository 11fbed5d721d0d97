/** Files that the command writes, in folders that it makes. */
import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError, EXIT } from '../exit.ts';

function cannot(path: string, error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new CommandError(EXIT.couldNotRun, `${path} cannot be written: ${why}`);
}

/**
 * Makes the folder of a file, before the work that the file is to hold.
 * @throws CommandError if it cannot be written there
 */
export function prepareFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error('it is a folder');
    accessSync(there === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    cannot(path, error);
  }
}

/** Writes a file, and makes its folder. @throws CommandError if that is not possible */
export function writeFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    cannot(path, error);
  }
}
