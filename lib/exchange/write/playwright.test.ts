/** The exported Playwright test is run as it stands, against the server that the run was recorded on. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const container = await createContainer(readEnv({ DATABASE_URL: ':memory:' }));
const server = createServer(getRequestListener(container.app.fetch, { overrideGlobalObjects: false }));
let origin: string;
let folder: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await mkdir(join(root, 'test-results'), { recursive: true });
  folder = await mkdtemp(join(root, 'test-results', 'exported-'));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await container.close();
  await rm(folder, { recursive: true, force: true });
});

const json = (value: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  body: JSON.stringify(value),
});

/** A flow with consent, calls, a step-up that is refused, a refresh, and a refresh token that comes back. */
async function run(method: 'none' | 'client_secret_basic', base: string): Promise<void> {
  const callback = 'http://localhost:9/cb';
  const client = (await (
    await fetch(
      `${base}/oauth/register`,
      json({
        redirect_uris: [callback],
        token_endpoint_auth_method: method,
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    )
  ).json()) as Record<string, string>;
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id!,
    redirect_uri: callback,
    resource: `${base}/mcp`,
    state: ['a `state` with $', '{signs}\\n'].join(''),
    scope: 'notes:read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const asked = await fetch(`${base}/oauth/authorize?${query}`, { redirect: 'manual' });
  const interaction = asked.headers.get('location')?.split('/').at(-1) ?? '';
  const decided = await fetch(`${base}/oauth/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      interaction,
      action: method === 'none' ? 'auto' : 'login',
      email: 'ada@example.com',
      password: 'lovelace-1843',
      scope: 'notes:read',
    }),
  });
  const code = new URL(decided.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const headers: Record<string, string> =
    method === 'none' ? {} : { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` };
  const token = async (form: Record<string, string>) =>
    (await (
      await fetch(`${base}/oauth/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams(method === 'none' ? { ...form, client_id: client.client_id! } : form),
      })
    ).json()) as Record<string, string>;
  const rpc = (access: string, call: string, params: unknown = {}) =>
    fetch(`${base}/mcp`, json({ jsonrpc: '2.0', id: 1, method: call, params }, { authorization: `Bearer ${access}` }));
  const first = await token({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: callback,
  });
  await (await rpc(first.access_token!, 'tools/list')).text();
  await (await rpc(first.access_token!, 'tools/call', { name: 'notes_add', arguments: { text: 'x' } })).text();
  const second = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token! });
  expect(second.access_token).toBeTruthy();
  expect(await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token! })).toMatchObject({
    error: 'invalid_grant',
  });
  await (await rpc(second.access_token!, 'tools/list')).text();
}

it('passes as it stands', { timeout: 120_000 }, async () => {
  const made = (await (await fetch(`${origin}/api/sandboxes`, json({ config: { 'code.lifetime': 30 } }))).json()) as {
    id: string;
    issuer: string;
    control_token: string;
  };
  await fetch(`${made.issuer}/mcp`, json({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
  await fetch(`${origin}/.well-known/oauth-protected-resource/s/${made.id}/mcp`);
  await run('none', made.issuer);
  await run('client_secret_basic', made.issuer);
  const exported = await (
    await fetch(`${origin}/api/sandboxes/${made.id}/export?format=playwright`, {
      headers: { authorization: `Bearer ${made.control_token}` },
    })
  ).text();
  await writeFile(join(folder, 'run.spec.ts'), exported);
  await writeFile(
    join(folder, 'playwright.config.mjs'),
    'export default { testDir: ".", outputDir: "out", respectGitIgnore: false };\n',
  );

  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '-c', folder, '--reporter=line'],
    { cwd: folder, env: { ...process.env, AUTHWALK_URL: origin, NODE_OPTIONS: '' } },
  );
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  child.stderr.on('data', (text) => {
    output += String(text);
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  expect(status, output).toBe(0);
  expect(output).toContain('1 passed');
});
