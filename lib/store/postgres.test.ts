import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, code, grant, NOW, race, refresh } from './contract/fixtures.ts';
import { boundsContract, SMALL_BOUNDS } from './contract/bounds.ts';
import { storeContract } from './contract/index.ts';
import { postgresPrograms, startPostgres } from './contract/postgres-server.ts';
import { openStore } from './open.ts';
import type { Store } from './store.ts';

const programs = postgresPrograms();

describe.skipIf(!programs)('PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let store: Store;
  beforeAll(async () => {
    server = await startPostgres(programs!);
    store = await openStore(server.url);
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  storeContract(() => store);
  boundsContract(() => openStore(server.url.replace('/postgres?', '/template1?'), SMALL_BOUNDS));

  it('is shared by instances: of all their redemptions and rotations one wins', async () => {
    const instances = await Promise.all([1, 2, 3].map(() => openStore(server.url)));
    const tenants = instances.map((instance) => instance.tenant('shared'));
    const made = grant();
    const issued = code(made.id);
    await tenants[0]!.createGrantWithCode(made, issued);
    const first = refresh(made.id);
    const redeemed = await race(
      60,
      (index) =>
        tenants[index % 3]!.redeemCode({ hash: issued.hash, now: NOW, access: access(made.id), refresh: first }),
      (answer) => answer.outcome,
    );
    expect(redeemed).toEqual({ redeemed: 1, spent: 59 });

    const other = grant();
    const token = refresh(other.id);
    await tenants[1]!.saveTokens({ grant: other, access: access(other.id), refresh: token });
    const rotated = await race(
      60,
      (index) =>
        tenants[index % 3]!.rotateRefreshToken({
          hash: token.hash,
          now: NOW,
          successor: refresh(other.id, { hash: 'successor', parentHash: token.hash, generation: 2 }),
          access: access(other.id),
          reuse: 'revoke-family',
          grace: 0,
          idleUntil: NOW,
          reason: 'refresh-reused',
        }),
      (answer) => answer.outcome,
    );
    expect(rotated).toEqual({ rotated: 1, 'family-revoked': 1, revoked: 58 });
    await Promise.all(instances.map((instance) => instance.close()));
  });

  it('makes its tables once, however many instances start at once', async () => {
    const url = server.url.replace('/postgres?', '/template1?');
    const instances = await Promise.all([1, 2, 3, 4].map(() => openStore(url)));
    expect(await Promise.all(instances.map((instance) => instance.tenant('shared').count('starts')))).toHaveLength(4);
    await Promise.all(instances.map((instance) => instance.close()));
  });

  it('says when it cannot be reached', async () => {
    await expect(openStore('postgres://authwalk@127.0.0.1:1/postgres')).rejects.toThrow(/ECONNREFUSED/);
  });
});
