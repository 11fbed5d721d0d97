/** What an owner gives a sandbox is refused by name if it could not act, before anything is stored. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, json, openInstance, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };

/** Clients that could not act, and where the fault is. */
const UNUSABLE: readonly [string, Record<string, unknown>, string][] = [
  ['a grant that is none', { grant_types: ['implicit'] }, 'grant_types.0'],
  ['a scope outside the grammar', { scope: 'notes:read  read' }, 'scope'],
  ['no key set', { jwks: { keys: 'x' } }, 'jwks'],
  ['a private key', { jwks: { keys: [{ ...KEY, d: 'd' }] } }, 'jwks'],
  ['a claim of the protocol', { claims: { iss: 'x' } }, 'claims.iss'],
];

describe('a pre-registered client', () => {
  test.each(UNUSABLE)('with %s is refused where it is made', async (_what, members, path) => {
    const client = { client_id: 'a', ...members };
    const made = await sandbox.control('POST', '/clients', client);
    expect([made.status, made.body.problems[0].path]).toEqual([400, path]);
    const configured = await sandbox.control('PATCH', '', { config: { clients: [client], cors: 'none' } });
    expect([configured.status, configured.body.error]).toEqual([400, 'invalid_config']);
    expect(configured.body.error_description).toContain(path);
    const stages = [{ after: { event: 'metadata-fetch', count: 1 }, set: { clients: [client] } }];
    expect((await instance.ask('/api/sandboxes', json('POST', { config: { stages } }))).status).toBe(400);
    // Nothing of what was refused has stayed behind.
    expect((await sandbox.control('GET', '')).body.config).toEqual({});
    expect((await sandbox.control('POST', '/reset', {})).status).toBe(200);
  });

  test('is refused if one list names it twice, like a user, and the refusal says which', async () => {
    const clients = [{ client_id: 'twin' }, { client_id: 'other' }, { client_id: 'twin', scope: 'notes:read' }];
    for (const [body, path] of [
      [{ seed: { clients } }, 'clients.2.client_id'],
      [{ config: { clients } }, '2.client_id'],
    ] as const) {
      const made = await instance.ask('/api/sandboxes', json('POST', body));
      expect.soft(made.status).toBe(400);
      const text = JSON.stringify(made.body);
      expect.soft(text).toContain(path);
      expect.soft(text).toContain('twin is named twice');
    }
    const users = [{ email: 'ada@example.com' }, { email: 'Ada@example.com' }];
    const made = await instance.ask('/api/sandboxes', json('POST', { seed: { users } }));
    expect([made.status, JSON.stringify(made.body)]).toEqual([400, expect.stringContaining('users.1.email')]);
  });

  test('takes what other servers take: remote http, a scheme of its own, both names of a grant', async () => {
    const made = await sandbox.control('POST', '/clients', {
      client_id: 'b',
      redirect_uris: ['http://app:8080/cb', 'com.example.app:/cb'],
      grant_types: ['device_code', 'urn:ietf:params:oauth:grant-type:token-exchange', 'password'],
      response_types: [],
      scope: '',
      jwks: { keys: [KEY] },
    });
    expect(made.status).toBe(201);
  });
});

test('a token is issued for scope tokens alone', async () => {
  for (const scope of ['a"b', ['a b'], 'notes:read\\'])
    expect.soft((await sandbox.control('POST', '/tokens', { scope })).status, String(scope)).toBe(400);
  expect((await sandbox.control('POST', '/tokens', { scope: 'notes:read  of-my-own' })).body.scope).toBe(
    'notes:read of-my-own',
  );
});
