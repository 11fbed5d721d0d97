/** The recipes of docs/cookbook.md, as they stand there. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, test as base } from 'authwalk/vitest';
import { NotesClient } from '../notes-client.js';

const CALLBACK = 'http://127.0.0.1:8976/callback';
const test = base.extend({
  sandboxOptions: { consent: 'approve', clients: [{ client_id: 'notes', redirect_uris: [CALLBACK] }] },
});
const connect = async (sandbox) => {
  const client = await NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });
  await client.signIn();
  return client;
};

describe('expiry', () => {
  test('an expired token is refreshed', async ({ sandbox }) => {
    const client = await connect(sandbox);
    await sandbox.clock.advance(3601);
    await client.call();
    await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
  });
});

describe('refresh race', () => {
  test('two calls at once refresh once', async ({ sandbox }) => {
    const client = await connect(sandbox);
    await sandbox.clock.advance(3601);
    await Promise.all([client.call(), client.call()]);
    await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { times: 1 });
  });
});

describe('refused consent', () => {
  test('the user is told', async ({ sandbox }) => {
    await sandbox.consent.next('deny');
    await expect(connect(sandbox)).rejects.toThrow('You did not agree.');
    await expect(sandbox).not.toHaveReceived('token');
  });
});

describe('a named user', () => {
  test('the client sees whose notes these are', async ({ sandbox }) => {
    await sandbox.consent.next({ approve: 'ada@example.com' });
    const client = await connect(sandbox);
    const { result } = await client.call('whoami');
    const [ada] = await sandbox.users.list();
    expect(ada?.email).toBe('ada@example.com');
    expect(result.structuredContent.sub).toBe(ada?.sub);
  });
});

describe('lost answer', () => {
  test('a refresh whose answer is lost is not the end', async ({ sandbox }) => {
    await sandbox.configure({ 'refresh.grace': 10 });
    const client = await connect(sandbox);
    const fault = await sandbox.faults.add({
      endpoint: 'token',
      match: { grant_type: 'refresh_token' },
      effect: { drop: true, committed: true },
    });
    await sandbox.clock.advance(3601);
    await expect(client.call()).rejects.toThrow();
    await client.call();
    await expect(sandbox).toHaveFired(fault);
    await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200 });
  });
});

describe('step-up', () => {
  test('the challenge names the scope that is missing', async ({ sandbox }) => {
    const client = await connect(sandbox);
    await client.call('notes_add').catch(() => undefined);
    await expect(sandbox).toHaveReceived(
      'mcp',
      {},
      { status: 403, tool: 'notes_add', headers: { 'WWW-Authenticate': /scope="[^"]*notes:write/ } },
    );
  });
});

describe('your own API', () => {
  test('takes tokens of this server, and no others', async ({ sandbox }) => {
    const keys = createRemoteJWKSet(new URL(`${sandbox.issuer}/.well-known/jwks.json`));
    const api = createServer(async (request, response) => {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
      const audience = 'https://api.example/notes';
      const ok = await jwtVerify(token, keys, { issuer: sandbox.issuer, audience }).then(
        () => true,
        () => false,
      );
      response.writeHead(ok ? 200 : 401).end();
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const url = `http://127.0.0.1:${api.address().port}`;
    const ask = (token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });

    const good = await sandbox.token({ as: 'ada@example.com', audience: ['https://api.example/notes'] });
    expect((await ask(good)).status).toBe(200);
    const foreign = await sandbox.token({ audience: ['https://another.example'] });
    expect((await ask(foreign)).status).toBe(401);
    api.close();
  });
});

describe('RS256 for readers that pin it', () => {
  test('access tokens are signed as they expect', async ({ sandbox }) => {
    await sandbox.configure({ 'tokens.alg': 'RS256' });
    const token = await sandbox.token();
    const header = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());
    expect(header.alg).toBe('RS256');
  });
});
