/** Real time that a test moves: what a client waits for is over at once, for the server and for the record. */
import { vi } from 'vitest';
import { runningClock } from '#lib/spec/timers.ts';

export interface Travel {
  /** Lets so many ms go by. */
  sleep(ms: number): void;
  stop(): void;
}

/** Puts `Date.now` and the clocks that only run forward under the test's hand. Call it before the server is made. */
export function travel(): Travel {
  let ahead = 0;
  const date = Date.now.bind(Date);
  const monotonic = performance.now.bind(performance);
  const running = runningClock.now;
  const spies = [
    vi.spyOn(Date, 'now').mockImplementation(() => date() + ahead),
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + ahead),
    vi.spyOn(runningClock, 'now').mockImplementation(() => running() + ahead),
  ];
  return {
    sleep(ms) {
      ahead += ms;
    },
    stop() {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
