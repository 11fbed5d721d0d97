/** `authwalk serve --https`: an authority of one's own, and clients that take keys by https only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CERTIFICATE_LASTS, openAuthority } from './authority.ts';
import { openCertificates } from './certificates.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const NOW = Date.parse('2026-11-26T00:00:00Z');
const DAY = 86_400_000;

let folder: string;
let server: ChildProcess;
let said = '';
let origin: string;
let authority: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'authwalk-https-'));
  // The browser of this machine: it writes down what it is to open.
  for (const name of ['xdg-open', 'open'])
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf %s "$1" > '${folder}/opened'\n`, { mode: 0o755 });
  server = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'kit/cli/main.ts',
      'serve',
      '--https',
      '--memory',
      '--no-pages',
      '--open',
      '-p',
      '0',
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        XDG_DATA_HOME: folder,
        AUTHWALK_ALLOWED_HOSTS: 'authwalk',
      },
    },
  );
  const hear = (text: Buffer): void => {
    said += String(text);
  };
  server.stdout!.on('data', hear);
  server.stderr!.on('data', hear);
  while (!said.includes('The file ') && server.exitCode === null) await new Promise((next) => setTimeout(next, 20));
  origin = /listens on (\S+)/.exec(said)?.[1] ?? '';
  authority = /The file +(\S+)/.exec(said)?.[1] ?? '';
});
afterAll(() => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a client that trusts the authority, or does not. @returns what it printed, and its exit status */
async function client(code: string, trusts = true): Promise<{ out: string; status: number | null }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, origin], {
    cwd: root,
    env: { ...process.env, ...(trusts ? { NODE_EXTRA_CA_CERTS: authority } : {}) },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += String(text)));
  const [status] = (await once(child, 'exit')) as [number | null];
  return { out: out.trim(), status };
}

test('the path of the authority is printed, and all addresses of the server are https', async () => {
  expect(said).toContain(`NODE_EXTRA_CA_CERTS=${authority}`);
  expect(origin).toMatch(/^https:\/\/localhost:\d+$/);
  const asked = await client(`
    const origin = process.argv[1];
    const names = [origin, origin.replace('localhost', '127.0.0.1'), origin.replace('localhost', '[::1]')];
    for (const name of names) {
      const metadata = await (await fetch(name + '/.well-known/oauth-authorization-server')).json();
      console.log(metadata.issuer === name && metadata.jwks_uri.startsWith(name));
    }`);
  expect(asked).toEqual({ out: 'true\ntrue\ntrue', status: 0 });
});

test('a client that does not know the authority is let down by its own TLS', async () => {
  expect((await client('await fetch(process.argv[1])', false)).out).toContain('SELF_SIGNED_CERT_IN_CHAIN');
});

test('openid-client, which takes no http, and jwks-rsa find the keys', async () => {
  const asked = await client(`
    import { discovery } from 'openid-client';
    import jwksClient from 'jwks-rsa';
    const { jwks_uri } = (await discovery(new URL(process.argv[1]), 'anybody')).serverMetadata();
    console.log(new URL(jwks_uri).protocol, (await jwksClient({ jwksUri: jwks_uri }).getSigningKeys()).length > 0);`);
  expect(asked).toEqual({ out: 'https: true', status: 0 });
});

test('the health check finds a server that speaks HTTPS', async () => {
  const child = spawn(process.execPath, ['kit/cli/main.ts', 'healthcheck'], {
    cwd: root,
    env: { ...process.env, PORT: new URL(origin).port },
  });
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('it stops in order on SIGTERM, though a connection is open', async () => {
  const open = client(`await fetch(process.argv[1]); setTimeout(() => {}, 60_000);`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  void open;
});

test.skipIf(process.platform === 'win32')(
  '--open opens the address that is listened on, whatever the port',
  async () => {
    await vi.waitUntil(
      () => existsSync(join(folder, 'opened')) && readFileSync(join(folder, 'opened'), 'utf8') !== '',
      {
        timeout: 20_000,
      },
    );
    expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe(origin);
    expect(said).toContain(`curl --cacert ${authority} ${origin}/`);
  },
);

test('the key is only its owner’s, and is kept: of several first starts one authority remains', async () => {
  const own = join(folder, 'several');
  const opened = await Promise.all([0, 1, 2].map(() => openAuthority(own, NOW)));
  expect(new Set(opened.map(({ certificate }) => certificate)).size).toBe(1);
  expect(statSync(join(own, 'ca-key.pem')).mode & 0o777).toBe(0o600);
  expect((await openAuthority(own, NOW + DAY)).certificate).toBe(opened[0]!.certificate);
});

test('a certificate lasts a week, for loopback and the names of the operator, and issues nothing itself', async () => {
  const { first } = await openCertificates(join(folder, 'names'), ['authwalk'], () => NOW);
  const leaf = new X509Certificate(first.cert);
  expect(leaf.ca).toBe(false);
  expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:authwalk');
  expect(Date.parse(leaf.validTo) - NOW).toBe(CERTIFICATE_LASTS);
  const issuer = new X509Certificate(readFileSync(join(folder, 'names', 'ca.pem')));
  expect(issuer.ca).toBe(true);
  expect(leaf.verify(issuer.publicKey)).toBe(true);
});

test('an authority that ends within a month is replaced; one whose key is another’s is refused', async () => {
  const own = join(folder, 'old');
  const { certificate } = await openAuthority(own, NOW);
  expect((await openAuthority(own, NOW + 3 * 365 * DAY - 29 * DAY)).certificate).not.toBe(certificate);
  copyFileSync(join(folder, 'names', 'ca-key.pem'), join(own, 'ca-key.pem'));
  await expect(openAuthority(own, NOW + 2 * 365 * DAY)).rejects.toThrow(/cannot be used: ca-key.pem is not the key/);
});
