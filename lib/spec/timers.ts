/**
 * The timers as they were when this module was loaded. A test that runs the server in its own process may install fake
 * timers (Vitest, Jest, Sinon): they stop its own code, and what the server waits for goes on. Wall time is another
 * thing: the server asks for it where `now` says.
 *
 * They are taken from the module `timers`, because Jest can fake those of `globalThis` before anything is loaded; and
 * they are taken once, because fake timers may replace what that module holds.
 */
import * as timers from 'node:timers';
import * as promises from 'node:timers/promises';

export const { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = timers;
/** Resolves after so many milliseconds. */
export const { setTimeout: sleep } = promises;

const clock = globalThis.performance;
/** The clock of {@link elapsed}, apart from the one of the platform, so that a test can move it on purpose. */
export const runningClock = { now: clock.now.bind(clock) };
/** Milliseconds on a clock that only runs forward. */
export const elapsed = (): number => runningClock.now();
