import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Entry {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

/** Optional, for development only, and for other platforms than the one at hand: the registry does not have them. */
const UNKNOWN = /^node_modules\/@yuku-toolchain\/(?:darwin|win32|linux-arm64)/;

test('every package of the lockfile has the hash of what it is', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
  const entries = Object.entries(packages).filter(([path, { link, inBundle }]) => path !== '' && !link && !inBundle);
  expect(entries.length).toBeGreaterThan(100);
  const bare = entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path);
  expect(bare.filter((path) => !UNKNOWN.test(path))).toEqual([]);
});
