/** Step-up with the reference client: a call that needs more scope leads to a new authorization, and then succeeds. */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import type { SandboxSetup } from 'authwalk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';
import { MemoryProvider } from './mcp-provider.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

test.each<[string, SandboxSetup, string, string[]]>([
  ['the scenario scope-step-up', { scenario: 'scope-step-up' }, 'whoami', ['tools:basic', 'tools:write']],
  ['conforming', { scenario: 'conforming' }, 'notes_add', ['notes:write']],
])('%s', async (_, body, tool, scopes) => {
  const sandbox = await server.sandbox(body);
  const provider = new MemoryProvider();
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(sandbox.mcp.oauth), { authProvider: provider as never });
  const first = transport();
  const connecting = new Client({ name: 'step-up', version: '1' });
  // With the first message open, it is the first listing that is challenged.
  const challenged = async () => {
    await connecting.connect(first);
    await connecting.listTools();
  };
  await expect(challenged()).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(provider.answer!.searchParams);

  const second = transport();
  const client = new Client({ name: 'step-up', version: '1' });
  await client.connect(second);
  expect((await client.listTools()).tools.length).toBeGreaterThan(5);
  const call = () => client.callTool({ name: tool, arguments: { text: 'a note' } });
  await expect(call()).rejects.toBeInstanceOf(UnauthorizedError);
  await second.finishAuth(provider.answer!.searchParams);
  expect((await call()).isError ?? false).toBe(false);
  // The union was asked for: what worked before still does.
  expect((await client.listTools()).tools.length).toBeGreaterThan(5);
  const held = String(decodeJwt(provider.tokens()!.access_token).scope).split(' ');
  expect(held).toEqual(expect.arrayContaining(scopes));
  expect(provider.visits.at(-1)!.searchParams.get('scope')!.split(' ')).toEqual(expect.arrayContaining(scopes));
  await client.close();
});
