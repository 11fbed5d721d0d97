import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { sha256 } from '#lib/oauth/hash.ts';
import { modernRequest, type TestSandbox, testSandbox } from './testing.ts';

const ORIGIN = 'http://localhost:3000';
const MCP = `${ORIGIN}/mcp`;
const list = { name: 'notes_list', arguments: {} };
const addNote = { name: 'notes_add', arguments: { text: 'A note' } };

let sandbox: TestSandbox;
afterEach(() => sandbox.close());

async function call(params: Record<string, unknown>, token: string | undefined, url = MCP): Promise<Response> {
  return sandbox.fetch(modernRequest(url, 'tools/call', params, token === undefined ? undefined : `Bearer ${token}`));
}

const passed = () =>
  sandbox
    .last()
    .checks.filter((check) => check.ok)
    .map((check) => check.check);
const refusedBy = () => sandbox.last().facts.reason;
const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? '';

describe('a token', () => {
  test('that is good opens the tool, after every check in order', async () => {
    sandbox = await testSandbox();
    const response = await call(list, await sandbox.token());
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ result: { structuredContent: { notes: [] } } });
    expect(passed()).toEqual([
      'token-present',
      'token-known',
      'token-signature',
      'token-issuer',
      'token-alive',
      'token-revoked',
      'token-audience',
      'method',
      'headers-match',
      'message',
      'media-types',
      'scope',
      'call',
    ]);
    expect(sandbox.last().facts).toMatchObject({ rpcMethod: 'tools/call', tool: 'notes_list', clientId: 'c_test' });
  });

  test('may be opaque', async () => {
    sandbox = await testSandbox({ 'tokens.format': 'opaque' });
    expect((await call(list, await sandbox.token())).status).toBe(200);
  });

  test('whose signature was touched is refused [#resource.invalid-token]', async () => {
    sandbox = await testSandbox();
    const [header, claims, signature = ''] = (await sandbox.token()).split('.');
    const middle = Math.floor(signature.length / 2);
    const other = signature[middle] === 'A' ? 'B' : 'A';
    const response = await call(
      list,
      `${header}.${claims}.${signature.slice(0, middle)}${other}${signature.slice(middle + 1)}`,
    );
    expect(response.status).toBe(401);
    expect(refusedBy()).toBe('token-signature');
  });

  test('for the other resource is refused [#resource.audience]', async () => {
    sandbox = await testSandbox();
    const response = await call(list, await sandbox.token(), `${ORIGIN}/oauth`);
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toContain('error="invalid_token"');
    expect(refusedBy()).toBe('token-audience');
  });

  test('for the other resource passes where resource.audience is lax', async () => {
    sandbox = await testSandbox({ 'resource.audience': 'lax' });
    expect((await call(list, await sandbox.token(), `${ORIGIN}/oauth`)).status).toBe(200);
  });

  test('that has outlived its time is refused', async () => {
    sandbox = await testSandbox();
    const token = await sandbox.token();
    sandbox.advance(3700);
    expect((await call(list, token)).status).toBe(401);
    expect(refusedBy()).toBe('token-expired');
  });

  test('that was revoked is refused', async () => {
    sandbox = await testSandbox();
    const token = await sandbox.token();
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { jti: string };
    await sandbox.tenant.store.revokeAccessToken(jti, sandbox.tenant.now());
    expect((await call(list, token)).status).toBe(401);
    expect(refusedBy()).toBe('token-revoked');
  });

  test('of another loopback origin gets a 401 that says by whom it was issued [#resource.foreign-issuer]', async () => {
    const other = await testSandbox({}, 'http://127.0.0.1:3000');
    const token = await other.token();
    await other.close();
    sandbox = await testSandbox();
    const response = await call(list, token);
    expect(response.status).toBe(401);
    expect(((await response.json()) as { error_description: string }).error_description).toContain(
      'http://127.0.0.1:3000',
    );
    expect(challengeOf(response)).toContain('http://127.0.0.1:3000');
    expect(refusedBy()).toBe('token-issuer');
  });
});

