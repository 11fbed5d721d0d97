import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorizeHeadless } from './interop/redirect.ts';
import { freePort } from '../bench/targets.ts';
import { startServer, type RunningServer } from './lib/server.ts';

let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), 'authwalk-conformance-'));
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

test('the MCP conformance suite passes every check of the authorization server, the grant included', async () => {
  const port = await freePort();
  const registered = await fetch(`${server.origin}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'conformance',
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
      token_endpoint_auth_method: 'none',
    }),
  });
  const { client_id: clientId } = (await registered.json()) as { client_id: string };

  const suite = spawn(
    process.execPath,
    [
      'node_modules/@modelcontextprotocol/conformance/dist/index.js',
      'authorization',
      '--url',
      server.origin,
      '--client-id',
      clientId,
      '--resource',
      `${server.origin}/mcp`,
      '-p',
      String(port),
      '-o',
      folder,
      '--verbose',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let followed = false;
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    const url = output.match(/https?:\/\/\S+\/oauth\/authorize\?\S+/)?.[0];
    if (!url || followed) return;
    followed = true;
    // The suite drives no browser: follow its URL, then its own redirect.
    authorizeHeadless(new URL(url))
      .then((answer) => fetch(answer))
      .catch((error: unknown) => {
        output += String(error);
      });
  };
  suite.stdout.on('data', read);
  suite.stderr.on('data', read);
  const code = await new Promise((resolve) => suite.once('exit', resolve));
  expect(code, output).toBe(0);

  const checks: Check[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('checks.json'))
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Check[]);
  // The exit code alone also says 0 for a skipped check.
  expect(checks.find((check) => check.id === 'authorization-code-grant')?.status, output).toBe('SUCCESS');
  expect(
    checks.filter((check) => !['SUCCESS', 'INFO'].includes(check.status)),
    output,
  ).toEqual([]);
});
