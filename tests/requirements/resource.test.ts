import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  form,
  type Instance,
  json,
  openInstance,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const challengeOf = (answer: { headers: Headers }) => answer.headers.get('www-authenticate')!;

describe('without a token', () => {
  test('the challenge names no error [#resource.no-error-without-token]', async () => {
    for (const answer of [
      await sandbox.call(null),
      await sandbox.call(null, 'whoami', {}, { path: '/oauth' }),
      await sandbox.get('/api/resource'),
      await sandbox.get('/oauth/userinfo'),
      await sandbox.ask('/api/admin/resource', { method: 'DELETE' }),
    ]) {
      expect.soft(answer.status).toBe(401);
      expect.soft(challengeOf(answer)).toMatch(/^Bearer /);
      expect.soft(challengeOf(answer)).not.toContain('error');
    }
  });

  test('the challenge says which scope to ask for [#resource.scope-challenge]', async () => {
    expect(challengeOf(await sandbox.call(null))).toContain('scope="notes:read"');
    const none = await instance.sandbox({ 'resource.challengeScope': null });
    expect(challengeOf(await none.call(null))).not.toContain('scope=');
  });
});

describe('with a token', () => {
  test('that is malformed, forged, expired or revoked: 401 invalid_token [#resource.invalid-token]', async () => {
    const tokens = await sandbox.tokens(client);
    const revoked = await sandbox.tokens(client);
    await sandbox.post('/oauth/revoke', { token: revoked.access_token, client_id: client.client_id });
    for (const token of [
      'x',
      'a.b.c',
      `${tokens.access_token.slice(0, -4)}AAAA`,
      revoked.access_token,
      tokens.refresh_token,
    ]) {
      for (const answer of [await sandbox.call(token), await sandbox.get('/api/resource', bearer(token))]) {
        expect
          .soft([answer.status, challengeOf(answer)])
          .toEqual([401, expect.stringMatching(/^Bearer .*error="invalid_token"/)]);
      }
    }
    await sandbox.advance(3601);
    expect(challengeOf(await sandbox.call(tokens.access_token))).toContain('error="invalid_token"');
  });

  test('only from the Authorization header, never from the URL or a form [#resource.header-only]', async () => {
    const { access_token } = await sandbox.tokens(client, { scope: 'openid notes:read' });
    const rpc = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    for (const answer of [
      await sandbox.json('POST', `/mcp?access_token=${access_token}`, rpc, {
        accept: 'application/json, text/event-stream',
      }),
      await sandbox.get(`/api/resource?access_token=${access_token}`),
      await sandbox.get(`/oauth/userinfo?access_token=${access_token}`),
      await sandbox.ask(`/oauth/userinfo?access_token=${access_token}`, form({})),
      await sandbox.get('/api/resource', { 'x-access-token': access_token }),
      await sandbox.get('/api/resource', { cookie: `access_token=${access_token}` }),
    ])
      expect.soft(answer.status).toBe(401);
    expect((await sandbox.get('/api/resource', { authorization: `bearer ${access_token}` })).status).toBe(200);
    expect((await sandbox.get('/api/resource', { authorization: `Basic ${access_token}` })).status).toBe(401);
  });

  test('for another resource: 401 [#resource.audience]', async () => {
    const mcp = await sandbox.tokens(client, { resource: sandbox.mcp });
    const oauth = await sandbox.tokens(client, { resource: `${sandbox.issuer}/oauth` });
    const rest = await sandbox.tokens(client, { resource: `${sandbox.issuer}/api/resource` });
    const path = { path: '/oauth' };
    expect((await sandbox.call(mcp.access_token)).status).toBe(200);
    expect((await sandbox.call(mcp.access_token, 'notes_list', {}, path)).status).toBe(401);
    expect((await sandbox.call(oauth.access_token)).status).toBe(401);
    expect((await sandbox.call(oauth.access_token, 'notes_list', {}, path)).status).toBe(200);
    expect((await sandbox.call(rest.access_token)).status).toBe(401);
    const further = await sandbox.tokens(client, {
      resource: `${sandbox.issuer}/oauth`,
      audience: 'https://api.example/',
    });
    expect((await sandbox.call(further.access_token)).status).toBe(401);
  });

  test('of another issuer: 401, and by whom it was issued [#resource.foreign-issuer]', async () => {
    const other = await instance.sandbox();
    const foreign = await other.tokens(await other.register());
    for (const answer of [
      await sandbox.call(foreign.access_token),
      await sandbox.get('/api/resource', bearer(foreign.access_token)),
    ]) {
      expect.soft(answer.status).toBe(401);
      expect.soft(answer.text + challengeOf(answer)).toContain(other.issuer);
    }
    const root = await instance.ask(
      '/oauth/register',
      json('POST', { redirect_uris: ['http://127.0.0.1/cb'], grant_types: ['client_credentials'] }),
    );
    const { body } = await instance.ask('/oauth/token', form({ grant_type: 'client_credentials' }, basicOf(root.body)));
    expect((await instance.ask('/api/resource', { headers: bearer(body.access_token) })).status).toBe(200);
    const elsewhere = await instance.ask('http://127.0.0.1:3000/api/resource', { headers: bearer(body.access_token) });
    expect([elsewhere.status, (elsewhere.text + challengeOf(elsewhere)).includes('http://localhost:3000')]).toEqual([
      401,
      true,
    ]);
  });

  test('with too small a scope: 403, with every scope that the operation needs [#resource.step-up]', async () => {
    const { access_token } = await sandbox.tokens(client, { scope: 'notes:read' });
    const answer = await sandbox.call(access_token, 'notes_add', { text: 'x' });
    expect([answer.status, challengeOf(answer)]).toEqual([403, expect.stringMatching(/error="insufficient_scope"/)]);
    expect(challengeOf(answer)).toMatch(/scope="[^"]*notes:write[^"]*"/);
    expect(challengeOf(answer)).toContain('resource_metadata="');
    const more = await instance.sandbox({
      'resource.requiredScopes': { 'tools/call:notes_add': ['notes:write', 'write', 'admin'] },
    });
    const reader = await more.tokens(await more.register());
    expect(challengeOf(await more.call(reader.access_token, 'notes_add', { text: 'x' }))).toContain(
      'scope="notes:write write admin"',
    );
    const plain = await sandbox.ask('/api/admin/resource', { method: 'DELETE', headers: bearer(access_token) });
    expect([plain.status, challengeOf(plain)]).toEqual([
      403,
      expect.stringMatching(/error="insufficient_scope".*scope="admin"/),
    ]);
    expect(
      (
        await sandbox.ask('/api/admin/resource', {
          method: 'DELETE',
          headers: bearer((await sandbox.tokens(client, { scope: 'admin' })).access_token),
        })
      ).status,
    ).toBe(200);
  });

  test('notes:write implies notes:read wherever scope is checked [#resource.scope-hierarchy]', async () => {
    const writer = await sandbox.tokens(client, { scope: 'notes:write' });
    expect((await sandbox.call(writer.access_token, 'notes_list')).status).toBe(200);
    expect((await sandbox.refresh(client, writer.refresh_token, { scope: 'notes:read' })).body.scope).toBe(
      'notes:read',
    );
    const reader = await sandbox.tokens(client, { scope: 'notes:read' });
    expect((await sandbox.call(reader.access_token, 'notes_add', { text: 'x' })).status).toBe(403);
    expect((await sandbox.refresh(client, reader.refresh_token, { scope: 'notes:write' })).body.error).toBe(
      'invalid_scope',
    );
  });
});

