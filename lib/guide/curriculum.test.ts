/** What a test should hold of the curriculum, see `docs` and the schema. */
import { describe, expect, test } from 'vitest';
import { clause } from '#lib/spec/clauses.ts';
import { reason } from '#lib/spec/reasons.ts';
import { knobNames, parseConfig } from '#lib/config/config.ts';
import { clientReasons } from './client-checks.ts';
import { listTracks, loadGlossary, loadTrack, loadValues } from './load.ts';
import { knownTerms } from './predicates.ts';
import { parameterKey } from './prepare.ts';
import { plainText, valueNames } from './text.ts';
import type { ChangeOp, Predicate, Track } from './types.ts';

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

  test('every knob that is turned exists, and takes what it is given', () => {
    for (const { experiment } of experiments) {
      for (const change of experiment.change.filter((candidate: ChangeOp) => candidate.op === 'knob')) {
        expect.soft(knobNames, change.knob).toContain(change.knob);
        expect.soft(parseConfig({ [change.knob!]: change.value }), experiment.id).toMatchObject({ ok: true });
      }
    }
  });

  test('every predicate is one that can be judged', () => {
    const terms = (predicate: Predicate) => predicate.all.flatMap((term) => (term.not ? [term.not] : [term]));
    for (const term of track.steps.flatMap((step) => step.done_when).flatMap(terms)) {
      for (const key of Object.keys(term.that ?? {})) expect.soft(knownTerms.that, key).toContain(key);
      for (const key of Object.keys(term.seen ?? {})) expect.soft(knownTerms.seen, key).toContain(key);
      if (term.server) expect.soft(knownTerms.server, term.server).toContain(term.server);
      if (term.held) expect.soft(values, term.held).toContain(term.held);
    }
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
