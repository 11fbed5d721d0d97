/** Lines that are longer than a reader's window: 120 columns, in every file that a person writes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const COLUMNS = 120;
const WRITTEN = /\.(?:ts|tsx|css|js|mjs|cjs|yaml|yml|sh|md)$/;
const GENERATED = new Set(['public/consent.css']);

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
  return writtenFiles().flatMap((path) => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      return []; // Deleted, and not committed yet.
    }
    return longLines(path, text);
  });
}
