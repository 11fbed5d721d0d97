/** What the record holds beside the messages: who, under which configuration, and what was done in between. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Change, type Exchange, isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import { exchangeSchema, ledgerEntrySchema } from '#lib/exchange/schema.ts';
import {
  basicOf,
  bearer,
  form,
  type Instance,
  type Json,
  json,
  openInstance,
  type TestSandbox,
} from './lib/sandbox.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
});
afterAll(() => instance.close());

/** The control API of a sandbox, by its token or that of a share. */
const steer = (sandbox: TestSandbox, method: string, path: string, body?: unknown, token?: string) =>
  instance.ask(`/api/sandboxes/${sandbox.id}${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { ...bearer(token ?? sandbox.made.control_token), 'content-type': 'application/json' },
  });
const entriesOf = async (sandbox: TestSandbox): Promise<LedgerEntry[]> =>
  (await steer(sandbox, 'GET', '/exchanges?reveal=1&changes=1')).body.exchanges;
const lastOf = async (sandbox: TestSandbox): Promise<Exchange> =>
  (await steer(sandbox, 'GET', '/exchanges?reveal=1')).body.exchanges.at(-1);
const call = (sandbox: TestSandbox, token: string) =>
  sandbox.ask('/mcp', json('POST', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, bearer(token)));

describe('changes', () => {
  test('stand in the ledger, in one numbering with the exchanges, and only if they are asked for', async () => {
    const sandbox = await instance.sandbox();
    await sandbox.ask('/.well-known/jwks.json');
    await steer(sandbox, 'PATCH', '', { config: { 'code.lifetime': 30 } });
    await steer(sandbox, 'PATCH', '', { scenario: 'iss-wrong-issuer' });
    await steer(sandbox, 'POST', '/clock', { advance: 60 });
    const fault = await steer(sandbox, 'POST', '/faults', { endpoint: 'token', effect: { status: 503 } });
    await steer(sandbox, 'DELETE', `/faults/${fault.body.id}`);
    await steer(sandbox, 'POST', '/clients', { client_id: 'a', auth_method: 'client_secret_post' });
    await steer(sandbox, 'POST', '/tokens', {});
    await steer(sandbox, 'POST', '/keys/rotate', {});
    await sandbox.ask('/.well-known/jwks.json');
    const entries = await entriesOf(sandbox);
    expect(entries.map((entry) => ledgerEntrySchema.parse(entry))).toEqual(entries);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const changes = entries.filter(isChange);
    expect(changes.map(({ what, config, scenario }) => [what, config, scenario])).toEqual([
      ['config', 1, null],
      ['scenario', 2, 'iss-wrong-issuer'],
      ['clock', 2, 'iss-wrong-issuer'],
      ['faults', 2, 'iss-wrong-issuer'],
      ['faults', 2, 'iss-wrong-issuer'],
      ['client', 2, 'iss-wrong-issuer'],
      ['grant', 2, 'iss-wrong-issuer'],
      ['keys', 2, 'iss-wrong-issuer'],
    ]);
    expect(changes[0]).toMatchObject({ by: 'control', did: { method: 'PATCH', path: '' } });
    expect(entries.at(0)).toMatchObject({ config: 0, scenario: null });
    expect(entries.at(-1)).toMatchObject({ config: 2, scenario: 'iss-wrong-issuer' });
    const plain = (await steer(sandbox, 'GET', '/exchanges')).body.exchanges as Exchange[];
    expect(plain.map(({ seq }) => seq)).toEqual([1, entries.length]);
    await steer(sandbox, 'POST', '/reset', {});
    expect((await entriesOf(sandbox)).map((entry) => (entry as Change).what)).toEqual(['reset']);
  });

  test('by a stage follow the exchange that completed it, by a page are told apart', async () => {
    const stages = [{ after: { event: 'metadata-fetch', count: 1 }, set: { 'code.lifetime': 30 }, advance: 60 }];
    const sandbox = await instance.sandbox({ stages });
    await sandbox.ask('/.well-known/openid-configuration');
    await instance.ask(`/api/sandboxes/${sandbox.id}/clock`, {
      ...json('POST', { advance: 1 }),
      headers: {
        ...bearer(sandbox.made.control_token),
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
      },
    });
    const entries = await entriesOf(sandbox);
    expect(entries.map((entry) => (isChange(entry) ? `${entry.what} by ${entry.by}` : entry.endpoint))).toEqual([
      'as-metadata',
      'clock by stage',
      'config by stage',
      'clock by page',
    ]);
  });

  test('keep no password, no control token and no key', async () => {
    const sandbox = await instance.sandbox(
      {},
      { clients: [{ client_id: 'seeded', auth_method: 'client_secret_post' }] },
    );
    const secret = sandbox.made.clients[0].client_secret;
    const revealed = JSON.stringify(await entriesOf(sandbox));
    expect(revealed).toContain(secret);
    const shown = JSON.stringify((await steer(sandbox, 'GET', '/exchanges?changes=1')).body);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(sandbox.made.control_token);
  });
});

describe('an exchange', () => {
  test('is attributed to the client of a refused token, as far as that is known', async () => {
    const sandbox = await instance.sandbox();
    const issued = await steer(sandbox, 'POST', '/tokens', { client_id: 'c1', expires_in: 60 });
    const token: string = issued.body.access_token;
    await steer(sandbox, 'POST', '/clock', { advance: 120 });
    expect((await call(sandbox, token)).status).toBe(401);
    expect(await lastOf(sandbox)).toMatchObject({ reason: 'token-expired', client: { clientId: 'c1' } });
    expect((await lastOf(sandbox)).client.claimed).toBeUndefined();
    expect((await call(sandbox, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
    expect((await lastOf(sandbox)).client).toMatchObject({ clientId: 'c1', claimed: true });
  });

  test('has its parameters by name, its trace id, and fits its schema', async () => {
    const sandbox = await instance.sandbox();
    const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    await sandbox.ask('/oauth/token?scope=b', form({ grant_type: 'x', scope: 'a' }, headers));
    const exchange = await lastOf(sandbox);
    expect(exchangeSchema.parse(exchange)).toEqual(exchange);
    expect(exchange).toMatchObject({
      parameters: { grant_type: 'x', scope: ['a', 'b'] },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    expect(Math.abs(exchange.monotonic - Date.parse(exchange.at))).toBeLessThan(60_000);
  });

  test.each([
    ['another type', 'text/plain', '{"grant_type":"x"}', 415],
    ['broken JSON', 'application/json', '{"client_id":"c9",', 400],
  ])('keeps the beginning of a body that was refused: %s', async (_, type, body, status) => {
    const sandbox = await instance.sandbox();
    const path = status === 415 ? '/oauth/token' : '/oauth/register';
    const answer = await sandbox.ask(path, {
      method: 'POST',
      body: body + 'x'.repeat(20_000),
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(status);
    const { request } = await lastOf(sandbox);
    expect(request.body).toMatch(new RegExp(`^${body.replace(/[{}]/g, '\\$&')}x+$`));
    expect(request.body!.length).toBeLessThanOrEqual(16_384);
  });

  test('has what the sandbox fetched because the client named its address', async () => {
    const documents = createServer((request, response) => {
      const { port } = documents.address() as AddressInfo;
      const client_id = `http://127.0.0.1:${port}${request.url}`;
      if (request.url !== '/client.json') response.writeHead(404).end();
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ client_id, client_name: 'C', redirect_uris: ['http://127.0.0.1:9/cb'] }));
    });
    await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
    const { port } = documents.address() as AddressInfo;
    try {
      const sandbox = await instance.sandbox();
      const asked = async (path: string) => {
        const client_id = `http://127.0.0.1:${port}${path}`;
        await sandbox.ask(`/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id })}`);
        return (await lastOf(sandbox)).fetched;
      };
      expect(await asked('/client.json')).toMatchObject([
        {
          url: `http://127.0.0.1:${port}/client.json`,
          status: 200,
          problem: null,
          body: expect.stringContaining('"C"'),
        },
      ]);
      expect(await asked('/missing.json')).toMatchObject([{ status: 404, problem: null }]);
    } finally {
      documents.close();
    }
    const sandbox = await instance.sandbox();
    const client_id = 'http://127.0.0.1:1/client.json';
    await sandbox.ask(`/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id })}`);
    expect((await lastOf(sandbox)).fetched).toMatchObject([{ url: client_id, status: null, problem: 'unreachable' }]);
  });
});

