import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isPromise } from './promise.ts';

test('a promise of another realm is one', () => {
  const other = runInNewContext('Promise.resolve(1)') as Promise<number>;
  expect([other instanceof Promise, isPromise(other)]).toEqual([false, true]);
  expect([isPromise<unknown>({}), isPromise<unknown>(null), isPromise<unknown>('then')]).toEqual([false, false, false]);
});

test.each(['lib', 'kit'])('%s runs inside test runners, and asks no value for its own Promise', (folder) => {
  const root = join(import.meta.dirname, '..', '..');
  const asking = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
    .filter((path) => readFileSync(join(root, folder, path), 'utf8').includes('instanceof Promise'));
  expect(asking).toEqual([]);
});
