/** `npm run bench -- --compare FILE`: a slower commit is named, and noise, a slower machine or a slower peer is not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compare, type Result } from '../bench/compare.ts';

/** A result in which a token takes so many µs, on a machine on which a signature takes so many. */
function result(commit: string, token: number, { signature = 25, peer = 500 } = {}): Result {
  const measured = (processor: number) => ({ version: '1', rate: 1000, p99: 5, processor });
  return {
    at: '2030-01-01T00:00:00.000Z',
    commit,
    machine: { processor: 'any', cores: 2, node: 'v24', signature },
    tokens: { authwalk: measured(token), 'oidc-provider': measured(peer) },
    recording: 8,
    memory: [300],
    start: null,
  };
}

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authwalk-compare-'));
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function isSlower(before: Result, now: Result): boolean {
  const file = join(folder, 'before.json');
  writeFileSync(file, JSON.stringify(before));
  return compare(file, now);
}

test('a commit that takes more for a token is named, beside the one that took less', () => {
  expect(isSlower(result('aaaaaaa', 100), result('bbbbbbb', 115))).toBe(true);
  expect(said.at(-1)).toBe('\nbbbbbbb is slower than aaaaaaa by more than 10 %: authwalk: token (+15.0 %).');
});

test.each([
  ['noise', result('bbbbbbb', 108)],
  ['a slower machine', result('bbbbbbb', 200, { signature: 50, peer: 1000 })],
  ['a slower peer', result('bbbbbbb', 100, { peer: 900 })],
])('%s is no slower commit', (_, now) => {
  expect(isSlower(result('aaaaaaa', 100), now)).toBe(false);
  expect(said.at(-1)).toBe('\nbbbbbbb is not slower than aaaaaaa.');
});
