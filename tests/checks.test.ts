/**
 * Every check goes through `check()` or `checkAsync()`: so that the record shows it, and so that `npm run mutate`
 * can take
 * it out and see whether a test notices.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const FOLDERS = ['lib/oauth/checks', 'lib/mcp/checks'];

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => `${folder}/${path}`);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What notes a refusal that is not one of a check: an answer that a fault scripted. */
const NOTES_FAILURES = ['lib/http/steps/fault.ts'];

test('nothing but check() adds to the checks of a record', () => {
  const outside = ['lib/oauth', 'lib/mcp', 'lib/http', 'lib/sandbox', 'lib/fetch']
    .flatMap(sources)
    .filter((path) => path !== 'lib/oauth/checks/check.ts' && /\b(?:trace\.check|noteFailure)\(/.test(read(path)));
  expect(outside.sort()).toEqual(NOTES_FAILURES);
});

const checks = FOLDERS.flatMap(sources).filter((path) => /^export const \w+: (?:Async)?Check</m.test(read(path)));

test.each(checks)('%s is one check, under the name of its file, that refuses and says why', (path) => {
  const text = read(path);
  expect([...text.matchAll(/^ {2}name: '([^']+)',$/gm)].map((match) => match[1])).toEqual([basename(path, '.ts')]);
  expect(text).toMatch(/\bthrow /);
  expect(text).toMatch(/^ {2}clause: '[^']+',$/m);
});

test('the requests that are refused outside a check have no OAuth error of their own', () => {
  // Two places tell an error in another way than the check that found it: a pushed request, and a token exchange.
  const throwing = ['lib/oauth', 'lib/mcp']
    .flatMap(sources)
    .filter((path) => !path.includes('/checks/') && /\bthrow new OAuthError\(/.test(read(path)));
  expect(throwing.sort()).toEqual([
    'lib/oauth/endpoints/par.ts',
    'lib/oauth/grants/token-exchange.ts',
    'lib/oauth/interaction/delay.ts',
    'lib/oauth/keys/ring.ts',
  ]);
});
