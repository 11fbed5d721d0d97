import { describe, expect, test } from 'vitest';
import { scenarios } from '#lib/config/scenarios/index.ts';
import type { Json } from '../lib/sandbox.ts';
import { control, makeSandbox } from './grading.ts';
import { type SdkClient, sdk1, sdk2 } from './sdk.ts';
import { leftOut, standing } from './sdk-scenarios.ts';
import { instance, openForTests, time } from './opened.ts';

openForTests();

const all = [...scenarios().values()];

describe.each([sdk2, sdk1].map((client): [string, SdkClient] => [client.name, client]))('%s', (name, client) => {
  const applying = all.filter(
    ({ id, versions }) => versions.includes(client.revision as never) && leftOut[id] === undefined,
  );

  test.each(applying.map(({ id }) => id))('fails no rule in %s', async (scenario) => {
    const made = await makeSandbox(instance, { scenario });
    const log = await client.drive(instance, made, time);
    const report = await control(instance, made, '/report?final=1');
    const fails = report.verdicts.filter((one: Json) => one.verdict === 'fail');
    const expected = Object.keys(standing[name]?.[scenario] ?? {});
    expect(fails.map((one: Json) => one.rule).join(' '), `${JSON.stringify(fails)} ${log.join(', ')}`).toBe(
      expected.join(' '),
    );
    // A client that reached nothing has passed nothing.
    expect(report.summary.pass, log.join(', ')).toBeGreaterThan(0);
  });
});

test('each scenario is driven, or left out for a reason', () => {
  const ids = new Set<string>(all.map(({ id }) => id));
  for (const id of Object.keys(leftOut)) expect.soft(ids.has(id), id).toBe(true);
});
