import { describe, expect, test, vi } from 'vitest';
import { rules } from '#lib/coach/rules/index.ts';
import { type Case, cases, documentCases, notShown, otherShapes } from './cases.ts';
import { documentAt } from './documents.ts';
import { grade } from './grading.ts';
import { instance, openForTests, time } from './opened.ts';

// What the sandbox fetches on a client's word comes from here.
vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

openForTests();

/** Rules that did not pass although something was seen. */
const complaints = (graded: Awaited<ReturnType<typeof grade>>) => [...graded.of('fail'), ...graded.of('warn')].sort();

/** The situation of the broken client: another document, if that is what is wrong. */
const brokenBy = (one: Case): Case =>
  one.brokenDocument === undefined ? one : { ...one, options: { ...one.options, document: one.brokenDocument } };

describe.each([...cases, ...documentCases, ...otherShapes].map((one): [string, Case] => [one.breaks ?? one.rule, one]))(
  '%s',
  (name, one) => {
    test('is noticed by this rule, and by no other', async () => {
      const broken = await grade(instance, time, brokenBy(one), [name]);
      expect(complaints(broken).join(' ')).toBe(one.rule);
      expect(broken.verdict(one.rule).verdict).toBe(
        one.verdict ?? (broken.verdict(one.rule).in_force === 'MUST' ? 'fail' : 'warn'),
      );
    });

    test('is not held against a client that does it right', async () => {
      const right = await grade(instance, time, one, []);
      expect(complaints(right).join(' ')).toBe('');
      expect(right.verdict(one.rule).verdict).toBe(one.repaired ?? 'pass');
    });
  },
);

test('each rule is shown by a broken client, or it is said why not', () => {
  const shown = new Set([...cases, ...documentCases].map(({ rule }) => rule));
  expect(
    rules
      .map(({ id }) => id)
      .filter((id) => !shown.has(id))
      .sort(),
  ).toEqual(Object.keys(notShown).sort());
});
