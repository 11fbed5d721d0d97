import { parse } from 'junit2json';
import { marked } from 'marked';
import { beforeAll, describe, expect, test } from 'vitest';
import { ruleWords } from '#lib/coach/brief.ts';
import { badgeOf, toBadge } from '#lib/coach/formats/badge.ts';
import { toCtrf } from '#lib/coach/formats/ctrf.ts';
import { toJunit } from '#lib/coach/formats/junit.ts';
import { toMarkdown } from '#lib/coach/formats/markdown.ts';
import { reportAnswer } from '#lib/spec/report-answer.ts';
import { ctrfErrors } from '../lib/ctrf.ts';
import type { Json } from '../lib/sandbox.ts';
import { control, grade } from './grading.ts';
import { instance, openForTests, time } from './opened.ts';

openForTests();
let report: Json;
let made: Json;
beforeAll(async () => {
  // One failure, one warning.
  const graded = await grade(instance, time, {}, ['authorize.resource', 'authorize.state-present']);
  ({ report } = graded);
  ({ made } = graded.client);
});

/** A report whose texts are as hostile as a client can make them. */
function hostile(): Json {
  const copy = structuredClone(report);
  copy.client.name = '</testsuite>\u0000\uD800"<script>alert(1)</script>';
  for (const verdict of copy.verdicts) {
    verdict.says = `]]>&<\u0007\uFFFF${verdict.says}\r\n](javascript:alert(1)) <img src=x onerror=alert(1)> \`\`\``;
    for (const one of verdict.evidence) one.got = '\u000B"><svg onload=alert(1)>'.repeat(9);
  }
  return copy;
}

const count = (verdict: string): number => report.verdicts.filter((one: Json) => one.verdict === verdict).length;
const left = ['other-revision', 'other-kind'];

test('the JSON report is as its schema says, and as the summary counts', () => {
  expect(reportAnswer.safeParse(report).error?.issues ?? []).toEqual([]);
  for (const verdict of ['pass', 'fail', 'warn', 'not_observed'])
    expect.soft(report.summary[verdict]).toBe(count(verdict));
  expect([report.summary.fail, report.summary.warn]).toEqual([1, 1]);
});

describe('JUnit', () => {
  test.each([
    ['as it is', () => report],
    ['hostile', hostile],
  ] as const)('is read by a parser that others wrote, %s', async (_, make) => {
    const read: Json = await parse(toJunit([make()]));
    const [suite] = read.testsuite;
    const tests = make().verdicts.filter((one: Json) => !left.includes(one.reason?.code));
    expect(suite.testcase).toHaveLength(tests.length);
    expect([read.tests, read.failures, suite.tests, suite.failures, suite.skipped]).toEqual([
      tests.length,
      1,
      tests.length,
      1,
      tests.filter((one: Json) => one.verdict === 'not_observed').length,
    ]);
    const failed = suite.testcase.filter((one: Json) => one.failure);
    expect(failed.map((one: Json) => [one.name, one.classname, one.failure[0].type])).toEqual([
      ['authorize.resource', `${suite.name}.authorize`, 'MUST'],
    ]);
  });

  test('takes warnings for failures if it is asked to', async () => {
    const answer = await control(instance, made, '/report?format=junit&warnings=fail');
    expect(((await parse(answer)) as Json).failures).toBe(2);
  });
});

test('brief says what was found, without the words that a rule has whatever it finds', async () => {
  const answer = await control(instance, made, '/report?format=brief');
  const { clause: _clause, clauses, why, fix, url: _url, ...own } = report.verdicts[0];
  expect(answer.verdicts[0]).toEqual(own);
  expect(ruleWords()[own.rule]).toEqual({ clauses, why, fix });
});

describe('CTRF', () => {
  test.each([
    ['as it is', () => report],
    ['hostile', hostile],
  ] as const)('is valid, %s', (_, make) => {
    const made = JSON.parse(JSON.stringify(toCtrf([make()], '1.2.3')));
    expect(ctrfErrors(made)).toEqual([]);
    const { summary, tests } = made.results;
    expect(tests).toHaveLength(summary.tests);
    expect(summary.passed + summary.failed + summary.skipped + summary.other).toBe(summary.tests);
    expect([summary.failed, summary.other]).toEqual([1, 1]);
    expect(made.results.tool).toEqual({ name: 'authwalk', version: '1.2.3' });
  });
});

describe('Markdown', () => {
  test('opens failures, folds warnings, and says what to start', () => {
    const text = toMarkdown([report]);
    expect(text).toContain('`authorize.resource` · MUST');
    expect(text).toMatch(/<details>\n<summary>1 warning<\/summary>[\s\S]*`authorize\.state-present`/);
    expect(text).toContain('To observe more, start: `');
  });

  test('is short, and what a client says formats nothing', () => {
    const text = toMarkdown(Array.from({ length: 60 }, hostile));
    expect(text.length).toBeLessThan(60_000);
    expect(text).not.toMatch(/<(?!\/?details>|\/?summary>)/);
    expect(text).not.toMatch(/[^\\]\]\(javascript:/);
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });
});

describe('Markdown of a client that names itself', () => {
  test.each([
    ['after a link', 'see https://evil.example/a and www.evil.example, or mailto:a@evil.example', /evil\.example/],
    ['after a formula, an issue and a person', '$\\sum$ #1 @octocat', /\$.*#1 @octocat/],
    ['after a line that begins a list', '\u2028- one\n# two', /- one # two/],
    ['backwards', 'a\u202Egpj.exe', /a gpj\.exe/],
  ])('%s is read as text', async (_how, name, read) => {
    const heading = toMarkdown([{ ...report, client: { ...report.client, name } } as never]).split('\n')[0]!;
    const html = await marked(heading, { gfm: true });
    expect(html).toMatch(/^<h2>Authwalk: [^<]*<\/h2>\n$/);
    expect(html).toMatch(read);
  });
});

describe('the badge', () => {
  test.each([
    [{ must: { pass: 24, fail: 0 }, fail: 0, warn: 0 }, '24 of 24 MUST', 'green'],
    [{ must: { pass: 24, fail: 0 }, fail: 0, warn: 2 }, '24 of 24 MUST', 'yellow'],
    [{ must: { pass: 24, fail: 1 }, fail: 1, warn: 2 }, '24 of 25 MUST', 'red'],
    [{ must: { pass: 0, fail: 0 }, fail: 0, warn: 1 }, 'nothing observed', 'grey'],
  ])('%j', (summary: Json, text, colour) => {
    expect(badgeOf({ summary })).toEqual({ text, colour });
    const svg = toBadge({ summary });
    expect(svg).toContain(`<title>authwalk: ${text}</title>`);
    expect(svg).not.toMatch(/<script|href|url\(|@import/);
  });
});

test('the format comes from the query, else from Accept, else it is JSON', async () => {
  const typeOf = async (query: string, accept?: string) =>
    (
      await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}/report${query}`, {
        headers: { authorization: `Bearer ${made.control_token}`, ...(accept ? { accept } : {}) },
      })
    ).headers.get('content-type');
  expect([
    await typeOf(''),
    await typeOf('', 'text/markdown'),
    await typeOf('', 'image/svg+xml'),
    await typeOf('?format=junit', 'text/markdown'),
    await typeOf('?format=ctrf'),
  ]).toEqual([
    'application/json',
    'text/markdown; charset=utf-8',
    'image/svg+xml; charset=utf-8',
    'application/xml; charset=utf-8',
    'application/json',
  ]);
});
