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

interface Made {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
}

const make = async (body: unknown): Promise<Made> =>
  (await (await fetch(`${origin}/api/sandboxes`, json(body))).json()) as Made;

/** The control API of a sandbox. */
const controlOf =
  ({ id, control_token }: Made) =>
  async (method: string, path: string, body?: unknown): Promise<Record<string, string>> => {
    const answer = await fetch(`${origin}/api/sandboxes/${id}${path}`, {
      ...(body === undefined ? {} : json(body)),
      method,
      headers: { authorization: `Bearer ${control_token}`, 'content-type': 'application/json' },
    });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, string>);
  };

const exported = async ({ id, control_token }: Made): Promise<string> =>
  (
    await fetch(`${origin}/api/sandboxes/${id}/export?format=playwright`, {
      headers: { authorization: `Bearer ${control_token}` },
    })
  ).text();

/** Runs exported tests as they stand, all of them at once. */
async function expectToPass(tests: Readonly<Record<string, string>>): Promise<void> {
  const here = await mkdtemp(join(folder, 'run-'));
  for (const [name, source] of Object.entries(tests)) await writeFile(join(here, `${name}.spec.ts`), source);
  const config = { testDir: '.', outputDir: 'out', respectGitIgnore: false, workers: 2, fullyParallel: true };
  await writeFile(join(here, 'playwright.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '-c', here, '--reporter=line'],
    { cwd: here, env: { ...process.env, AUTHWALK_URL: origin, NODE_OPTIONS: '' } },
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
  expect(output).toContain(`${Object.keys(tests).length} passed`);
}

/** Faults, knobs, a stage, the clock, a reset, tokens and grants by the owner, between requests of a client. */
async function eventful(made: Made): Promise<void> {
  const control = controlOf(made);
  const base = made.issuer;
  const token = (form: Record<string, string>) =>
    fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const list = (access: string) =>
    fetch(`${base}/mcp`, json({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${access}` }));
  await fetch(`${base}/.well-known/openid-configuration`);
  await control('POST', '/clients', {
    client_id: 'svc',
    auth_method: 'client_secret_post',
    grant_types: ['client_credentials'],
  });
  const secret = async () =>
    (
      await control('POST', '/clients', {
        client_id: 'svc',
        auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
      })
    ).client_secret!;
  const form = { grant_type: 'client_credentials', client_id: 'svc', client_secret: await secret() };
  const fault = await control('POST', '/faults', {
    endpoint: 'token',
    effect: { status: 503, headers: { 'Retry-After': '1' } },
  });
  expect((await token(form)).status).toBe(503);
  const first = (await (await token(form)).json()) as { access_token: string };
  expect((await list(first.access_token)).status).toBe(200);
  await control('POST', '/clock', { advance: 7200 });
  expect((await list(first.access_token)).status).toBe(401);
  await control('DELETE', `/faults/${fault.id}`);
  await control('PATCH', '', { config: { 'tokens.accessLifetime': 10_000 } });
  const second = (await (await token(form)).json()) as { access_token: string };
  await control('POST', '/clock', { advance: 7200 });
  expect((await list(second.access_token)).status).toBe(200);
  const issued = await control('POST', '/tokens', {});
  expect((await list(issued.access_token!)).status).toBe(200);
  await control('POST', '/faults', { endpoint: 'token', effect: { drop: true } });
  await expect(token(form)).rejects.toThrow();
  await control('POST', '/faults', { endpoint: 'token', times: 2, effect: { hold: { until: 2, order: [2, 1] } } });
  const held = await Promise.all([token(form), token({ ...form, scope: 'no-such-scope' })]);
  expect(held.map(({ status }) => status)).toEqual([200, 400]);
  await control('PATCH', '', { scenario: 'iss-wrong-issuer' });
  await control('POST', '/reset', {});
  expect((await token(form)).status).toBe(401);
  await run('none', base);
  const { grants } = (await control('GET', '/grants')) as unknown as {
    grants: { id: string; revoked_at: string | null }[];
  };
  await control('POST', `/grants/${grants[0]!.id}/revoke`, {});
}

/** Clients and a token that the sandbox was made with, also after a reset. */
async function asSeeded(made: Made): Promise<void> {
  const { clients, tokens } = made as unknown as {
    clients: { client_id: string; client_secret: string }[];
    tokens: { access_token: string }[];
  };
  const secretOf = (id: string) => clients.find(({ client_id }) => client_id === id)!.client_secret;
  const asConfigured = () =>
    fetch(`${made.issuer}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`configured:${secretOf('configured')}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  expect((await asConfigured()).status).toBe(200);
  const form = { grant_type: 'client_credentials', client_id: 'seeded', client_secret: secretOf('seeded') };
  const body = new URLSearchParams(form);
  expect((await fetch(`${made.issuer}/oauth/token`, { method: 'POST', body })).status).toBe(200);
  const authorization = `Bearer ${tokens[0]!.access_token}`;
  const call = json({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization });
  expect((await fetch(`${made.issuer}/mcp`, call)).status).toBe(200);
  await controlOf(made)('POST', '/reset', {});
  expect((await asConfigured()).status).toBe(200);
}

/** A run whose beginning was forgotten. */
async function longRun(made: Made): Promise<void> {
  await run('none', made.issuer);
  for (let i = 0; i < 495; i += 1)
    await (await fetch(`${made.issuer}/.well-known/oauth-protected-resource/mcp`)).body?.cancel();
}

it('passes as it stands, whatever was done in the run', { timeout: 240_000 }, async () => {
  const plain = await make({ config: { 'code.lifetime': 30 } });
  await fetch(`${plain.issuer}/mcp`, json({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
  await fetch(`${origin}/.well-known/oauth-protected-resource/s/${plain.id}/mcp`);
  await run('none', plain.issuer);
  await run('client_secret_basic', plain.issuer);
  const busy = await make({});
  await eventful(busy);
  const seeded = await make({
    scenario: 'iss-wrong-issuer',
    config: {
      clients: [{ client_id: 'configured', auth_method: 'client_secret_basic', grant_types: ['client_credentials'] }],
    },
    seed: {
      clients: [{ client_id: 'seeded', auth_method: 'client_secret_post', grant_types: ['client_credentials'] }],
      tokens: [{}],
    },
  });
  await asSeeded(seeded);
  const long = await make({});
  await longRun(long);
  await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`);
  await run('none', origin);
  const atRoot = await (await fetch(`${origin}/api/sandboxes/default/export?format=playwright`)).text();
  await expectToPass({
    plain: await exported(plain),
    eventful: await exported(busy),
    seeded: await exported(seeded),
    long: await exported(long),
    root: atRoot,
  });
});

it('shows a share no secret, and says that it cannot be sent again', async () => {
  const made = await make({});
  await run('client_secret_basic', made.issuer);
  const { token } = await controlOf(made)('POST', '/shares', {});
  const secrets = await exported(made);
  const shared = await (
    await fetch(`${origin}/api/sandboxes/${made.id}/export?format=playwright`, {
      headers: { authorization: `Bearer ${token}` },
    })
  ).text();
  expect(shared).toContain('test.skip(true');
  const verifier = /code_verifier=([A-Za-z0-9_-]{43})/.exec(secrets)![1]!;
  expect(shared).not.toContain(verifier);
});
