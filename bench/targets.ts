/** The servers under load: each in a process of its own, on a loopback port, ended by its own pid. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { connectAuthwalk } from 'authwalk/testing';
import type { FlowServer } from './flow.ts';
import { versionOf } from './measure.ts';

const PUBLIC_URL = 'https://bench.example';

export interface Target {
  readonly name: string;
  readonly version: string;
  readonly pid: number;
  readonly tokenUrl: string;
  /** Form body of the token request. */
  readonly body: string;
  stop(): Promise<void>;
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}

async function start(module: string, port: number, env: Record<string, string>): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
    env: { ...process.env, ...env, PORT: String(port), NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`${module} ended with ${code} before it listened.`)));
  });
  return child;
}

const ownVersion = (): string => (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

const stopOf = (child: ChildProcess) => async () => {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(forced);
};

// `Host` does not matter to an instance with a public address. If it is shared by many, its root is not recorded; if it
// is somebody's own, it is: so the same addresses serve with and without recording.
const startAuthwalk = (port: number, databaseUrl: string, isPersonal = false) =>
  start('./authwalk.ts', port, {
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PUBLIC_URL,
    AUTHWALK_RATE_LIMITS: 'off',
    ...(isPersonal ? { AUTHWALK_INSTANCE: 'personal', AUTHWALK_ADMIN_TOKEN: 'bench-bench-bench-bench' } : {}),
  });

/**
 * Authwalk as `npm start` runs it but for the pages: signed, stored, on a database file.
 * @param recorded the root that is recorded, or a sandbox, whose addresses are longer; left out: nothing is recorded
 */
export async function authwalk(databaseUrl: string, recorded?: 'root' | 'sandbox'): Promise<Target> {
  const port = await freePort();
  const child = await startAuthwalk(port, databaseUrl, recorded === 'root');
  const origin = `http://127.0.0.1:${port}`;
  const made = recorded === 'sandbox' ? await (await connectAuthwalk(origin)).sandbox() : null;
  const base = made === null ? origin : made.issuer.replace(PUBLIC_URL, origin);
  const registered = await fetch(`${base}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'bench',
      grant_types: ['client_credentials'],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    }),
  });
  if (registered.status !== 201) throw new Error(`Registration: ${registered.status} ${await registered.text()}`);
  const client = (await registered.json()) as { client_id: string; client_secret: string };
  return {
    name: { none: 'authwalk', root: 'authwalk (recorded)', sandbox: 'authwalk (recorded sandbox)' }[recorded ?? 'none'],
    version: ownVersion(),
    pid: child.pid!,
    tokenUrl: `${base}/oauth/token`,
    stop: stopOf(child),
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.client_id,
      client_secret: client.client_secret,
      scope: 'notes:read',
    }).toString(),
  };
}

export async function oidcProvider(): Promise<Target> {
  const port = await freePort();
  const child = await start('./peers/oidc-provider.ts', port, {});
  return {
    name: 'oidc-provider',
    version: versionOf('oidc-provider'),
    pid: child.pid!,
    tokenUrl: `http://127.0.0.1:${port}/token`,
    stop: stopOf(child),
    body: 'grant_type=client_credentials&client_id=bench&client_secret=bench-secret&scope=notes%3Aread',
  };
}

export async function oauth2MockServer(): Promise<Target> {
  const port = await freePort();
  const child = await start('./peers/oauth2-mock-server.ts', port, {});
  return {
    name: 'oauth2-mock-server',
    version: versionOf('oauth2-mock-server'),
    pid: child.pid!,
    tokenUrl: `http://127.0.0.1:${port}/token`,
    stop: stopOf(child),
    body: 'grant_type=client_credentials&client_id=bench&client_secret=bench-secret&scope=notes%3Aread',
  };
}

/** A server that whole flows are walked on. */
export interface FlowTarget extends Pick<Target, 'name' | 'version' | 'pid' | 'stop'> {
  /** Where a round walks: a sandbox of its own, since each holds a bounded number of clients. */
  round(): Promise<FlowServer>;
}

/** Authwalk: a recorded sandbox in which one user agrees to everything, on a database file. */
export async function authwalkFlow(databaseUrl: string): Promise<FlowTarget> {
  const port = await freePort();
  const child = await startAuthwalk(port, databaseUrl);
  const origin = `http://127.0.0.1:${port}`;
  const config = { 'consent.outcome': 'approve', 'consent.approver': 'bench@example.com' };
  return {
    name: 'authwalk',
    version: ownVersion(),
    pid: child.pid!,
    stop: stopOf(child),
    async round() {
      const made = await fetch(`${origin}/api/sandboxes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ config }),
      });
      const base = ((await made.json()) as { issuer: string }).issuer.replace(PUBLIC_URL, origin);
      return {
        authorize: `${base}/oauth/authorize`,
        token: `${base}/oauth/token`,
        register: `${base}/oauth/register`,
        mcp: `${base}/mcp`,
        scope: 'notes:read offline_access',
        more: {},
      };
    },
  };
}

export async function oidcProviderFlow(): Promise<FlowTarget> {
  const port = await freePort();
  const child = await start('./peers/oidc-provider-flow.ts', port, {});
  const origin = `http://127.0.0.1:${port}`;
  return {
    name: 'oidc-provider',
    version: versionOf('oidc-provider'),
    pid: child.pid!,
    stop: stopOf(child),
    round: async () => ({
      authorize: `${origin}/auth`,
      token: `${origin}/token`,
      register: `${origin}/reg`,
      mcp: null,
      scope: 'openid offline_access notes:read',
      more: { prompt: 'consent' },
    }),
  };
}

/** µs of processor time of a whole flow without sockets, in a process of its own. */
export async function inProcessFlow(): Promise<number> {
  const child = fork(fileURLToPath(new URL('./in-process.ts', import.meta.url)), [], {
    env: { ...process.env, NODE_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return await new Promise((resolve, reject) => {
    child.once('message', (cost) => resolve(Number(cost)));
    child.once('exit', (code) => reject(new Error(`in-process.ts ended with ${code} before it had measured.`)));
  });
}
