/** `server.ts` as a process: what it prints, what it refuses, and that what was acknowledged survives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const children: ChildProcess[] = [];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authwalk-start-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

async function start(env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'server.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_ENV: 'production', PORT: '0', ...env },
  });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (text) => {
    output += String(text);
  });
  child.stderr?.on('data', (text) => {
    output += String(text);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!output.includes('listens on') && !over) await new Promise((resolve) => setTimeout(resolve, 20));
  return { child, origin: /listens on (\S+)/.exec(output)?.[1] ?? '', output: () => output, ended };
}

describe('server.ts', () => {
  it(
    'prints the address and three things to try, answers on both loopback addresses, and stops when asked ' + 'to',
    async () => {
      const server = await start({ DATABASE_URL: ':memory:' });
      expect(server.origin).toMatch(/^http:\/\/localhost:\d+$/);
      expect(server.output().match(/http:\/\/localhost:\d+\/\S+/g)).toHaveLength(3);
      const { port } = new URL(server.origin);
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).json()).toMatchObject({
        issuer: `http://127.0.0.1:${port}`,
      });
      const addresses = Object.values(networkInterfaces()).flatMap((card) => card ?? []);
      if (addresses.some(({ address }) => address === '::1'))
        expect(await (await fetch(`http://[::1]:${port}/`)).json()).toMatchObject({ issuer: `http://[::1]:${port}` });
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
    },
  );

  it('refuses bad configuration with one line for each fault', async () => {
    const server = await start({ DATABASE_URL: 'mysql://secret@x', PORT: 'http', TRUST_PROXY: 'all' });
    expect(await server.ended).toBe(1);
    const lines = server.output().trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect.soft(line).toMatch(/^(PORT|TRUST_PROXY|DATABASE_URL) holds .* it takes /);
    expect(server.output()).not.toContain('secret');
  });

  it('names the variable if what the sandbox default is to begin with cannot be set up', async () => {
    const fault = { endpoint: 'token', match: { code: { matches: '\\u0041' } }, effect: { status: 500 } };
    const config = JSON.stringify({ config: { faults: [fault] } });
    const server = await start({ DATABASE_URL: ':memory:', AUTHWALK_DEFAULT_CONFIG: config });
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(/^AUTHWALK_DEFAULT_CONFIG holds what cannot be set up: config: faults/);
    expect(server.output().trim().split('\n')).toHaveLength(1);
  });

  it('answers targets that are no paths, and paths that cannot be decoded, itself', async () => {
    const server = await start({ DATABASE_URL: ':memory:' });
    const port = Number(new URL(server.origin).port);
    const raw = (target: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
        );
        let text = '';
        socket
          .on('data', (chunk) => {
            text += String(chunk);
          })
          .on('end', () => resolve(text.split('\r\n', 1)[0] ?? ''))
          .on('error', reject);
      });
    for (const target of ['/%ff', '/guide/%E0%A4%A', '/a\\b', '*'])
      expect.soft([target, await raw(target)]).toEqual([target, 'HTTP/1.1 400 Bad Request']);
    // A target in absolute form names the host.
    expect(await raw('http://evil.example/')).toBe('HTTP/1.1 421 Misdirected Request');
    for (const target of ['//evil.example/', '/mcp/', '/.well-known/'])
      expect.soft([target, await raw(target)]).toEqual([target, 'HTTP/1.1 404 Not Found']);
  });

  it('loses nothing that was acknowledged when it is killed', async () => {
    const env = { DATABASE_URL: `file:${join(folder, 'walk.db')}` };
    let server = await start(env);
    const port = new URL(server.origin).port;
    const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const made = (await (await fetch(`${server.origin}/api/sandboxes`, json({}))).json()) as {
      id: string;
      control_token: string;
    };
    const steer = { authorization: `Bearer ${made.control_token}` };
    const { access_token } = (await (
      await fetch(`${server.origin}/api/sandboxes/${made.id}/tokens`, json({ expires_in: 600, sub: 'u' }, steer))
    ).json()) as { access_token: string };
    const client = (await (
      await fetch(
        `${server.origin}/s/${made.id}/oauth/register`,
        json({ redirect_uris: ['http://localhost/cb'], token_endpoint_auth_method: 'none' }),
      )
    ).json()) as { registration_access_token: string; registration_client_uri: string };
    const before = (await (
      await fetch(`${server.origin}/api/sandboxes/${made.id}/exchanges`, { headers: steer })
    ).json()) as { exchanges: unknown[] };
    expect(before.exchanges).toHaveLength(1);
    server.child.kill('SIGKILL');
    await server.ended;

    server = await start({ ...env, PORT: port });
    const call = await fetch(`${server.origin}/s/${made.id}/api/resource`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(call.status).toBe(200);
    const read = await fetch(client.registration_client_uri, {
      headers: { authorization: `Bearer ${client.registration_access_token}` },
    });
    expect(read.status).toBe(200);
    const after = (await (
      await fetch(`${server.origin}/api/sandboxes/${made.id}/exchanges?after=0&limit=1`, { headers: steer })
    ).json()) as { exchanges: unknown[] };
    expect(after.exchanges).toEqual(before.exchanges);
  });
});
