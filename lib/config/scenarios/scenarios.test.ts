import { expect, it, test } from 'vitest';
import { scenario, scenarioConfig, scenarios } from './index.ts';
import { REVISIONS, SCENARIO_GROUPS } from './scenario.ts';

const all = [...scenarios().values()];

test('there are scenarios of every group', () => {
  expect(new Set(all.map(({ group }) => group))).toEqual(new Set(SCENARIO_GROUPS));
});

/** Scenarios whose knobs nothing obeys yet; shrinks to nothing. */
const WAITING: ReadonlySet<string> = new Set();

it.each(all.map(({ id }) => id).filter((id) => !WAITING.has(id)))('%s starts here or on an origin of its own', (id) => {
  const { problems, problemsOwnOrigin, hosting } = scenario(id)!;
  if (hosting !== 'no') expect(problems).toEqual([]);
  else expect(problems.map(({ problem }) => problem)).toEqual(['refused-here']);
  expect(problemsOwnOrigin).toEqual([]);
});

it.each(all)('$id says what happens, what a client does, and where that is written', (entry) => {
  expect(entry.id).toMatch(/^[a-z0-9-]+$/);
  for (const text of [entry.title, entry.does, entry.conformingClient]) expect(text.length).toBeGreaterThan(5);
  for (const revision of entry.versions) expect(REVISIONS).toContain(revision);
  for (const { url } of entry.spec) expect(URL.canParse(url)).toBe(true);
  if (entry.level !== 'none') expect(entry.spec.length).toBeGreaterThan(0);
  expect(entry.drive.length).toBeGreaterThan(0);
});

test('a scenario is also found by the name of the conformance suite', () => {
  expect(scenario('auth/metadata-default')?.id).toBe('metadata-default');
  expect(scenario('no-such')).toBeUndefined();
});

test('on an origin of its own a scenario uses the knobs for that', () => {
  expect(scenarioConfig('metadata-var2')).not.toHaveProperty(['prm.location']);
  expect(scenarioConfig('metadata-var2', true)).toMatchObject({ 'prm.location': 'root' });
});
