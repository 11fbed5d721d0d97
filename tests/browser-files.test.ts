/** What a build is made into for browsers (`scripts/lib/browser-files.mjs`). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';

const file = join(import.meta.dirname, '..', 'scripts', 'lib', 'browser-files.mjs');
const { prepareStatic } = (await import(file)) as { prepareStatic: (folder: string) => void };

const folder = mkdtempSync(join(tmpdir(), 'browser-files-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('has scripts compiled early, once however often it is built, and compresses them and style sheets', () => {
  const before = { 'a.js': 'run()', 'a.css': 'p{}', 'a.txt': 'text' };
  for (const [name, text] of Object.entries(before)) writeFileSync(join(folder, name), text);
  prepareStatic(folder);
  prepareStatic(folder);
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const script = '//# allFunctionsCalledOnLoad\nrun()';
  expect(readdirSync(folder).sort()).toEqual(['a.css', 'a.css.br', 'a.js', 'a.js.br', 'a.txt']);
  expect(read('a.js').toString()).toBe(script);
  expect(brotliDecompressSync(read('a.js.br')).toString()).toBe(script);
  expect(brotliDecompressSync(read('a.css.br')).toString()).toBe('p{}');
});
