/** What the labs name exists, and fits where it is shown. */
import { describe, expect, test } from 'vitest';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { rules } from '#lib/coach/rules/index.ts';
import { listTracks, loadTrack } from '#lib/guide/load.ts';
import { clause } from '#lib/spec/clauses.ts';
import { labIds } from '#lib/spec/labs.ts';
import { labs } from './attacks/index.ts';

const experiments = listTracks().flatMap(({ id }) =>
  loadTrack(id)!.steps.flatMap((step) => step.experiments.map((experiment) => experiment.id)),
);

test('the labs are numbered in their order, and known by their ids', () => {
  expect(labs.map(({ number }) => number)).toEqual(labs.map((_lab, index) => index + 1));
  expect(labs.map(({ id }) => id)).toEqual([...labIds]);
  expect(new Set(labIds).size).toBe(labs.length);
});

describe.each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
  const acts = [...(lab.before ?? []), ...lab.moments.flatMap((moment) => moment.acts)];

  test('leads to rules, experiments, scenarios, tracks and clauses that exist', () => {
    const { see, home } = lab;
    const known = new Set(rules.map(({ id }) => id));
    expect(see.rules?.filter((id) => !known.has(id)) ?? []).toEqual([]);
    expect(see.experiments?.filter((id) => !experiments.includes(id)) ?? []).toEqual([]);
    expect(see.scenarios?.filter((id) => !scenarios().has(id)) ?? []).toEqual([]);
    expect(see.tracks?.filter((id) => loadTrack(id) === null) ?? []).toEqual([]);
    expect([...home.clauses.client, ...home.clauses.server].filter((id) => !clause(id))).toEqual([]);
  });

  test('names only acts of its own, each once', () => {
    const ids = acts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const terms = JSON.stringify([lab.goal, lab.damage]);
    const named = [...terms.matchAll(/"act":(\[[^\]]*\]|"[^"]*")/g)].flatMap((match) => [JSON.parse(match[1]!)].flat());
    expect(
      [...named, lab.stop.act, ...(lab.eye.kept ? [lab.eye.kept.act] : [])].filter((id) => !ids.includes(id)),
    ).toEqual([]);
  });

  test('says everything in words: no place is left for a value', () => {
    const { title, line, lede, aside, attacker, victim, eye, seen, home } = lab;
    const moments = lab.moments.map(({ acts: _acts, ...texts }) => texts);
    const told = [title, line, lede, aside, attacker, victim, eye, seen, home, moments];
    const all: string[] = [];
    JSON.stringify(told, (_key, value) => {
      if (typeof value === 'string') all.push(value);
      return value;
    });
    expect(all.filter((text) => /\{[a-z_0-9]+\}/.test(text))).toEqual([]);
  });

  test('fits into the index and under its title', () => {
    expect(lab.line.length).toBeLessThanOrEqual(95);
    expect(lab.lede.length).toBeLessThanOrEqual(240);
  });
});
