import { expect, test } from 'vitest';
import type { Verdict } from '#lib/coach/types.ts';
import {
  applies,
  type BriefReport,
  findingsOf,
  headline,
  issueText,
  keepSame,
  phasesOf,
  scenarioRunOf,
  unseenOf,
  wordsGiver,
} from './report.ts';

const summary = { pass: 0, fail: 0, warn: 0, not_observed: 0, must: { pass: 0, fail: 0 }, asked: [], unanswered: [] };
const run = { id: 'r1', opened_at: null, closed_at: null, first: 1, last: 2, dropped: 0 };

function verdict(rule: string, patch: Partial<Verdict> = {}): Verdict {
  const clause = { doc: 'RFC 8707', section: '2.2', url: 'https://www.rfc-editor.org/rfc/rfc8707#section-2.2' };
  return {
    rule,
    title: `Title of ${rule}`,
    phase: rule.split('.')[0] as Verdict['phase'],
    verdict: 'pass',
    so_far: false,
    level: 'MUST',
    in_force: 'MUST',
    clause,
    clauses: [clause],
    says: 'What happened.',
    evidence: [],
    why: 'Why it matters.',
    fix: 'What to do.',
    reason: null,
    url: '',
    ...patch,
  };
}

const unseen = (rule: string, code: string, scenarios: readonly string[] = [], fits = true): Verdict =>
  verdict(rule, { verdict: 'not_observed', reason: { code: code as never, says: 'Not yet.', scenarios, fits } });

test('rules for other clients are counted, and not drawn', () => {
  const all = [verdict('token.a'), unseen('dpop.a', 'other-kind'), unseen('token.b', 'no-occasion')];
  expect(all.map(applies)).toEqual([true, false, true]);
  expect(phasesOf(all).map(({ id, seen, verdicts }) => [id, seen, verdicts.length])).toEqual([['token', 1, 2]]);
});

test('failures come before warnings', () => {
  const all = [verdict('a.a', { verdict: 'warn' }), verdict('b.b', { verdict: 'fail' }), verdict('c.c')];
  expect(findingsOf(all).map(({ rule }) => rule)).toEqual(['b.b', 'a.a']);
});

test('of a run of a scenario, what it asks for is kept, and what else was found broken', () => {
  const verdicts = [
    verdict('a.asked', { so_far: true }),
    verdict('b.passed'),
    verdict('c.broken', { verdict: 'fail' }),
    unseen('d.asked', 'open'),
  ];
  const report = {
    ...{ scenarios: ['conforming'], verdicts, run, generated_at: '2026-11-25T22:00:00.000Z' },
    ...{ summary: { ...summary, asked: ['a.asked', 'd.asked'] }, client: { name: 'fieldnotes', client_ids: [] } },
  } as never as Parameters<typeof scenarioRunOf>[0];
  expect(scenarioRunOf(report, '/sandbox/s')).toMatchObject({
    scenario: 'conforming',
    client: 'fieldnotes',
    verdicts: [
      ['Title of a.asked', 'pass'],
      ['Title of d.asked', 'unseen'],
      ['Title of c.broken', 'fail'],
    ],
  });
  expect(scenarioRunOf({ ...report, client: null }, '/sandbox/s')).toBeNull();
});

test('the scenario that shows most rules is offered first, and each rule only once', () => {
  const { scenarios, waiting, others } = unseenOf([
    unseen('a.1', 'needs-scenario', ['x', 'y']),
    unseen('a.2', 'needs-scenario', ['y']),
    unseen('a.3', 'needs-scenario', ['x', 'y']),
    unseen('a.4', 'needs-scenario', ['z']),
    unseen('a.5', 'waiting', ['y']),
    unseen('a.6', 'needs-scenario', ['y'], false),
  ]);
  expect(scenarios.map(({ id, rules }) => [id, rules.length])).toEqual([
    ['y', 3],
    ['z', 1],
  ]);
  expect(waiting.map(({ rule }) => rule)).toEqual(['a.5']);
  expect(others.map(({ rule }) => rule)).toEqual(['a.6']);
});

test('a run that reached nothing is not praised', () => {
  expect(headline({ summary, run: { ...run, last: null } })).toBe('has not been seen yet');
  expect(headline({ summary: { ...summary, pass: 3 }, run })).toBe('keeps every rule that was observed');
  expect(headline({ summary: { ...summary, pass: 3, fail: 1 }, run })).toBe('breaks one rule');
});

test('an issue names the finding, the clause, the evidence, the fix and the address, and no control token', () => {
  const text = issueText(
    verdict('token.resource', {
      verdict: 'fail',
      says: 'The token request has no resource.',
      evidence: [
        {
          seq: 6,
          pointer: '/request/body',
          part: { in: 'form', name: 'resource' },
          got: null,
          expected: 'http://localhost/mcp',
          says: 'the token request',
        },
      ],
    }),
    {
      client: null,
      revision: { value: '2026-07-28', by: 'header' },
      sandbox: { id: 's', issuer: 'http://localhost/s/s', inspect_url: 'http://localhost/sandbox/s#control=secret' },
    },
  );
  expect(text).toContain('## The token request has no resource.');
  expect(text).toContain('exchange 6: the token request, `resource`, expected `http://localhost/mcp`');
  expect(text).toContain('Fix: What to do.');
  expect(text).toContain('http://localhost/sandbox/s#rule-token.resource');
  expect(text).not.toContain('secret');
});

test('a brief report gets the words of its rules, and what has not changed stays the same object', () => {
  const brief = (...ids: string[]): BriefReport =>
    ({ report: 1, verdicts: ids.map((rule) => ({ rule, title: rule, verdict: 'pass' })) }) as never;
  const clause = { doc: 'RFC 8707', section: '2.2', url: 'https://www.rfc-editor.org/rfc/rfc8707#section-2.2' };
  const give = wordsGiver({ 'token.a': { clauses: [clause], why: 'So.', fix: 'Do.' } });
  const before = brief('token.a', 'token.b');
  const shown = give(before);
  expect(shown.verdicts).toMatchObject([
    { rule: 'token.a', clause, clauses: [clause], why: 'So.', fix: 'Do.', url: '/reference/rules#rule-token.a' },
    { rule: 'token.b', clauses: [], why: '' },
  ]);
  expect(give(keepSame(before, brief('token.a', 'token.b'))).verdicts).toBe(shown.verdicts);
  expect(give(keepSame(before, brief('token.a', 'token.c'))).verdicts[0]).toBe(shown.verdicts[0]);
});
