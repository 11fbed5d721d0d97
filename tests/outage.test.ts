/** The database stops, hangs or runs full: 503 with `Retry-After` and never 500, nothing acknowledged lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, json, testServer } from '#lib/server/testing.ts';
import { postgresPrograms, startPostgres } from '#lib/store/contract/postgres-server.ts';

type TestServer = Awaited<ReturnType<typeof testServer>>;

/** A client of the root, and a token that the server has acknowledged. */
async function acknowledged(server: TestServer) {
  const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
  const { client_id, client_secret } = (await (await server.ask('/oauth/register', json(metadata))).json()) as Record<
    string,
    string
  >;
  const credentials = { client_id: client_id!, client_secret: client_secret! };
  const answer = await server.ask('/oauth/token', form({ grant_type: 'client_credentials', ...credentials }));
  expect(answer.status).toBe(200);
  const { access_token } = (await answer.json()) as { access_token: string };
  return {
    token: () => server.ask('/oauth/token', form({ grant_type: 'client_credentials', ...credentials })),
    async isActive() {
      const answered = await server.ask('/oauth/introspect', form({ token: access_token, ...credentials }));
      return ((await answered.json()) as { active?: boolean }).active;
    },
  };
}

/** Every kind of request is told that the database is gone; all at once, because each may wait until it gives up. */
async function expectOutage(server: TestServer, token: () => Promise<Response>): Promise<void> {
  const [health, ready, ...answers] = await Promise.all([
    server.ask('/health'),
    server.ask('/ready'),
    token(),
    server.ask('/oauth/register', json({ redirect_uris: ['https://client.example/cb'] })),
    server.ask('/.well-known/jwks.json'),
    server.ask('/api/sandboxes', json({})),
    server.ask('/s/aaaaaaaaaaaaaaaaaaaaaaaaaa/.well-known/oauth-authorization-server'),
    server.ask('/mcp', json({}, 'POST', { authorization: 'Bearer x' })),
  ]);
  expect(answers.filter(({ status }) => status >= 500).map(({ status }) => status)).not.toContain(500);
  for (const answer of answers.slice(0, 4)) {
    expect.soft([answer.url, answer.status]).toEqual([answer.url, 503]);
    expect.soft(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect.soft(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' });
  }
  expect([health.status, await health.json()]).toMatchObject([503, { status: 'unhealthy' }]);
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false }]);
}

async function expectService(server: TestServer, token: () => Promise<Response>): Promise<void> {
  await expect.poll(async () => (await token()).status, { timeout: 10_000 }).toBe(200);
  await expect.poll(async () => (await server.ask('/ready')).status, { timeout: 10_000 }).toBe(200);
  expect((await server.ask('/health')).status).toBe(200);
}

const programs = postgresPrograms();

describe.skipIf(!programs)('PostgreSQL', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let server: TestServer;
  let client: Awaited<ReturnType<typeof acknowledged>>;
  let proxy: Server;
  const connections = new Set<Socket>();

  beforeAll(async () => {
    postgres = await startPostgres(programs!);
    // Between the two stands a network that can fall silent.
    proxy = createServer((near) => {
      const far = connect(postgres.socket);
      connections.add(near).add(far);
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    server = await testServer({ DATABASE_URL: `postgres://authwalk@127.0.0.1:${port}/postgres` });
    client = await acknowledged(server);
  });
  afterAll(async () => {
    await server?.close();
    for (const socket of connections) socket.destroy();
    proxy?.close();
    await postgres?.stop();
  });

  it('is killed and started again', async () => {
    await postgres.kill();
    await expectOutage(server, client.token);
    await postgres.restart();
    await expectService(server, client.token);
    expect(await client.isActive()).toBe(true);
  });

  it('freezes: requests are answered within 10 s, and so is the first after it goes on', async () => {
    postgres.freeze();
    await expectOutage(server, client.token);
    postgres.thaw();
    await expectService(server, client.token);
    expect(await client.isActive()).toBe(true);
  }, 40_000);

  it('falls silent on the connections that are open: they are dropped and replaced', async () => {
    await Promise.all(Array.from({ length: 20 }, client.token));
    for (const socket of connections) {
      socket.unpipe();
      socket.pause();
    }
    await expectService(server, client.token);
    expect(await client.isActive()).toBe(true);
  }, 40_000);
});

describe('SQLite', () => {
  it('runs full: what was acknowledged is read, what cannot be written is refused, and room helps', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'authwalk-full-'));
    const server = await testServer({ DATABASE_URL: `file:${directory}/small.db` }, { store: { maxPages: 400 } });
    const client = await acknowledged(server);
    const made = await server.ask('/api/sandboxes', json({}));
    const { id, control_token } = (await made.json()) as { id: string; control_token: string };
    const own = { authorization: `Bearer ${control_token}` };
    let note: Response;
    let written = 0;
    do {
      note = await server.ask(
        `/api/sandboxes/${id}/clients`,
        json(
          { client_id: `client-${written}`, redirect_uris: [`https://client.example/${'x'.repeat(1500)}`] },
          'POST',
          own,
        ),
      );
      written += 1;
    } while (note.status < 400 && written < 1000);
    expect([note.status, await note.json()]).toMatchObject([503, { error: 'temporarily_unavailable' }]);
    expect(note.headers.get('retry-after')).toBe('5');
    expect((await server.ask('/ready')).status).toBe(503);
    expect((await server.ask('/health')).status).toBe(503);
    expect((await server.ask('/.well-known/jwks.json')).status).toBe(200);
    expect(await client.isActive()).toBe(true);
    expect(server.logged.join('\n')).toMatch(/full/);

    expect((await server.ask(`/api/sandboxes/${id}`, { method: 'DELETE', headers: own })).status).toBe(204);
    await expectService(server, client.token);
    await server.close();
    rmSync(directory, { recursive: true });
  }, 60_000);
});
