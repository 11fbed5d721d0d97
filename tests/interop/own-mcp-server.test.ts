/**
 * Authwalk as the authorization server of an MCP server that is not ours: one built on the official SDK, with its
 * bearer
 * check against our key set.
 */
import type { Sandbox } from 'authwalk/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';
import { MemoryProvider } from './mcp-provider.ts';

let server: RunningServer;
let sandbox: Sandbox;
let theirs: Server;
let resource: URL;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox();
  ({ listening: theirs, resource } = await openTheirs(sandbox.issuer));
});
afterAll(async () => {
  theirs.closeAllConnections();
  theirs.close();
  await server.close();
});

/** An MCP server as its developer would write it, after the examples of the SDK. */
async function openTheirs(issuer: string): Promise<{ listening: Server; resource: URL }> {
  const app = express();
  const listening = createServer(app);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const own = new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/mcp`);
  const metadata = await (await fetch(new URL(`${issuer}/.well-known/oauth-authorization-server`))).json();
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  app.use(express.json());
  app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: own, scopesSupported: ['notes:read'] }));
  const guard = requireBearerAuth({
    requiredScopes: ['notes:read'],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(own),
    expectedResource: own,
    verifier: {
      async verifyAccessToken(token) {
        const verified = await jwtVerify(token, keys, { issuer, audience: own.href, typ: 'at+jwt' }).catch(() => null);
        if (verified === null) throw new InvalidTokenError('The token is not for this server.');
        const { payload } = verified;
        return {
          token,
          clientId: String(payload.client_id),
          scopes: String(payload.scope).split(' '),
          expiresAt: payload.exp!,
          resource: own,
          extra: { sub: payload.sub },
        };
      },
    },
  });
  app.post('/mcp', guard, async (request, response) => {
    const mcp = new McpServer({ name: 'theirs', version: '1' });
    mcp.registerTool('who', { description: 'Who calls' }, ({ authInfo }) => ({
      content: [{ type: 'text', text: `${authInfo?.extra?.sub} by ${authInfo?.clientId}` }],
    }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.on('close', () => void transport.close());
    await mcp.connect(transport as never);
    await transport.handleRequest(request, response, request.body);
  });
  return { listening, resource: own };
}

test('a client gets a token for it here, and calls it', async () => {
  const provider = new MemoryProvider();
  const first = new StreamableHTTPClientTransport(resource, { authProvider: provider as never });
  await expect(new Client({ name: 'c', version: '1' }).connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
  expect(provider.visits[0]?.searchParams.get('resource')).toBe(resource.href);
  await first.finishAuth(provider.answer!.searchParams);
  const client = new Client({ name: 'c', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(resource, { authProvider: provider as never }));
  const result = await client.callTool({ name: 'who', arguments: {} });
  expect(JSON.stringify(result.content)).toMatch(/u_[\w-]+ by c_[\w-]+/);
  await client.close();
});

test('a token for another resource is refused there, and ours refuses a token for it', async () => {
  const issue = (audience: string) => sandbox.token({ audience: [audience], scope: 'notes:read' });
  const ask = async (address: string | URL, token: string) =>
    (
      await fetch(address, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      })
    ).status;
  const [ours, others] = [await issue(sandbox.mcp.oauth), await issue(resource.href)];
  expect([await ask(resource, ours), await ask(resource, others)]).toEqual([401, 200]);
  expect([await ask(sandbox.mcp.oauth, ours), await ask(sandbox.mcp.oauth, others)]).toEqual([200, 401]);
});
