import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { UnauthorizedError as OldUnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { UnauthorizedError } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../lib/server.ts';
import { MemoryProvider } from './mcp-provider.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const address = () => new URL(`${server.origin}/mcp`);

test('@modelcontextprotocol/client 2 connects, calls a tool, and refreshes by itself', async () => {
  const provider = new MemoryProvider({ expires_in: '2' });
  const first = new ModernTransport(address(), { authProvider: provider as never });
  await expect(new ModernClient({ name: 'modern', version: '1' }).connect(first)).rejects.toBeInstanceOf(
    UnauthorizedError,
  );
  await first.finishAuth(provider.answer!.searchParams);
  const client = new ModernClient({ name: 'modern', version: '1' });
  await client.connect(new ModernTransport(address(), { authProvider: provider as never }));
  expect((await client.callTool({ name: 'notes_list', arguments: {} })).isError ?? false).toBe(false);
  await pause(2200);
  expect((await client.callTool({ name: 'whoami', arguments: {} })).isError ?? false).toBe(false);
  expect(provider.refreshTokens).toHaveLength(2);
  expect(provider.refreshTokens[0]).not.toBe(provider.refreshTokens[1]);
  await client.close();
});

test('@modelcontextprotocol/sdk 1 connects, calls a tool, and refreshes by itself', async () => {
  const provider = new MemoryProvider({ expires_in: '2' });
  const first = new OldTransport(address(), { authProvider: provider as never });
  await expect(new OldClient({ name: 'old', version: '1' }).connect(first)).rejects.toBeInstanceOf(
    OldUnauthorizedError,
  );
  await first.finishAuth(provider.answer!.searchParams.get('code')!);
  const client = new OldClient({ name: 'old', version: '1' });
  await client.connect(new OldTransport(address(), { authProvider: provider as never }));
  expect((await client.callTool({ name: 'notes_list', arguments: {} })).isError ?? false).toBe(false);
  await pause(2200);
  expect((await client.callTool({ name: 'whoami', arguments: {} })).isError ?? false).toBe(false);
  expect(provider.refreshTokens).toHaveLength(2);
  await client.close();
});
