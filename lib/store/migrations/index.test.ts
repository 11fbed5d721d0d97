import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, NOW } from '../contract/fixtures.ts';
import { postgresPrograms, startPostgres } from '../contract/postgres-server.ts';
import { openStore } from '../open.ts';
import type { Store } from '../store.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

/** What the first version stored is found by the present one, and goes on from there. */
async function expectFirstVersion(store: Store): Promise<void> {
  expect(await store.getSandbox('first')).toMatchObject({ scenario: 'plain', clock: { offset: 60_000 }, version: 1 });
  const tenant = store.tenant('first');
  expect((await tenant.listKeys()).map(({ kid }) => kid)).toEqual(['key']);
  expect(await tenant.getClient('client')).toMatchObject({ source: 'dynamic', createdAt: NOW });
  expect(await tenant.getClient('deleted')).toBeNull();
  expect((await tenant.findUser('a@example.org'))?.sub).toBe('user');
  expect((await tenant.getSession('browser', NOW))?.id).toBe('sid');
  expect(await tenant.getInteraction('interaction', NOW)).not.toBeNull();
  expect((await tenant.findRefreshToken('refresh'))?.grant.id).toBe('grant');
  expect((await tenant.getAccessToken('machine'))?.token.expiresAt).toBe(NOW + 3_600_000);
  expect(await tenant.findDeviceByUserCode('CODE', NOW)).not.toBeNull();
  expect(await tenant.takePushedRequest('pushed', NOW)).not.toBeNull();
  expect(await tenant.rememberOnce('jti', NOW + DAY, NOW)).toBe(false);
  expect((await tenant.listNotes('user')).map(({ text }) => text)).toEqual(['text']);
  expect((await tenant.listFaults()).map(({ id }) => id)).toEqual(['fault']);
  expect((await tenant.appendExchanges([{ at: NOW, bytes: 1, data: {} }]))[0]?.seq).toBe(2);
  expect(await tenant.revokeGrant('grant', 'revoked', NOW)).toBe(true);
}

describe('a SQLite file of the first version', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'authwalk-upgrade-'));
    path = join(directory, 'first.db');
    writeFileSync(path, gunzipSync(fixture('first-version.db.gz')));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is upgraded, and opens again', async () => {
    const store = await openStore(`file:${path}`);
    await expectFirstVersion(store);
    await store.close();
    const again = await openStore(`file:${path}`);
    expect(await again.tenant('first').lastExchangeSeq()).toBe(2);
    await again.close();
  });

  it('has the same tables and indexes afterwards as a new one', async () => {
    const fresh = join(directory, 'fresh.db');
    for (const file of [path, fresh]) await (await openStore(`file:${file}`)).close();
    const schemaOf = (file: string) => {
      const raw = new DatabaseSync(file);
      const rows = raw.prepare("select sql from sqlite_schema where sql is not null and name <> 'migrations'").all();
      raw.close();
      return rows.map((row) => String(row.sql).replaceAll(/[\s"]+/g, '')).toSorted();
    };
    expect(schemaOf(path)).toEqual(schemaOf(fresh));
  });

  it('is refused by the first version after the upgrade, which reads steps that it does not know', async () => {
    await (await openStore(`file:${path}`)).close();
    const raw = new DatabaseSync(path);
    expect(raw.prepare('select name from migrations order by name').all().at(-1)?.name).not.toBe('0001-first');
    raw.close();
  });
});

const programs = postgresPrograms();

describe.skipIf(!programs)('a PostgreSQL database of the first version', () => {
  it('is upgraded, by one of several instances that start at once', async () => {
    const server = await startPostgres(programs!);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(fixture('first-version.sql').toString());
    await client.end();
    const stores = await Promise.all([1, 2, 3].map(() => openStore(server.url)));
    await expectFirstVersion(stores[1]!);
    for (const store of stores) await store.close();
    await server.stop();
  });
});
