/** What a reader can take in: lines of 120 columns in every file, and files of code that fit into one head. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const COLUMNS = 120;
/** Lines of a file of code. Tests and what they are made of may be longer: they are read case by case. */
const LINES = 350;
const CODE = /\.(?:ts|tsx|js|mjs|cjs)$/;
const OF_TESTS = /(?:^|\/)(?:tests|e2e|contract)\/|\.(?:test|spec)\.|(?:^|\/)testing\.ts$/;
const WRITTEN = /\.(?:ts|tsx|css|js|mjs|cjs|yaml|yml|sh|md)$/;
const GENERATED = new Set(['public/consent.css', 'public/leaders.js']);

/** The files of this repository that are read and changed by people. */
export function writtenFiles(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((path) => WRITTEN.test(path) && !GENERATED.has(path));
}

/**
 * Lines of a text that are too long. In Markdown a table row, a line of code and a word without a space (a link) may
 * be longer, since nothing can break them.
 * @returns `line: columns`, counted in characters
 */
export function longLines(path: string, text: string): string[] {
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (path.endsWith('.md')) {
      if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
      const indent = /^\s*/.exec(line)![0].length;
      if (fenced || indent >= 4 || /^\s*\|/.test(line) || /^\s*!?\[[^\]]*\]\([^)]*\)\S*$/.test(line)) return [];
      if (!line.slice(indent, COLUMNS).includes(' ')) return [];
    }
    const columns = [...line].length;
    return columns > COLUMNS ? [`${path}:${index + 1}: ${columns} columns`] : [];
  });
}

/** All of them in the repository. */
export function allLongLines(): string[] {
  return writtenFiles().flatMap((path) => longLines(path, textOf(path)));
}

/** Whether a file of code has more lines than a reader can hold in the head. */
export function isLongFile(path: string, text: string): boolean {
  return CODE.test(path) && !OF_TESTS.test(path) && text.split('\n').length - 1 > LINES;
}

/** All of them in the repository. */
export function allLongFiles(): string[] {
  return writtenFiles().filter((path) => isLongFile(path, textOf(path)));
}

/** The text of a file; empty if it was deleted, and that is not committed yet. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
