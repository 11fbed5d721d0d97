/** What each test file about reports begins with: one server, and real time under the hand of its tests. */
import { afterAll, beforeAll } from 'vitest';
import { type Instance, openInstance } from '../lib/sandbox.ts';
import { type Travel, travel } from './time.ts';

/** The server of this file, open while its tests run. */
export let instance: Instance;
/** Moves real time forward. */
export let time: Travel;

/** Opens `instance` and sets `time` before the tests of this file; closes and restores them at the end. */
export function openForTests(): void {
  beforeAll(async () => {
    time = travel();
    instance = await openInstance();
  });
  afterAll(async () => {
    await instance.close();
    time.stop();
  });
}
