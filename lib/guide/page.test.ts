/** What a page of the guide is given: it costs the same however many tracks and steps there are. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { experimentsOf } from './derive/experiments.ts';
import { stepFacts } from './derive/steps.ts';
import { plannedMessages } from './derive/wire.ts';
import { listTracks, loadTrack } from './load.ts';
import { indexOf, pageOf } from './page.ts';
import { emptyState, withExperiment } from './state.ts';
import { hasTexts, withPage } from './texts.ts';

const tracks = listTracks().map(({ id }) => loadTrack(id)!);
const main = tracks.find((track) => track.main)!;

/** kB that travel for one step, compressed. */
function weigh(track: typeof main, step: string): number {
  return gzipSync(JSON.stringify([indexOf(track), pageOf(track, step)])).length / 1000;
}

const heaviest = Math.max(...main.steps.map((step) => weigh(main, step.id)));

test('the heaviest step of the main track is light', () => {
  expect(heaviest).toBeLessThan(14);
});

test.each(tracks.flatMap((track) => track.steps.map((step) => [`${track.id}/${step.id}`, track, step] as const)))(
  '%s costs no more than a step of the main track',
  (_name, track, step) => {
    expect(weigh(track, step.id)).toBeLessThanOrEqual(heaviest * 1.05);
  },
);

test.each(tracks)('$id: the wire names addresses before they are known, not the values that hold them', (track) => {
  const facts = { state: emptyState(track.id), running: null, now: 0, viewing: null, origin: 'http://localhost:3000' };
  const labels = stepFacts(track, facts).flatMap((of) => plannedMessages(of, true).map(({ label }) => label));
  expect(labels.filter((label) => /_(?:url|uri|endpoint)\b/.test(label))).toEqual([]);
});

test('an index has no texts, and a page brings those of one step', () => {
  const index = indexOf(main);
  expect(index.steps.some(hasTexts)).toBe(false);
  const [first, second] = main.steps;
  const shown = withPage(index, pageOf(main, first!.id)!);
  expect(shown.steps.map(hasTexts)).toEqual(main.steps.map((step) => step === first));
  expect(shown.steps[0]).toEqual(first);
  expect(pageOf(main, second!.id)!.step).toEqual(second);
  expect(pageOf(main, 'nowhere')).toBeNull();
});

test('what was guessed and run is shown where only the index is there, as on the page after the last step', () => {
  const index = indexOf(main);
  const step = index.steps.at(-1)!;
  const ran = step.experiments.find((one) => one.opens === null)!;
  const outcome = { status: 200, error: null, reason: null, shown: 'json', asExpected: true, line: '200' } as const;
  const record = { guess: 1, right: false, outcome: { ...outcome, exchanges: [], deciding: 0 }, trouble: null, at: 0 };
  const state = withExperiment(ran.id, record)(emptyState(main.id));
  const facts = { state, running: null, now: 0, viewing: null, origin: 'http://localhost:3000' };
  const shown = experimentsOf(index, step, facts, null).find(({ experiment }) => experiment.id === ran.id)!;
  expect(shown).toMatchObject({ state: 'revealed', right: false, line: '200.' });
});
