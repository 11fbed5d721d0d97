import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../lib/sandbox.ts';
import { type Case, cases } from './cases.ts';
import { grade } from './grading.ts';
import { type Travel, travel } from './time.ts';

let time: Travel;
let house: House;
beforeAll(async () => {
  time = travel();
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  time.stop();
});

/** Rules that did not pass although something was seen. */
const complaints = (graded: Awaited<ReturnType<typeof grade>>) => [...graded.of('fail'), ...graded.of('warn')].sort();

describe.each(cases.map((one): [string, Case] => [one.breaks ?? one.rule, one]))('%s', (name, one) => {
  test('is noticed by this rule, and by no other', async () => {
    const broken = await grade(house, time, one, [name]);
    expect(complaints(broken).join(' ')).toBe(one.rule);
    expect(broken.verdict(one.rule).verdict).toBe(
      one.verdict ?? (broken.verdict(one.rule).in_force === 'MUST' ? 'fail' : 'warn'),
    );
  });

  test('is not held against a client that does it right', async () => {
    const right = await grade(house, time, one, []);
    expect(complaints(right).join(' ')).toBe('');
    expect(right.verdict(one.rule).verdict).toBe(one.repaired ?? 'pass');
  });
});
