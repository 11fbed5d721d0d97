import { expect, it } from 'vitest';
import { memoryLimit, volumeOf } from './volume.ts';

it('knows the volume of a database file, and says nothing of a database that lies elsewhere', async () => {
  const volume = await volumeOf(`file:${import.meta.dirname}/authwalk.db`);
  expect(volume!.bytes).toBeGreaterThan(volume!.free);
  expect(volume!.free).toBeGreaterThanOrEqual(0);
  for (const url of [':memory:', 'postgres://user@db.example/walk', 'file:/no/such/folder/walk.db'])
    expect(await volumeOf(url)).toBeNull();
});

it('knows how much memory there is', () => {
  expect(memoryLimit()).toBeGreaterThan(50 * 2 ** 20);
});
