import type { Sandbox } from 'authwalk/testing';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modernRequest } from '#lib/mcp/testing.ts';
import { authorize, pkce, post, register, send } from './lib/http.ts';
import { startServer, type RunningServer } from './lib/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const redirectUri = 'http://127.0.0.1:8765/callback';

/** A token by the whole flow at one issuer of a sandbox. */
async function tokenOf(
  sandbox: Sandbox,
  resource: string,
  { issuer = sandbox.issuer, scope = 'notes:read' } = {},
): Promise<string> {
  const { client_id } = await register(issuer, { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' });
  const { verifier, challenge } = pkce();
  const answer = await authorize(
    { issuer, visit: sandbox.visit },
    {
      client_id,
      redirect_uri: redirectUri,
      scope,
      resource,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    },
  );
  const response = await post(`${issuer}/oauth/token`, {
    grant_type: 'authorization_code',
    client_id,
    code: answer.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { access_token: string }).access_token;
}

const call = (url: string, token: string, name = 'notes_list') =>
  fetch(modernRequest(url, 'tools/call', { name, arguments: {} }, `Bearer ${token}`));

describe('whose tokens a resource takes', () => {
  test('those of the issuers that its metadata names at the time, and of no other', async () => {
    const sandbox = await server.sandbox({
      config: { issuers: ['as2'], 'prm.authorizationServers': ['as2'] },
    });
    const { issuer, mcp } = sandbox;
    const metadata = (await (
      await fetch(`${server.origin}/.well-known/oauth-protected-resource/s/${sandbox.id}/mcp`)
    ).json()) as { authorization_servers: string[] };
    expect(metadata.authorization_servers).toEqual([`${issuer}/as2`]);
    const [own, second] = await Promise.all([
      tokenOf(sandbox, mcp.oauth),
      tokenOf(sandbox, mcp.oauth, { issuer: `${issuer}/as2` }),
    ]);
    expect((await call(mcp.oauth, second)).status).toBe(200);
    const refused = await call(mcp.oauth, own);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');

    await sandbox.configure({ 'prm.authorizationServers': ['own'] });
    expect((await call(mcp.oauth, own)).status).toBe(200);
    expect((await call(mcp.oauth, second)).status).toBe(401);
  });

  test('a token of one sandbox is nothing in another', async () => {
    const [one, other] = await Promise.all([server.sandbox(), server.sandbox()]);
    expect((await call(other.mcp.oauth, await tokenOf(one, one.mcp.oauth))).status).toBe(401);
  });

  test('a query of the resource goes all the way', async () => {
    const sandbox = await server.sandbox({ config: { 'resource.query': 'tenant=alpha' } });
    const address = `${sandbox.issuer}/mcp?tenant=alpha`;
    const challenged = await fetch(modernRequest(address, 'tools/list'));
    const where = /resource_metadata="([^"]+)"/.exec(challenged.headers.get('www-authenticate') ?? '')?.[1];
    const { resource } = (await (await fetch(where!)).json()) as { resource: string };
    expect(resource).toBe(address);
    expect((await call(address, await tokenOf(sandbox, resource))).status).toBe(200);
  });
});

describe('Host and Origin', () => {
  function statusFor(headers: Record<string, string>): Promise<number> {
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    return new Promise((resolve, reject) => {
      httpRequest(
        `${server.origin}/no-auth`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      )
        .on('error', reject)
        .end(body);
    });
  }

  test('of evil.example.com are refused, of loopback not [#mcp.origin] [#http.host]', async () => {
    expect(await statusFor({ host: 'evil.example.com' })).toBe(421);
    expect(await statusFor({ origin: 'http://evil.example.com' })).toBe(403);
    expect(await statusFor({ origin: 'http://localhost:5173' })).toBe(200);
    expect(await statusFor({})).toBe(200);
  });
});

test('a batch of the revision 2025-03-26 is answered', async () => {
  const response = await send(
    'POST',
    `${server.origin}/no-auth`,
    [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'add', arguments: { a: 1, b: 2 } } },
    ],
    { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-03-26' },
  );
  expect(response.status).toBe(200);
  const answers = (await response.json()) as { id: number }[];
  expect(answers.map(({ id }) => id).sort()).toEqual([1, 2]);
});

test.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'])(
  'initialize agrees on %s',
  async (protocolVersion) => {
    const response = await send(
      'POST',
      `${server.origin}/no-auth`,
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion, capabilities: {}, clientInfo: { name: 'old', version: '1' } },
      },
      { accept: 'application/json, text/event-stream' },
    );
    expect(await response.json()).toMatchObject({ result: { protocolVersion, serverInfo: { name: 'authwalk' } } });
  },
);