describe('scope', () => {
  test('that is too small is 403, and names what the tool needs [#resource.step-up]', async () => {
    sandbox = await testSandbox();
    const response = await call(addNote, await sandbox.token());
    expect(response.status).toBe(403);
    expect(challengeOf(response)).toMatch(/^Bearer error="insufficient_scope"/);
    expect(challengeOf(response)).toContain('scope="notes:write"');
    expect(challengeOf(response)).toContain('resource_metadata="');
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' });
    expect(refusedBy()).toBe('scope-insufficient');
  });

  test('notes:write implies notes:read [#resource.scope-hierarchy]', async () => {
    sandbox = await testSandbox();
    const token = await sandbox.token({ scope: ['notes:write'] });
    expect((await call(addNote, token)).status).toBe(200);
    const { result } = (await (await call(list, token)).json()) as {
      result: { structuredContent: { notes: { text: string }[] } };
    };
    expect(result.structuredContent.notes.map(({ text }) => text)).toEqual(['A note']);
  });

  test("notes are the user's own", async () => {
    sandbox = await testSandbox();
    await call(addNote, await sandbox.token({ scope: ['notes:write'], sub: 'u_1' }));
    const { result } = (await (await call(list, await sandbox.token({ sub: 'u_2' }))).json()) as {
      result: { structuredContent: { total: number } };
    };
    expect(result.structuredContent.total).toBe(0);
  });

  test('a tool without an entry needs a token and no scope', async () => {
    sandbox = await testSandbox();
    expect((await call({ name: 'whoami' }, await sandbox.token({ scope: [] }))).status).toBe(200);
  });

  test('resource.scopeHint: accumulated joins what the token holds', async () => {
    sandbox = await testSandbox({ 'resource.scopeHint': 'accumulated' });
    expect(challengeOf(await call(addNote, await sandbox.token({ scope: ['openid', 'notes:read'] })))).toContain(
      'scope="openid notes:read notes:write"',
    );
  });

  test('resource.scopeHint: none leaves it out', async () => {
    sandbox = await testSandbox({ 'resource.scopeHint': 'none' });
    expect(challengeOf(await call(addNote, await sandbox.token()))).not.toContain('scope="');
  });

  test('resource.insufficient: always refuses whatever the token holds', async () => {
    sandbox = await testSandbox({ 'resource.insufficient': 'always' });
    expect((await call(list, await sandbox.token({ scope: ['notes:write'] }))).status).toBe(403);
    expect((await call({ name: 'whoami' }, await sandbox.token())).status).toBe(200);
  });

  test('resource.requiredScopes: the more exact key wins, * stands for the rest', async () => {
    sandbox = await testSandbox({
      'resource.requiredScopes': { '*': ['admin'], 'tools/call': ['write'], 'tools/call:echo': [] },
    });
    const token = await sandbox.token({ scope: [] });
    expect((await call({ name: 'echo', arguments: { text: 'x' } }, token)).status).toBe(200);
    expect(challengeOf(await call(list, token))).toContain('scope="write"');
    expect(challengeOf(await sandbox.fetch(modernRequest(MCP, 'tools/list', {}, `Bearer ${token}`)))).toContain(
      'scope="admin"',
    );
  });
});

describe('resource.open', () => {
  test('lets those methods in without a token, and no others', async () => {
    sandbox = await testSandbox({ 'resource.open': ['tools/list', 'notifications/*'] });
    expect((await sandbox.fetch(modernRequest(MCP, 'tools/list'))).status).toBe(200);
    expect((await call(list, undefined)).status).toBe(401);
  });

  test('if a session begins without a token, a request for a stream is told that there is none', async () => {
    const stream = { headers: { accept: 'text/event-stream' } };
    sandbox = await testSandbox({ 'resource.open': ['initialize'] });
    expect((await sandbox.fetch(MCP, stream)).status).toBe(405);
    sandbox = await testSandbox({ 'resource.open': ['tools/list'] });
    expect((await sandbox.fetch(MCP, stream)).status).toBe(401);
  });

  test('a token that is sent is checked all the same', async () => {
    sandbox = await testSandbox({ 'resource.open': ['tools/list'] });
    expect((await sandbox.fetch(modernRequest(MCP, 'tools/list', {}, 'Bearer nonsense'))).status).toBe(401);
  });

  test('an open method in a batch does not open the rest of it', async () => {
    sandbox = await testSandbox({ 'resource.open': ['ping'] });
    const response = await sandbox.fetch(MCP, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify([
        { jsonrpc: '2.0', id: 1, method: 'ping' },
        { jsonrpc: '2.0', id: 2, method: 'tools/call', params: list },
      ]),
    });
    expect(response.status).toBe(401);
  });
});

