/**
 * The one factory of the MCP servers: the same tools at every address, for every revision. Each
 * request gets a server of its own, so nothing of one caller is ever within reach of another.
 */
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import type { Context } from '#lib/oauth/context.ts';
import type { Caller } from '../caller.ts';
import { tellInvalidParams } from '../invalid-params.ts';
import type { Era } from '../rpc.ts';
import { RESOURCE_TITLES, type ResourceName } from '../resources.ts';
import { registerFixtures } from './fixtures/index.ts';
import { add } from './tools/add.ts';
import { echo } from './tools/echo.ts';
import { fail } from './tools/fail.ts';
import { notesAdd, notesList } from './tools/notes.ts';
import { slow } from './tools/slow.ts';
import type { RegisterTool } from './tools/tool.ts';
import { whoami } from './tools/whoami.ts';

/** By name, in the order in which they are listed. */
const TOOLS: ReadonlyMap<string, RegisterTool> = new Map([
  ['whoami', whoami],
  ['echo', echo],
  ['add', add],
  ['slow', slow],
  ['fail', fail],
  ['notes_list', notesList],
  ['notes_add', notesAdd],
]);

/** Version that the servers name. */
export const SERVER_VERSION = '0.1.0';

const INSTRUCTIONS =
  'A test server for authorization. Notes belong to the user of the access token; reading them needs the ' +
  'scope notes:read, adding one notes:write.';

/**
 * Makes the server for one request.
 * @param resource `no-auth` also has the fixtures of the MCP conformance suite
 * @param called the tool that this one request calls: a server that nothing else is asked of needs no other
 */
export function createServer(
  ctx: Context,
  resource: ResourceName,
  caller: Caller,
  era: Era,
  called: string | null = null,
): McpServer {
  const withFixtures = resource === 'no-auth';
  const state = createRequestStateCodec<Record<string, unknown>>({
    key: `mcp-request-state:${ctx.tenant.secret}`,
    bind: (call) => call.mcpReq.method,
  });
  const server = new McpServer(
    { name: 'authwalk', title: RESOURCE_TITLES[resource], version: SERVER_VERSION, websiteUrl: ctx.tenant.origin },
    {
      instructions: INSTRUCTIONS,
      // Nothing here ever changes, so nothing promises to tell of changes.
      capabilities: {
        tools: { listChanged: false },
        ...(withFixtures
          ? {
              prompts: { listChanged: false },
              resources: { listChanged: false, ...(era === 'legacy' ? { subscribe: true } : {}) },
              completions: {},
              logging: {},
            }
          : {}),
      },
      cacheHints: Object.fromEntries(
        [
          'tools/list',
          'prompts/list',
          'resources/list',
          'resources/templates/list',
          'resources/read',
          'server/discover',
        ].map((method) => [method, { ttlMs: 60_000, cacheScope: resource === 'no-auth' ? 'public' : 'private' }]),
      ),
      requestState: { verify: state.verify },
      // Newest first: the first one is offered to a client that asks for a revision which is not spoken.
      supportedProtocolVersions: [...ctx.tenant.config['mcp.versions']].sort().reverse(),
    },
  );
  tellInvalidParams(server);
  const only = called === null || withFixtures ? undefined : TOOLS.get(called);
  for (const register of only ? [only] : TOOLS.values()) register(server, { ctx, caller });
  if (withFixtures) registerFixtures(server, { era, state });
  return server;
}
