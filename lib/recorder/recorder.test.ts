/** What the recorder keeps and counts: in a burst, and while the database is gone. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '#lib/store/open.ts';
import { type Store, StoreUnavailableError, type TenantStore } from '#lib/store/store.ts';
import { createRecorder, type NewChange } from './recorder.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore(':memory:');
  await store.createSandbox({
    id: 'place',
    config: {},
    scenario: null,
    controlTokenHash: null,
    secret: 'secret',
    clock: { offset: 0, frozenAt: null },
    createdAt: 1,
    lastUsedAt: 1,
    ttl: null,
    expiresAt: null,
    version: 1,
    staged: {},
    configChange: 0,
    epoch: 0,
  });
});
afterEach(() => store.close());

const change = (monotonic: number): NewChange => ({
  kind: 'change',
  at: '2026-11-26T00:00:00.000Z',
  monotonic,
  by: 'control',
  what: 'clock',
  config: 0,
  scenario: null,
  did: null,
});

/** A store whose appends fail so many times. @param taken whether the database took what it then fails on */
function failingStore(outages: number, taken: boolean): { failing: Store; left: () => number } {
  let left = outages;
  const failing: Store = {
    ...store,
    tenant: (scope): TenantStore => {
      const tenant = store.tenant(scope);
      return {
        ...tenant,
        async appendExchanges(exchanges, epoch) {
          if (left === 0) return await tenant.appendExchanges(exchanges, epoch);
          left -= 1;
          if (taken) await tenant.appendExchanges(exchanges, epoch);
          throw new StoreUnavailableError(new Error('The database is gone.'));
        },
      };
    },
  };
  return { failing, left: () => left };
}

// It is written when the database is back: once, though the first try may have been taken.
it.each([
  ['before it took anything', false],
  ['after it took it, and before it said so', true],
])('the database is gone %s', async (_, taken) => {
  const { failing, left } = failingStore(1, taken);
  const recorder = createRecorder({ store: failing, log: () => undefined, alone: true });
  for (const monotonic of [1, 2, 3]) recorder.recordChange('place', change(monotonic), 0);
  await recorder.settle('place');
  recorder.recordChange('place', change(4), 0);
  const read = async () =>
    (await recorder.listEntries('place', { after: 0, limit: 10 })).map(({ seq, monotonic }) => [seq, monotonic]);
  await expect.poll(read).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  await recorder.close();
  expect(left()).toBe(0);
});

it('what is dropped before it is written counts: the first number that is kept tells that some are gone', async () => {
  const recorder = createRecorder({ store, log: () => undefined, alone: true });
  for (let at = 1; at <= 1300; at += 1) recorder.recordChange('place', change(at), 0);
  const entries = await recorder.listEntries('place', { after: 0, limit: 500 });
  expect([entries.length, entries[0]?.seq, entries[0]?.monotonic, entries.at(-1)?.seq]).toEqual([500, 801, 801, 1300]);
  expect(await store.tenant('place').firstExchangeSeq()).toBe(801);
  await recorder.close();
});

it('what a burst drops counts also if the database was gone when the rest was to be written', async () => {
  const { failing } = failingStore(1, false);
  const recorder = createRecorder({ store: failing, log: () => undefined, alone: true });
  for (let at = 1; at <= 1300; at += 1) recorder.recordChange('place', change(at), 0);
  await recorder.settle('place');
  await expect.poll(() => store.tenant('place').lastExchangeSeq()).toBe(1300);
  await recorder.close();
});
