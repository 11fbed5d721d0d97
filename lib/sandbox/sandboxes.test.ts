import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { moveClock } from './clock.ts';
import { createSandboxes, DEFAULT_ID, type Sandboxes } from './sandboxes.ts';

let store: Store;
let instances: Sandboxes[];

// Two instances on one database: neither sees what the other keeps in memory.
beforeEach(async () => {
  store = await openStore(':memory:');
  instances = [0, 1].map(() =>
    createSandboxes({
      store,
      wall: Date.now,
      random: (bytes) => randomBytes(bytes).toString('base64url'),
      alone: false,
      adminTokenHash: null,
    }),
  );
});
afterEach(() => store.close());

it('instances that start at once agree on one default sandbox', async () => {
  const made = await Promise.all(
    [...instances, ...instances].map((instance) => instance.ensureDefault({ 'refresh.grace': 3 })),
  );
  expect(new Set(made.map(({ record }) => record.secret)).size).toBe(1);
  expect((await store.getSandbox(DEFAULT_ID))?.secret).toBe(made[0]!.record.secret);
});

it('of moves of a clock that come to several instances none is lost', async () => {
  const { sandbox } = await instances[0]!.create({});
  const { id } = sandbox.record;
  await Promise.all(
    Array.from({ length: 30 }, (_nothing, index) =>
      instances[index % 2]!.update(id, ({ clock }) => ({ clock: moveClock(clock, { advance: 10 }, Date.now())! })),
    ),
  );
  expect(Math.abs((await store.getSandbox(id))!.clock.offset - 300_000)).toBeLessThan(1000);
});

it('a change that throws changes nothing, and lets the next one through', async () => {
  const { sandbox } = await instances[0]!.create({});
  const { id } = sandbox.record;
  await expect(
    Promise.all([
      instances[0]!.update(id, () => {
        throw new Error('no');
      }),
      instances[0]!.update(id, () => ({ scenario: 'x' })),
    ]),
  ).rejects.toThrow('no');
  expect(await instances[0]!.update(id, () => ({}))).toMatchObject({ record: { scenario: 'x' } });
  expect(await instances[0]!.update('nobody', () => ({}))).toBeNull();
});
