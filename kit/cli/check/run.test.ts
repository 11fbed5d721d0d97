/** The order of the runs; and rules that measure time are judged again alone, once, before they fail. */
import { beforeEach, expect, test, vi } from 'vitest';
import { runAll, type RunOptions } from './run.ts';
import type { ScenarioRun } from './results.ts';
import { runScenario } from './scenario.ts';
import type { ScenarioChoice } from './select.ts';

vi.mock('./scenario.ts', () => ({ runScenario: vi.fn(), gotThrough: () => true }));
const runs = vi.mocked(runScenario);

const TIME = 'device.interval';
const scenario = (id: string) => ({ id }) as ScenarioChoice;
/** A run in which these rules have these verdicts. */
const ran = (id: string, verdicts: Readonly<Record<string, string>>) => ({
  scenario: scenario(id),
  report: { verdicts: Object.entries(verdicts).map(([rule, verdict]) => ({ rule, verdict })) },
  path: [],
  retried: [],
  artefacts: null,
});

/** What became of each scenario, in the order in which it was said. */
async function told(
  jobs: number,
  script: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>,
  more: Partial<RunOptions> = {},
) {
  const left = new Map(Object.entries(script).map(([id, all]) => [id, [...all]]));
  runs.mockImplementation(async ({ id }) => ran(id, left.get(id)!.shift()!) as never);
  const said: [string, string[], readonly string[]][] = [];
  await runAll(Object.keys(script).map(scenario), {
    jobs,
    signal: new AbortController().signal,
    beside: [],
    warningsCount: false,
    onStart: () => undefined,
    onEnd: ({ scenario: { id }, report, retried }) =>
      said.push([id, report!.verdicts.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule), retried]),
    ...more,
  } as RunOptions);
  return said;
}

beforeEach(() => void runs.mockReset());

test.each([1, 2])('what was only slow the first time passes: -j %i', async (jobs) => {
  expect(await told(jobs, { a: [{ [TIME]: 'fail' }, { [TIME]: 'pass' }], b: [{ [TIME]: 'pass' }] })).toEqual(
    jobs === 1
      ? [
          ['a', [], [TIME]],
          ['b', [], []],
        ]
      : [
          ['b', [], []],
          ['a', [], [TIME]],
        ],
  );
});

test.each([1, 2])('what fails twice has failed: -j %i', async (jobs) => {
  expect(await told(jobs, { a: [{ [TIME]: 'fail' }, { [TIME]: 'fail' }] })).toEqual([['a', [TIME], [TIME]]]);
  expect(runs).toHaveBeenCalledTimes(2);
});

test('other rules are judged once', async () => {
  expect(await told(1, { a: [{ 'authorize.resource': 'fail', [TIME]: 'pass' }] })).toEqual([
    ['a', ['authorize.resource'], []],
  ]);
});

test('a warning is looked at again only if it counts', async () => {
  const script = { a: [{ [TIME]: 'warn' }, { [TIME]: 'pass' }] };
  await told(1, script);
  expect(runs).toHaveBeenCalledTimes(1);
  await told(1, script, { warningsCount: true });
  expect(runs).toHaveBeenCalledTimes(3);
});

test('nothing is run again after an interruption', async () => {
  const interrupt = new AbortController();
  runs.mockImplementation(async ({ id }) => {
    interrupt.abort();
    return ran(id, { [TIME]: 'fail' }) as never;
  });
  await runAll([scenario('a')], {
    jobs: 1,
    signal: interrupt.signal,
    beside: [],
    warningsCount: false,
    onStart: () => undefined,
    onEnd: () => undefined,
  } as unknown as RunOptions);
  expect(runs).toHaveBeenCalledTimes(1);
});

test('after an interruption, what ended is told, also behind what was not begun', async () => {
  const interrupt = new AbortController();
  const said: string[] = [];
  runs.mockImplementation(async ({ id }) => {
    // The one at the end is begun at once, for it is held back longest.
    if (id === 'd') interrupt.abort();
    return ran(id, id === 'a' ? { [TIME]: 'fail' } : {}) as never;
  });
  await runAll(
    [0, 0, 0, 30].map((heldBack, index) => ({ ...scenario('abcd'[index]!), heldBack })),
    {
      jobs: 2,
      signal: interrupt.signal,
      beside: [],
      warningsCount: false,
      onStart: () => undefined,
      onEnd: ({ scenario: { id } }: ScenarioRun) => void said.push(id),
    } as unknown as RunOptions,
  );
  expect(said).toEqual(['a', 'd']);
});

test('with two jobs, one begins with the slowest scenario; results are told in the order asked for', async () => {
  const begun: string[] = [];
  const said: string[] = [];
  runs.mockImplementation(async ({ id }) => ran(id, {}) as never);
  await runAll(
    [0, 0, 30, 20].map((heldBack, index) => ({ ...scenario('abcd'[index]!), heldBack })),
    {
      jobs: 2,
      signal: new AbortController().signal,
      beside: [],
      warningsCount: false,
      onStart: ({ id }: ScenarioChoice) => void begun.push(id),
      onEnd: ({ scenario: { id } }: ScenarioRun) => void said.push(id),
    } as unknown as RunOptions,
  );
  expect(begun.slice(0, 2)).toEqual(['a', 'c']);
  expect(said).toEqual(['a', 'b', 'c', 'd']);
});
