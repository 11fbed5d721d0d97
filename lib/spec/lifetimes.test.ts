import { expect, it } from 'vitest';
import { lifeInWords } from './lifetimes.ts';

it.each([
  [86_400, '24 hours'],
  [604_800, '7 days'],
  [172_800, '2 days'],
  [3600, '60 minutes'],
  [7200, '2 hours'],
  [5400, '90 minutes'],
  [60, '60 seconds'],
  [90, '90 seconds'],
  [86_399, '86399 seconds'],
])('%i s is %s', (seconds, words) => {
  expect(lifeInWords(seconds)).toBe(words);
});