describe('the MCP servers', () => {
  test('refuse a foreign Origin or Host before anything else [#mcp.origin]', async () => {
    const { access_token } = await sandbox.tokens(client);
    for (const origin of [
      'https://evil.example',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'null',
      'http://evil.example:3000',
      'file://',
    ]) {
      expect
        .soft([origin, (await sandbox.call(access_token, 'whoami', {}, { headers: { origin } })).status])
        .toEqual([origin, 403]);
      expect
        .soft([origin, (await sandbox.call(null, 'whoami', {}, { path: '/no-auth', headers: { origin } })).status])
        .toEqual([origin, 403]);
    }
    expect(
      (
        await instance.server.ask('/no-auth', {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json' },
          host: 'evil.example',
        })
      ).status,
    ).toBe(421);
    expect(
      (await sandbox.call(access_token, 'whoami', {}, { headers: { origin: 'http://localhost:6274' } })).status,
    ).toBe(200);
  });

  test('hold the headers to the body [#mcp.headers-match]', async () => {
    const { access_token } = await sandbox.tokens(client, { scope: 'notes:write' });
    for (const headers of [
      { 'mcp-name': 'whoami' },
      { 'mcp-method': 'tools/list' },
      { 'mcp-protocol-version': '2025-11-25' },
    ] as Record<string, string>[]) {
      const answer = await sandbox.call(access_token, 'notes_add', { text: 'x' }, { headers });
      expect.soft([headers, answer.status, answer.body.error.code]).toEqual([headers, 400, -32020]);
    }
  });

  test('serve both eras at one address [#mcp.both-eras]', async () => {
    const { access_token } = await sandbox.tokens(client);
    expect((await sandbox.call(access_token, 'whoami')).body.result).toMatchObject({ resultType: 'complete' });
    const old = await sandbox.json(
      'POST',
      '/mcp',
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      },
      { accept: 'application/json, text/event-stream', ...bearer(access_token) },
    );
    expect(old.status).toBe(200);
    expect(old.text).toContain('2025-06-18');
  });
});
