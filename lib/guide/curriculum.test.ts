/** What a test should hold of the curriculum, see `docs` and the schema. */
import { describe, expect, test } from 'vitest';
import { clause } from '#lib/spec/clauses.ts';
import { reason } from '#lib/spec/reasons.ts';
import { parseConfig } from '#lib/config/config.ts';
import { clientReasons } from './client-checks.ts';
import { listTracks, loadGlossary, loadTrack, loadValues } from './load.ts';
import { ops } from './ops/index.ts';
import { predicates } from './predicates/index.ts';
import { parameterKey } from './prepare.ts';
import { parseText, plainText, valueNames } from './text.ts';
import { derives, makes, reads } from './values/index.ts';
import type { Track } from './types.ts';

const tracks = listTracks().map(({ id }) => loadTrack(id)!);
const values = new Set(loadValues().map(({ name }) => name));
const isUnique = (list: readonly string[]) => new Set(list).size === list.length;

test('there is one main track', () => {
  expect(tracks.filter((track) => track.main).map((track) => track.id)).toEqual(['authorization-code']);
});

test('ids of values and of terms are unique, and each clause that a term cites exists', () => {
  expect(isUnique(loadValues().map(({ name }) => name))).toBe(true);
  expect(isUnique(loadGlossary().map(({ id }) => id))).toBe(true);
});

test('each term of the glossary is linked in some step, and in each step once at most', () => {
  const linked = new Set<string>();
  for (const step of tracks.flatMap((track) => track.steps)) {
    const texts = [step.lede, step.margin_note, ...step.notes.map(({ note }) => note)];
    const here = texts.flatMap((text) => parseText(text).flatMap((piece) => (piece.kind === 'term' ? [piece.id] : [])));
    expect.soft(isUnique(here), step.id).toBe(true);
    for (const id of here) linked.add(id);
  }
  expect([...linked].sort()).toEqual(
    loadGlossary()
      .map(({ id }) => id)
      .sort(),
  );
});

describe('what the schema takes is implemented, and what is implemented is used', () => {
  const steps = tracks.flatMap((track) => track.steps);
  const terms = steps
    .flatMap((step) => step.done_when)
    .flatMap((one) => one.all.flatMap((term) => (term.not ? [term.not] : [term])));
  const changes = steps.flatMap((step) => [
    ...step.prelude,
    ...step.experiments.flatMap((experiment) => experiment.change),
  ]);

  test.each([...ops.keys()])('the operation %s', (op) => {
    expect(changes.map((change) => change.op)).toContain(op);
  });

  test.each([...ops.values()].flatMap((op) => Object.keys(op.takes).map((name) => [op.op, name] as const)))(
    'the operation %s with %s',
    (op, name) => {
      // Where a value stands in a request is the same for set, append and remove.
      const alike = ['set', 'append', 'remove'].includes(op) ? ['set', 'append', 'remove'] : [op];
      expect(changes.some((change) => alike.includes(change.op) && change[name] !== undefined)).toBe(true);
    },
  );

  test('every operation of a prelude can run in the sandbox of a reader', () => {
    for (const change of steps.flatMap((step) => step.prelude)) expect.soft(ops.get(change.op)?.prelude).toBeDefined();
  });

  test.each([...predicates.that.keys()])('the predicate that.%s', (name) => {
    expect(terms.flatMap((term) => Object.keys(term.that ?? {}))).toContain(name);
  });

  test.each([...predicates.seen.keys()])('the predicate seen.%s', (name) => {
    expect(terms.flatMap((term) => Object.keys(term.seen ?? {}))).toContain(name);
  });

  test.each([...predicates.server.keys()])('the predicate server.%s', (name) => {
    expect(terms.map((term) => term.server)).toContain(name);
  });

  const named = new Set([
    ...valueNames(tracks.map(({ steps: own, before, others }) => [own, before, others])),
    ...tracks
      .flatMap((track) => [...track.steps, ...track.before].flatMap((step) => step.values_made))
      .map((made) => made.value),
    ...steps.flatMap((step) =>
      step.done_when.flatMap((one) => one.all.flatMap((term) => term.held ?? term.not?.held ?? [])),
    ),
  ]);
  const implemented = [...reads, ...derives].map((one) => one.value).concat(makes.flatMap((one) => one.values));
  test.each(implemented)('the value %s', (name) => {
    expect(values).toContain(name);
    expect(named).toContain(name);
  });
});