test('every call of a batch is held to its scope, the last of many too', async () => {
  sandbox = await testSandbox();
  const batch = [
    ...Array.from({ length: 300 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })),
    { jsonrpc: '2.0', id: 'last', method: 'tools/call', params: addNote },
  ];
  const response = await sandbox.fetch(MCP, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${await sandbox.token()}`,
    },
    body: JSON.stringify(batch),
  });
  expect(response.status).toBe(403);
});

describe('a token bound to a key', () => {
  async function proofs(): Promise<{
    jkt: string;
    proof: (token: string, more?: Record<string, unknown>) => Promise<string>;
  }> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    return {
      jkt: await calculateJwkThumbprint(jwk),
      proof: (token, more = {}) =>
        new SignJWT({ htm: 'POST', htu: MCP, ath: sha256(token), jti: randomUUID(), ...more })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
          .setIssuedAt(Math.floor(sandbox.tenant.now() / 1000))
          .sign(privateKey),
    };
  }

  test('opens the tool with a fresh proof, once [#dpop.replay]', async () => {
    sandbox = await testSandbox();
    const { jkt, proof } = await proofs();
    const token = await sandbox.token({ jkt });
    const dpop = await proof(token);
    const send = () => sandbox.fetch(modernRequest(MCP, 'tools/call', list, `DPoP ${token}`, { DPoP: dpop }));
    expect((await send()).status).toBe(200);
    const again = await send();
    expect(again.status).toBe(401);
    expect(challengeOf(again)).toMatch(/^DPoP error="invalid_dpop_proof".*algs="/);
  });

  test('is refused as Bearer, and without a proof [#dpop.no-downgrade]', async () => {
    sandbox = await testSandbox();
    const { jkt } = await proofs();
    const token = await sandbox.token({ jkt });
    expect((await call(list, token)).status).toBe(401);
    expect(refusedBy()).toBe('token-binding');
    const bare = await sandbox.fetch(modernRequest(MCP, 'tools/call', list, `DPoP ${token}`));
    expect(bare.status).toBe(401);
    expect(challengeOf(bare)).toMatch(/^DPoP /);
  });

  test.each([
    ['another token', { ath: 'x'.repeat(43) }],
    ['another address', { htu: `${ORIGIN}/oauth` }],
    ['another method', { htm: 'GET' }],
  ])('is refused with a proof for %s [#dpop.ath]', async (_, claims) => {
    sandbox = await testSandbox();
    const { jkt, proof } = await proofs();
    const token = await sandbox.token({ jkt });
    const response = await sandbox.fetch(
      modernRequest(MCP, 'tools/call', list, `DPoP ${token}`, { DPoP: await proof(token, claims) }),
    );
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toMatch(/^DPoP error="invalid_dpop_proof"/);
    expect(refusedBy()).toBe('resource-proof-invalid');
  });

  test('brings a nonce where the sandbox wants one', async () => {
    sandbox = await testSandbox({ 'dpop.nonce': ['rs'] });
    const { jkt, proof } = await proofs();
    const token = await sandbox.token({ jkt });
    const send = async (more?: Record<string, unknown>) =>
      sandbox.fetch(modernRequest(MCP, 'tools/call', list, `DPoP ${token}`, { DPoP: await proof(token, more) }));
    const first = await send();
    expect(first.status).toBe(401);
    expect(challengeOf(first)).toContain('error="use_dpop_nonce"');
    const nonce = first.headers.get('dpop-nonce');
    expect(nonce).toBeTruthy();
    expect((await send({ nonce })).status).toBe(200);
  });
});

describe('the plain resource', () => {
  test('takes any token of this issuer, whatever it is for', async () => {
    sandbox = await testSandbox();
    const response = await sandbox.fetch(`${ORIGIN}/api/resource`, {
      headers: { Authorization: `Bearer ${await sandbox.token({ audience: [`${ORIGIN}/oauth`] })}` },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sub: 'u_test', client_id: 'c_test', scope: 'notes:read' });
  });

  test('without one it is 401 with a challenge that names no error', async () => {
    sandbox = await testSandbox();
    const response = await sandbox.fetch(`${ORIGIN}/api/resource`);
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toBe('Bearer realm="api"');
  });

  test('deleting needs admin', async () => {
    sandbox = await testSandbox();
    const remove = async (scope: string[]) =>
      sandbox.fetch(`${ORIGIN}/api/admin/resource`, {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${await sandbox.token({ scope })}` },
      });
    const refused = await remove(['notes:read']);
    expect(refused.status).toBe(403);
    expect(challengeOf(refused)).toMatch(/^Bearer error="insufficient_scope", .*scope="admin"$/);
    expect((await remove(['admin'])).status).toBe(200);
  });
});