test('the ledger remembers through resets who asked for metadata, and which clients were forgotten', async () => {
  const sandbox = await instance.sandbox();
  const facts = async (): Promise<Json> => (await steer(sandbox, 'GET', '/exchanges')).body;
  expect(await facts()).toMatchObject({ seen: { prm: null, as_metadata: {} }, first_kept: null, own_origin: false });
  await sandbox.ask('/mcp/.well-known/oauth-protected-resource').catch(() => undefined);
  await instance.ask(`/.well-known/oauth-protected-resource/s/${sandbox.id}/mcp`);
  await sandbox.ask('/.well-known/openid-configuration');
  const client = await sandbox.confidential();
  await steer(sandbox, 'POST', '/reset', {});
  const after = await facts();
  expect(after.seen.prm).toMatch(/^20/);
  expect(Object.keys(after.seen.as_metadata)).toEqual([sandbox.issuer]);
  expect(after.forgotten_clients).toContain(client.client_id);
  await sandbox.ask('/oauth/introspect', form({ token: 'x' }, basicOf(client)));
  expect((await facts()).first_kept).toBeGreaterThan(1);
});

describe('shares', () => {
  test('are listed, revoked, and end with a reset; they show clock and knobs and no secret', async () => {
    const sandbox = await instance.sandbox({ 'bearer.tokens': ['s3cret-bearer'] });
    const made = (await steer(sandbox, 'POST', '/shares', {})).body;
    const other = (await steer(sandbox, 'POST', '/shares', {})).body;
    expect(other.token).not.toBe(made.token);
    const read = (path: string, token: string) => steer(sandbox, 'GET', path, undefined, token);
    const seen = await read('', made.token);
    expect(seen.body).toMatchObject({ id: sandbox.id, clock: { frozen: false } });
    expect(seen.text).not.toContain('s3cret-bearer');
    expect((await read('/exchanges?reveal=1', made.token)).status).toBe(401);
    const { shares } = (await steer(sandbox, 'GET', '/shares')).body;
    // Both can be of one millisecond: their order is not told.
    expect(shares.map(({ id }: Json) => id).sort()).toEqual([made.id, other.id].sort());
    expect((await steer(sandbox, 'DELETE', `/shares/${made.id}`)).status).toBe(204);
    expect((await steer(sandbox, 'DELETE', `/shares/${made.id}`)).status).toBe(404);
    expect([(await read('/exchanges', made.token)).status, (await read('/exchanges', other.token)).status]).toEqual([
      401, 200,
    ]);
    await steer(sandbox, 'POST', '/reset', {});
    expect((await read('/exchanges', other.token)).status).toBe(401);
  });
});

test('HAR has one page for each flow, cookies where there are any, and what is ours beside', async () => {
  const sandbox = await instance.sandbox();
  await sandbox.ask('/.well-known/openid-configuration');
  await sandbox.ask('/oauth/authorize?response_type=code&client_id=nobody', {
    headers: { cookie: 'authwalk=abc; session=of-another-site', 'user-agent': 'browser' },
  });
  await steer(sandbox, 'POST', '/clock', { advance: 5 });
  const { log } = (await steer(sandbox, 'GET', '/export?format=har')).body;
  expect(log.pages.map(({ id }: Json) => id)).toEqual([...new Set(log.entries.map(({ pageref }: Json) => pageref))]);
  expect(log.entries.at(-1).request.cookies).toEqual([{ name: 'authwalk', value: 'not-kept' }]);
  expect(log.entries.at(-1)).toMatchObject({
    serverIPAddress: '127.0.0.1',
    _authwalk: { endpoint: 'authorize', reason: 'client-unknown' },
  });
  expect(log._authwalk.changes).toMatchObject([{ what: 'clock' }]);
});
