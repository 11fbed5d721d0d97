import { expect, test } from 'vitest';
import { memoryStorage, newRun, ORIGIN, startEngine } from '../../tests/lib/guide-engine.ts';
import { derive } from './derive.ts';
import { loadTrack } from './load.ts';
import { momentsOf, stateAt } from './replay.ts';

test('a run can be gone through again: at each moment as much is held and done as there was', async () => {
  const engine = await startEngine();
  const track = loadTrack('client-credentials')!;
  const run = newRun(engine, memoryStorage(), track);
  await run.wake();
  for (const step of track.steps) await run.send(step.id);
  const { state } = run.snapshot();
  const moments = momentsOf(track, state);
  expect(moments.map(({ step }) => step)).toEqual(['register', 'token', 'call']);
  const seen = [undefined, ...moments].map((moment) => {
    const facts = { state: stateAt(state, moment), running: null, now: moment?.at ?? 0, viewing: null, origin: ORIGIN };
    const { done, bag } = derive(track, facts);
    return [done, bag.client_secret !== undefined, bag.access_token !== undefined];
  });
  expect(seen).toEqual([
    [0, false, false],
    [1, true, false],
    [2, true, true],
    [3, true, true],
  ]);
  await engine.close();
});
