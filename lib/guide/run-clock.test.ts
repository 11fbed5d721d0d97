/** The clock of a walk's sandbox, stopped and let run again: on the server, and in what the page shows. */
import { expect, test } from 'vitest';
import {
  decideAt,
  engine,
  factsOf,
  mainTrack,
  memoryStorage,
  newRun,
  openForTests,
  ORIGIN,
} from '../../tests/lib/guide-engine.ts';
import { derive } from './derive.ts';
import type { Run } from './types.ts';

openForTests();

const track = mainTrack();
/** How far the reader's own clock is ahead, ms. */
let ahead = 0;
const now = () => Date.now() + ahead;
const look = (run: Run, later = 0) => derive(track, factsOf(run, { now: now() + later }));
async function serverClock(run: Run): Promise<{ readonly now: string; readonly frozen: boolean }> {
  const { sandbox } = run.snapshot().state;
  const response = await engine.fetch(`${ORIGIN}/api/sandboxes/${sandbox!.id}`, {
    headers: { authorization: `Bearer ${sandbox!.control_token}` },
  });
  return ((await response.json()) as { clock: { now: string; frozen: boolean } }).clock;
}
async function walkToCode(run: Run): Promise<void> {
  await run.wake();
  for (const step of ['challenge', 'discovery', 'registration']) await run.send(step);
  await run.prepare('authorization');
  const away = await run.send('authorization');
  await run.returned((await decideAt(engine, away!, 'auto'))!);
}

test('a stopped clock stops at the server, in what is shown, and for the client; then it runs on', async () => {
  const storage = memoryStorage();
  const run = newRun(engine, storage, track, now);
  await run.freeze(true);
  expect(run.snapshot().state.frozenAt ?? null, 'there is no sandbox yet').toBeNull();
  await walkToCode(run);
  await run.freeze(true);
  const stopped = await serverClock(run);
  expect(stopped.frozen).toBe(true);
  expect(run.snapshot().state.frozenAt).toBe(Date.parse(stopped.now));
  const { left } = look(run).codeLife;
  expect(left).toBeGreaterThan(50);
  expect(look(run, 600_000).codeLife).toMatchObject({ state: 'alive', left, expires: null });
  await run.advance(10);
  expect(look(run, 600_000).codeLife.left).toBe(left! - 10);

  // Another page of the same browser, ten minutes later, by a clock that still stands.
  ahead = 600_000;
  const again = newRun(engine, storage, track, now);
  await again.wake();
  await again.freeze(true);
  expect(look(again).codeLife.left).toBe(left! - 10);
  await again.send('token');
  expect(look(again).bag.access_token).toBeDefined();
  expect(Math.abs(Date.parse((await serverClock(again)).now) - again.snapshot().state.frozenAt!)).toBe(0);

  await again.freeze(false);
  expect((await serverClock(again)).frozen).toBe(false);
  expect(again.snapshot().state.frozenAt).toBeNull();
  const { clockOffset } = again.snapshot().state;
  expect(Math.abs(now() + clockOffset - Date.parse((await serverClock(again)).now))).toBeLessThan(2000);
  ahead = 0;
});

test('a sandbox that is new has a clock that runs', async () => {
  const run = newRun(engine, memoryStorage(), track, now);
  await walkToCode(run);
  await run.freeze(true);
  run.reset();
  await run.send('challenge');
  expect(run.snapshot().state.frozenAt ?? null).toBeNull();
  expect((await serverClock(run)).frozen).toBe(false);
});
