import { expect, it } from 'vitest';
import { timeOfDay } from './time-of-day.ts';

it('tells a moment as British English writes it, at each hour', () => {
  for (let hour = 0; hour < 24; hour += 1) {
    const at = new Date(2026, 10, 26, hour, 4, 59 - hour);
    expect(timeOfDay(at.toISOString())).toBe(at.toLocaleTimeString('en-GB'));
    expect(timeOfDay(at.getTime())).toBe(timeOfDay(at.toISOString()));
  }
});

it('says so if there is no such moment', () => {
  expect(timeOfDay('')).toBe('not a time');
  expect(timeOfDay(1e300)).toBe('not a time');
});
