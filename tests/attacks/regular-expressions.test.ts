/** Regular expressions that take quadratic time on a text that a stranger chooses. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** `.replace(/x+$/`: a run of x that is not at the end is looked at once for each of its places. */
const RUN_AT_THE_END = /\.replace(?:All)?\(\/(?!\^)(?:[^/\n\\]|\\.)*[+*]\$\/[a-z]*/g;

/** Those that begin with a text that stands there once, or match to the end from its first place. */
const FINE: ReadonlySet<string> = new Set([
  '.replace(/[?#].*$/s',
  '.replace(/[?#].*$/',
  '.replace(/ at line .*$/',
  '.replace(/#.*$/',
  String.raw`.replace(/\/\d+$/`,
]);

test('no code of the server looks for a run at the end of a text; withoutTrailing does', () => {
  const files = execFileSync('git', ['ls-files', 'lib', 'kit'], { encoding: 'utf8' }).split('\n');
  const found = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const matches = readFileSync(file, 'utf8').matchAll(RUN_AT_THE_END);
      return [...matches].filter(([text]) => !FINE.has(text)).map(([text]) => `${file}: ${text}`);
    });
  expect(found).toEqual([]);
});
