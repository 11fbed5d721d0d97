import { expect, it, test } from 'vitest';
import { type ConfigFault, type KnobName, notBuilt } from '../config.ts';
import { scenario, scenarioConfig, scenarios } from './index.ts';
import { REVISIONS, SCENARIO_GROUPS } from './scenario.ts';

const all = [...scenarios().values()];

test('there are scenarios of every group', () => {
  expect(new Set(all.map(({ group }) => group))).toEqual(new Set(SCENARIO_GROUPS));
});

/** What nothing obeys yet is refused by name, and nothing else keeps a scenario from starting. */
const unexpected = (problems: readonly ConfigFault[]) =>
  problems.filter(({ problem, knob }) => problem !== 'not-built' || !notBuilt.has(knob as KnobName));

it.each(all)('$id starts here or on an origin of its own', ({ problems, problemsOwnOrigin, hosting }) => {
  if (hosting === 'no') expect(problems.map(({ problem }) => problem)).toEqual(['refused-here']);
  else expect(unexpected(problems)).toEqual([]);
  expect(unexpected(problemsOwnOrigin)).toEqual([]);
});

it.each(all)('$id says what happens, what a client does, and where that is written', (entry) => {
  expect(entry.id).toMatch(/^[a-z0-9-]+$/);
  for (const text of [entry.title, entry.does, entry.conformingClient]) expect.soft(text.length).toBeGreaterThan(5);
  for (const revision of entry.versions) expect.soft(REVISIONS).toContain(revision);
  for (const { url } of entry.spec) expect.soft(URL.canParse(url)).toBe(true);
  if (entry.level !== 'none') expect(entry.spec.length).toBeGreaterThan(0);
  expect(entry.drive.length).toBeGreaterThan(0);
});

it.each(all)('$id is judged by a rule, or says why not and where to look', ({ id, judgedBy, notJudged }) => {
  const isJudged = judgedBy.length > 0 || id === 'conforming';
  expect(notJudged === null).toBe(isJudged);
  for (const text of Object.values(notJudged ?? {})) expect(text).toMatch(/^[A-Z].{20,250}\.$/);
});

test('a scenario is also found by the name of the conformance suite', () => {
  expect(scenario('auth/metadata-default')?.id).toBe('metadata-default');
  expect(scenario('no-such')).toBeUndefined();
});

test('on an origin of its own a scenario uses the knobs for that', () => {
  expect(scenarioConfig('metadata-var2')).not.toHaveProperty(['prm.location']);
  expect(scenarioConfig('metadata-var2', true)).toMatchObject({ 'prm.location': 'root' });
});
