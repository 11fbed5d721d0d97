import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { boundsContract, SMALL_BOUNDS } from './contract/bounds.ts';
import { storeContract } from './contract/index.ts';
import { openStore } from './open.ts';
import type { Store } from './store.ts';

describe('SQLite in memory', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(':memory:');
  });
  afterAll(() => store.close());
  storeContract(() => store);
});

describe('SQLite in a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'authwalk-store-'));
  let store: Store;
  beforeAll(async () => {
    store = await openStore(`file:${directory}/contract.db`);
  });
  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  storeContract(() => store);
});

describe('SQLite with small bounds', () => {
  boundsContract(() => openStore(':memory:', SMALL_BOUNDS));
});
