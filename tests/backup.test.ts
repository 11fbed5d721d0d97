/** Backup and restore as docs/operations.md says: made while the server runs, and what was acknowledged is there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { form, json, testServer } from '#lib/server/testing.ts';
import { postgresPrograms, startPostgres } from '#lib/store/contract/postgres-server.ts';

type TestServer = Awaited<ReturnType<typeof testServer>>;

const guide = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'authwalk-backup-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A client with a token, a user with a password, and a recorded sandbox. */
async function fill(server: TestServer) {
  const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
  const { client_id, client_secret } = (await (await server.ask('/oauth/register', json(metadata))).json()) as Record<
    string,
    string
  >;
  const credentials = { client_id: client_id!, client_secret: client_secret! };
  const token = async (at: TestServer) => {
    const answer = await at.ask('/oauth/token', form({ grant_type: 'client_credentials', ...credentials }));
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const before = await token(server);
  const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as Record<string, string>;
  await (await server.ask(`/s/${made.id}/.well-known/jwks.json`)).text();
  const list = async (at: TestServer) => {
    const headers = { authorization: `Bearer ${made.control_token}` };
    const answer = await at.ask(`/api/sandboxes/${made.id}/exchanges`, { headers });
    return ((await answer.json()) as { exchanges: { endpoint: string }[] }).exchanges.map(({ endpoint }) => endpoint);
  };
  await list(server);
  const isActive = async (at: TestServer, access: string) => {
    const answer = await at.ask('/oauth/introspect', form({ token: access, ...credentials }));
    return ((await answer.json()) as { active: boolean }).active;
  };
  return { token, before, list, isActive };
}

/** Work that goes on while the copy is made. */
function work(server: TestServer, token: (at: TestServer) => Promise<string>) {
  let stopped = false;
  const running = (async () => {
    while (!stopped) await Promise.all(Array.from({ length: 4 }, () => token(server)));
  })();
  return async () => {
    stopped = true;
    await running;
  };
}

describe('SQLite', () => {
  const open = (name: string) => testServer({ DATABASE_URL: `file:${join(directory, name)}` });

  it('is copied while it runs, by the command of the guide, and the copy takes its place', async () => {
    const command = /^node -e "(.+)"$/m.exec(guide)![1]!.replaceAll('\\"', '"');
    expect(command).toContain('vacuum into');
    const server = await open('authwalk.db');
    const { token, before, list, isActive } = await fill(server);
    const stop = work(server, token);
    const script = command
      .replace('.data/authwalk.db', join(directory, 'authwalk.db'))
      .replace('backup.db', join(directory, 'backup.db'));
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', script]);
    await stop();
    const after = await token(server);
    await server.close();

    const restored = await open('backup.db');
    expect(await isActive(restored, before)).toBe(true);
    expect(await isActive(restored, after)).toBe(false);
    expect(await list(restored)).toEqual(['jwks']);
    expect(await isActive(restored, await token(restored))).toBe(true);
    await restored.close();
  });
});

const programs = postgresPrograms();

describe.skipIf(!programs)('PostgreSQL', () => {
  it('is dumped while it runs, and restored into an empty database', async () => {
    const dump = guide
      .match(/`(pg_dump [^`]+)`/)![1]!
      .split(' ')
      .slice(1);
    const restore = guide
      .match(/`(pg_restore [^`]+)`/)![1]!
      .split(' ')
      .slice(1);
    const postgres = await startPostgres(programs!);
    try {
      const server = await testServer({ DATABASE_URL: postgres.url });
      const { token, before, list, isActive } = await fill(server);
      const stop = work(server, token);
      const file = join(directory, 'authwalk.dump');
      execFileSync(join(programs!, 'pg_dump'), [...dump, '-f', file, postgres.url]);
      await stop();
      const after = await token(server);
      await server.close();

      const empty = postgres.url.replace('/postgres?', '/restored?');
      execFileSync(join(programs!, 'psql'), ['-q', '-c', 'create database restored', postgres.url]);
      execFileSync(join(programs!, 'pg_restore'), [...restore, '-d', empty, file]);
      const restored = await testServer({ DATABASE_URL: empty });
      expect(await isActive(restored, before)).toBe(true);
      expect(await isActive(restored, after)).toBe(false);
      expect(await list(restored)).toEqual(['jwks']);
      expect(await isActive(restored, await token(restored))).toBe(true);
      await restored.close();
    } finally {
      await postgres.stop();
    }
  }, 60_000);
});
