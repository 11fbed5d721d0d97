/** What two sandboxes of a plan show of a client, and one alone does not. */
import { expect, test } from 'vitest';
import { type Json, json } from '../lib/sandbox.ts';
import { resolve, usual } from './grading.ts';
import { Scripted, Stopped } from './scripted.ts';
import { instance, openForTests, time } from './opened.ts';

openForTests();

const RULE = 'authorize.iss-optional-accepted';

/** Takes a client through a plan. */
async function planOf(scenarios: readonly string[], breaks: readonly string[]) {
  const { body: plan } = await instance.ask(
    '/api/plans',
    json('POST', { scenarios, config: { 'cimd.support': false } }),
  );
  const headers = { authorization: `Bearer ${plan.control_token}`, 'content-type': 'application/json' };
  const steer = (method: string, path: string) =>
    instance.ask(`/api/plans/${plan.id}${path}`, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) });
  for (const scenario of scenarios) {
    const { body: made } = await steer('POST', `/items/${scenario}/start`);
    await usual(new Scripted(instance, made, time, { breaks })).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error;
    });
    await steer('POST', `/items/${scenario}/finish`);
  }
  const { body: report } = await steer('GET', '/report');
  const said = (verdict: string): string[] =>
    report.verdicts.filter((one: Json) => one.verdict === verdict).map((one: Json) => one.rule);
  return { report, said, found: report.verdicts.find((one: Json) => one.rule === RULE), steer, headers };
}

test('a client that demands an iss that nobody promised is caught, by this rule and by no other', async () => {
  const { report, said, found, steer, headers } = await planOf(['conforming', 'iss-not-advertised'], [RULE]);
  expect([...said('fail'), ...said('warn')]).toEqual([RULE]);
  expect(report.summary).toMatchObject({ fail: 1, must: { fail: 1 } });
  expect(report.summary.unanswered).not.toContain(RULE);
  const [{ seq, pointer, sandbox, scenario }] = found.evidence;
  expect(scenario).toBe('iss-not-advertised');
  const { exchanges } = (await instance.ask(`/api/sandboxes/${sandbox}/exchanges`, { headers })).body;
  const redirect = exchanges.find((one: Json) => one.seq === seq);
  expect(resolve(redirect, pointer)).toMatch(/^http:\/\/127\.0\.0\.1:8765\/callback\?/);
  const junit = (await steer('GET', '/report?format=junit')).text;
  expect(junit.match(/<failure /g)).toHaveLength(1);
});

test('one that goes on without it passes', async () => {
  const { said, found } = await planOf(['conforming', 'iss-not-advertised'], []);
  expect([...said('fail'), ...said('warn')]).toEqual([]);
  expect(found.verdict).toBe('pass');
});

test.each([
  ['one sandbox alone', ['iss-not-advertised'], [RULE]],
  ['a client that never redeems a code', ['conforming', 'iss-not-advertised'], [RULE, 'never']],
])('%s says nothing', async (_what, scenarios, breaks) => {
  const { said, found } = await planOf(scenarios, breaks);
  expect([...said('fail'), ...said('warn')]).toEqual([]);
  expect(found.reason.code).toBe('needs-plan');
});
