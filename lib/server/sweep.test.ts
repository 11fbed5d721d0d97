import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Store } from '#lib/store/store.ts';
import { startSweeping } from './sweep.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const DAY = 86_400_000;

it.each([
  [true, { idleUsersBefore: 100 * DAY - 30 * DAY }],
  [false, {}],
])('public %s: whom it forgets', async (isPublic, options) => {
  const sweep = vi.fn(async () => 0);
  const stop = startSweeping(
    { sweep, takeLease: async () => true } as unknown as Store,
    () => 100 * DAY,
    () => undefined,
    isPublic,
  );
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sweep.mock.calls).toEqual([[100 * DAY, 200, options]]);
  await stop();
});

it('goes on while a batch is full, and survives a store that fails', async () => {
  const sweep = vi
    .fn<() => Promise<number>>()
    .mockResolvedValueOnce(200)
    .mockResolvedValueOnce(3)
    .mockRejectedValueOnce(new Error('gone'))
    .mockResolvedValue(0);
  const said: string[] = [];
  const stop = startSweeping(
    { sweep, takeLease: async () => true } as unknown as Store,
    Date.now,
    (message) => said.push(message),
    false,
  );
  await vi.advanceTimersByTimeAsync(31_000);
  expect(sweep).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sweep.mock.calls.length, said]).toEqual([4, ['sweeping failed']]);
  await stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sweep).toHaveBeenCalledTimes(4);
});

it('leaves the sweep to another instance that is at it', async () => {
  const sweep = vi.fn(async () => 0);
  const store = { sweep, takeLease: async () => false } as unknown as Store;
  const stop = startSweeping(store, Date.now, () => undefined, false);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(sweep).not.toHaveBeenCalled();
  await stop();
});

it('says once a round which sandboxes have expired', async () => {
  const sweep: Store['sweep'] = async (_, __, options) => {
    for (const id of ['one', 'other']) options?.onExpired?.(id);
    return 2;
  };
  const told: (readonly string[])[] = [];
  const stop = startSweeping(
    { sweep, takeLease: async () => true } as unknown as Store,
    Date.now,
    () => undefined,
    false,
    (ids) => told.push(ids),
  );
  await vi.advanceTimersByTimeAsync(31_000);
  expect(told).toEqual([['one', 'other']]);
  await stop();
});
