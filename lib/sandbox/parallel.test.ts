/** Two hundred sandboxes at once, each with a real MCP client: nothing of one is seen in another. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '#lib/recorder/exchange.ts';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';

const SANDBOXES = 200;
const AT_ONCE = 25;
const CALLBACK = 'http://127.0.0.1:53682/callback';

const container = await createContainer(readEnv({ DATABASE_URL: ':memory:' }));
const server = createServer(getRequestListener(container.app.fetch, { overrideGlobalObjects: false }));
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await container.close();
});

interface Made { readonly id: string; readonly issuer: string; readonly control_token: string }

async function control<T>(made: Made, method: string, rest: string, body?: unknown): Promise<T> {
  const response = await fetch(`${origin}/api/sandboxes/${made.id}${rest}`, {
    method, headers: { authorization: `Bearer ${made.control_token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${rest}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

/** What an application keeps for the SDK. */
function provider(name: string) {
  const kept: { client?: unknown; tokens?: { access_token: string }; verifier?: string; discovery?: unknown; answer?: URL } = {};
  return {
    kept,
    redirectUrl: CALLBACK,
    clientMetadata: { client_name: name, redirect_uris: [CALLBACK], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' },
    state: () => name,
    clientInformation: () => kept.client as never,
    saveClientInformation: (client: unknown) => { kept.client = client; },
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: { access_token: string }) => { kept.tokens = tokens; },
    saveCodeVerifier: (verifier: string) => { kept.verifier = verifier; },
    codeVerifier: () => kept.verifier ?? '',
    saveDiscoveryState: (state: unknown) => { kept.discovery = state; },
    discoveryState: () => kept.discovery as never,
    async redirectToAuthorization(url: URL) {
      url.searchParams.set('auto_approve', 'true');
      const response = await fetch(url, { redirect: 'manual' });
      kept.answer = new URL(response.headers.get('location') ?? 'http://nowhere.invalid');
    },
  };
}

interface Run { readonly made: Made; readonly index: number; readonly token: string; readonly refusedOnce: boolean; readonly who: string }

async function flow(index: number): Promise<Run> {
  const faulty = index % 2 === 1;
  const response = await fetch(`${origin}/api/sandboxes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ config: { 'tokens.accessLifetime': 1000 + index } }) });
  const made = (await response.json()) as Made;
  await control(made, 'POST', '/clock', { advance: index * 60 });
  if (faulty) await control(made, 'POST', '/faults', { endpoint: 'mcp', match: { tool: 'whoami' }, effect: { status: 503, error: 'temporarily_unavailable' } });
  const own = provider(`client-${index}`);
  const address = new URL(`${made.issuer}/mcp`);
  const first = new StreamableHTTPClientTransport(address, { authProvider: own as never });
  await expect(new Client({ name: `client-${index}`, version: '1' }).connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(own.kept.answer!.searchParams);
  const client = new Client({ name: `client-${index}`, version: '1' });
  await client.connect(new StreamableHTTPClientTransport(address, { authProvider: own as never }));
  const call = () => client.callTool({ name: 'whoami', arguments: {} });
  const refusedOnce = await call().then(() => false, () => true);
  const who = JSON.stringify(await call());
  await client.close();
  return { made, index, token: own.kept.tokens!.access_token, refusedOnce, who };
}

it('keeps tokens, users, keys, clocks, faults and records apart', { timeout: 300_000 }, async () => {
  const runs: Run[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < SANDBOXES) runs.push(await flow(next++));
  }));
  runs.sort((a, b) => a.index - b.index);

  const kids = new Set<string>();
  for (const [position, { made, index, token, refusedOnce, who }] of runs.entries()) {
    expect(refusedOnce, `faults of ${index}`).toBe(index % 2 === 1);
    const claims = decodeJwt(token);
    expect(claims.iss).toBe(made.issuer);
    expect(claims.exp! - claims.iat!).toBe(1000 + index);
    expect(Math.abs(claims.iat! - Date.now() / 1000 - index * 60)).toBeLessThan(290);
    kids.add(String(decodeProtectedHeader(token).kid));
    expect(who).toContain(claims.sub);
    const neighbour = runs[(position + 1) % runs.length]!;
    const elsewhere = await fetch(`${neighbour.made.issuer}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(elsewhere.status).toBe(401);
    await elsewhere.text();
  }
  expect(kids.size).toBe(SANDBOXES);

  for (const { made, index, token } of runs) {
    const { exchanges } = await control<{ exchanges: Exchange[] }>(made, 'GET', '/exchanges');
    expect(exchanges.length).toBeGreaterThan(7);
    expect(exchanges.map(({ seq }) => seq)).toEqual(exchanges.map((_, i) => i + 1));
    for (const { request, at, clock } of exchanges) {
      expect(request.url).toContain(made.id);
      expect(Math.abs(Date.parse(clock) - Date.parse(at) - index * 60_000)).toBeLessThan(10);
    }
    expect(exchanges.filter(({ acted }) => acted.length > 0)).toHaveLength(index % 2);
    const { users } = await control<{ users: { sub: string }[] }>(made, 'GET', '/users');
    expect(users.map(({ sub }) => sub)).toEqual([decodeJwt(token).sub]);
  }
});
