/** Every track walked from end to end against the real engine, as a reader in a browser does it. */
import { describe, expect, test } from 'vitest';
import {
  decideAt,
  decideDevice,
  engine,
  factsOf,
  memoryStorage,
  newRun,
  openForTests,
  ORIGIN,
} from '../../tests/lib/guide-engine.ts';
import { chartOf } from './chart.ts';
import { derive, emptyFacts } from './derive.ts';
import { listTracks, loadTrack } from './load.ts';
import { indexOf, pageOf } from './page.ts';
import { memoryKeys } from './proofs.ts';
import { callbackRequest } from './callback.ts';
import type { Run, Step, Track } from './types.ts';

openForTests();

const tracks = listTracks().map(({ id }) => loadTrack(id)!);

const view = (track: Track, run: Run, viewing: string | null = null) => derive(track, factsOf(run, { viewing }));

/** Does at the server what the reader does there. @returns the run of the page that is shown afterwards */
async function decide(step: Step, away: string, run: Run, reload: () => Promise<Run>): Promise<Run> {
  if (callbackRequest(step)) {
    const back = await decideAt(engine, away, 'auto', [...new URL(away).searchParams.getAll('scope')].join(' '));
    const next = await reload();
    expect(await next.returned(back!)).toBe(step.id);
    return next;
  }
  if (step.requests.some((request) => request.navigates && request.method === 'POST')) {
    await decideDevice(engine, away);
    await run.look();
    return run;
  }
  await (await engine.fetch(away, { headers: { accept: 'text/html' }, redirect: 'manual' })).text();
  return reload();
}

describe.each(tracks.map((track) => [track.id, track] as const))('%s', (_id, track) => {
  test('is walked to its end, each step from its index and its own texts alone', async () => {
    const storage = memoryStorage();
    const keys = memoryKeys();
    const load = async (): Promise<Run> => {
      const made = newRun(engine, storage, indexOf(track), undefined, keys);
      await made.wake();
      return made;
    };
    let run = await load();
    for (const step of track.steps) {
      run.learn(pageOf(track, step.id)!);
      await run.prepare(step.id);
      const away = await run.send(step.id);
      if (away !== null) run = await decide(step, away, run, load);
      expect(run.snapshot().trouble).toBeNull();
      const shown = view(run.snapshot().track, run, step.id);
      const of = shown.steps.find((one) => one.id === step.id)!;
      expect({ step: step.id, status: of.status, line: of.line.map((span) => span.text).join('') }).toEqual({
        step: step.id,
        status: 'done',
        line: expect.not.stringContaining('{'),
      });
    }
    expect(view(track, run).finished).toBe(true);
    const { closing } = chartOf(track, factsOf(run), true);
    expect(closing).toContain(track.main ? 'Nothing that is drawn here opens' : 'opens the server until it expires');
    expect(closing?.includes('The verifier was')).toBe(view(track, run).bag.code_verifier !== undefined);
  });

  test('every step is drawn before anything has happened', () => {
    for (const step of track.steps) {
      const shown = derive(indexOf(track), emptyFacts(track, ORIGIN, step.id));
      expect(shown.step.id).toBe(step.id);
      expect(shown.action.label).not.toBe('');
    }
  });

  test('whoever comes straight to a step sends only what works', async () => {
    const { steps } = derive(track, emptyFacts(track, ORIGIN, null));
    const ready = steps.filter((step, index) => index > 0 && step.status === 'ready').map(({ id }) => id);
    const done: string[] = [];
    for (const id of ready) {
      const run = newRun(engine, memoryStorage(), track, undefined, memoryKeys());
      await run.wake();
      await run.send(id);
      if (view(track, run, id).steps.find((step) => step.id === id)!.status === 'done') done.push(id);
    }
    expect(done).toEqual(ready);
  });

  test('is walked without a browser: each step can be reached at once', async () => {
    const run = newRun(engine, memoryStorage(), indexOf(track), undefined, memoryKeys());
    await run.wake();
    const last = track.steps.at(-1)!;
    await run.bring(last.id);
    expect(run.snapshot().trouble).toBeNull();
    const before = view(track, run).steps.slice(0, -1);
    expect(before.filter((step) => step.status !== 'done').map((step) => [step.id, step.status, step.line])).toEqual(
      [],
    );
  });
});
