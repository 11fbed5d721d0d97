/** The main walk in a page of its own: what its test files do, and look at. */
import { beforeEach, expect } from 'vitest';
import { derive } from '#lib/guide/derive.ts';
import type { Facts, Run, WalkView } from '#lib/guide/types.ts';
import { decideAt, engine, factsOf, mainTrack, memoryStorage, newRun, openForTests } from './guide-engine.ts';

export const track = mainTrack();
/** What the browser keeps. */
export let storage = memoryStorage();
/** The run of the page that is shown. */
export let run: Run;

/** Opens the engine for the tests of this file, and a page of the main walk before each. */
export function openWalk(): void {
  openForTests();
  beforeEach(async () => {
    storage = memoryStorage();
    run = newRun(engine, storage);
    await run.wake();
  });
}

/** What the page shows. */
export const look = (viewing: string | null = null, at: Partial<Facts> = {}): WalkView =>
  derive(track, factsOf(run, { viewing, ...at }));
export const statuses = () => look().steps.map((step) => step.status);
export const lines = () => look().steps.map((step) => step.line.map((span) => span.text).join(''));

/** A new page in the same browser. */
export async function reload(): Promise<void> {
  run = newRun(engine, storage);
  await run.wake();
}

/** Prepares the authorization, decides at the server, and comes back to a new page. */
export async function consent(action: 'auto' | 'deny' = 'auto'): Promise<void> {
  await run.prepare('authorization');
  const away = await run.send('authorization');
  expect(away).toContain('/oauth/authorize?');
  const back = await decideAt(engine, away!, action);
  await reload();
  expect(await run.returned(back!)).toBe('authorization');
}

/** Takes every step before this one. */
export async function walkTo(step: string): Promise<void> {
  for (const { id } of track.steps) {
    if (id === step) return;
    if (id === 'authorization') await consent();
    else expect.soft(await run.send(id)).toBeNull();
  }
}
