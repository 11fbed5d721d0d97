import { expect, test } from 'vitest';
import { BoundedMap, processWideMap } from './bounded-map.ts';

test('a full map drops the entry that was used the longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.has('a'), map.has('b'), map.has('c'), map.size]).toEqual([true, false, true, 2]);
});

test('setting a key again drops nothing', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('b', 3);
  expect([map.get('a'), map.get('b')]).toEqual([1, 3]);
});

test('a value is made once', () => {
  const map = new BoundedMap<string, number>(2);
  const first = map.getOrMake('a', () => 1);
  expect([first, map.getOrMake('a', () => 2)]).toEqual([1, 1]);
});

test('a name means one map in the whole process', () => {
  processWideMap<string, number>('test-of-names', 2).set('a', 1);
  expect(processWideMap('test-of-names', 2).get('a')).toBe(1);
  expect(processWideMap('test-of-others', 2).get('a')).toBeUndefined();
});