describe.each(tracks.map((track) => [track.id, track] as const))('%s', (_id, track: Track) => {
  const experiments = track.steps.flatMap((step) => step.experiments.map((experiment) => ({ step, experiment })));

  test('a page can be given it as JSON', () => {
    expect(JSON.parse(JSON.stringify(track))).toEqual(track);
  });

  test('ids, numbers and letters are unique, and an experiment is named by its step', () => {
    expect(isUnique(track.steps.map((step) => step.id))).toBe(true);
    expect(track.steps.map((step) => step.number)).toEqual(track.steps.map((_, index) => index + 1));
    for (const step of track.steps) {
      expect.soft(isUnique(step.requests.map((request) => request.id)), step.id).toBe(true);
      expect.soft(isUnique(step.experiments.map((experiment) => experiment.letter)), step.id).toBe(true);
      for (const request of step.requests)
        expect.soft(isUnique(request.parameters.map(parameterKey)), `${step.id}.${request.id}`).toBe(true);
      for (const experiment of step.experiments)
        expect.soft(experiment.id.startsWith(`${track.id}.${step.id}.`), experiment.id).toBe(true);
    }
    expect(isUnique(experiments.map(({ experiment }) => experiment.id))).toBe(true);
  });

  test('every clause, reason and value that is named exists', () => {
    for (const step of track.steps) {
      for (const request of step.requests)
        for (const parameter of request.parameters)
          expect.soft(clause(parameter.clause), parameter.clause).toBeDefined();
      for (const note of step.notes) if (note.clause) expect.soft(clause(note.clause), note.clause).toBeDefined();
      for (const does of step.what_the_server_does) {
        if (does.reason) expect.soft(reason(does.reason), does.reason).toBeDefined();
        if (does.reason && does.by === 'client') expect.soft(clientReasons).toContain(does.reason);
      }
      for (const edit of step.if_it_fails) if (edit.reason) expect.soft(reason(edit.reason), edit.reason).toBeDefined();
      for (const made of step.values_made) expect.soft(values, made.value).toContain(made.value);
      if (step.waits_for) expect.soft(values).toContain(step.waits_for.value);
      for (const { experiment } of experiments)
        for (const id of experiment.clauses) expect.soft(clause(id), id).toBeDefined();
    }
    for (const name of valueNames(track.steps)) expect.soft(values, name).toContain(name);
  });

  test('every request that is named exists', () => {
    for (const step of track.steps) {
      const ids = new Set(step.requests.map((request) => request.id));
      for (const entry of [...step.notes, ...step.what_the_server_does])
        expect.soft(ids, `${step.id}: ${entry.request}`).toContain(entry.request);
      for (const { request } of step.experiments.flatMap((experiment) => experiment.change))
        if (request) expect.soft(ids, `${step.id}: ${request}`).toContain(request);
    }
  });

  test('every knob that is set exists, and takes what it is given', () => {
    const set = [
      ...experiments.flatMap(({ experiment }) => experiment.change.filter((one) => one.op === 'knob')),
      ...Object.entries(track.knobs).map(([knob, value]) => ({ knob, value })),
      ...track.steps.flatMap((step) => Object.entries(step.knobs).map(([knob, value]) => ({ knob, value }))),
    ];
    const wrong = set.filter(({ knob, value }) => !parseConfig({ [knob!]: value }).ok);
    expect(wrong).toEqual([]);
  });

  test('of three options one is right, and what is expected agrees with its reason', () => {
    for (const { experiment } of experiments) {
      if (experiment.opens !== null) continue;
      expect.soft(experiment.options, experiment.id).toHaveLength(3);
      expect
        .soft(
          experiment.options.filter((option) => option.right),
          experiment.id,
        )
        .toHaveLength(1);
      expect.soft(experiment.question && experiment.why, experiment.id).not.toBe('');
      const { expected } = experiment;
      expect.soft(expected, experiment.id).not.toBeNull();
      if (!expected?.reason) continue;
      const known = reason(expected.reason)!;
      expect.soft(known, expected.reason).toBeDefined();
      // Of two sent at once, the expected status is the winner's and the reason the loser's.
      if (experiment.change.some((change) => change.op === 'parallel')) continue;
      if (known.delivery !== 'client')
        expect.soft({ id: experiment.id, status: expected.status, shown: expected.shown }).toEqual({
          id: experiment.id,
          status: known.status,
          shown: known.delivery,
        });
      else expect.soft(expected.shown).toBe('client');
      if (known.error) expect.soft(expected.error, experiment.id).toBe(known.error);
    }
  });

  test('lede, meaning and title keep within their measure', () => {
    for (const step of track.steps) {
      expect.soft(plainText(step.lede).length, step.id).toBeLessThanOrEqual(4 * 62);
      expect.soft(step.title.length, step.id).toBeLessThanOrEqual(30);
      for (const request of step.requests)
        for (const { name, meaning } of request.parameters)
          expect.soft(plainText(meaning).length, `${step.id}: ${name}`).toBeLessThanOrEqual(2 * 40);
      for (const experiment of step.experiments)
        expect.soft(plainText(experiment.title).length, experiment.id).toBeLessThanOrEqual(60);
    }
  });

  test('nothing is linked that is not there', () => {
    const known = new Set(tracks.map(({ id }) => id));
    const linked = experiments.flatMap(({ experiment }) => experiment.see.tracks ?? []);
    expect(linked.filter((id) => !known.has(id))).toEqual([]);
  });
});
