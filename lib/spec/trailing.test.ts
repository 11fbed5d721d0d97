import { expect, test } from 'vitest';
import { withoutTrailing } from './trailing.ts';

test.each([
  ['', ''],
  ['a', 'a'],
  ['a//', 'a'],
  ['//', ''],
  ['//a', '//a'],
  ['a/b/', 'a/b'],
])('%j ends before its slashes: %j', (text, expected) => {
  expect(withoutTrailing(text, '/')).toBe(expected);
});
