/** What a page of the guide is given: it costs the same however many tracks and steps there are. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { listTracks, loadTrack } from './load.ts';
import { indexOf, pageOf } from './page.ts';
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
