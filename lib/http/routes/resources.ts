/** The protected resources: MCP servers, and a plain one. */
import type { Operation, Route } from '../route.ts';
import { lazy } from './lazy.ts';

const mcp = lazy(async () => (await import('#lib/mcp/server.ts')).mcp);
const resource = lazy(async () => (await import('#lib/mcp/rest.ts')).readResource);
const adminResource = lazy(async () => (await import('#lib/mcp/rest.ts')).deleteAdminResource);

const common = { scope: 'base', cors: 'open', recorded: true } as const;

function mcpServer(name: string, endpoint: string, summary: string): Route {
  const handle: Operation['handle'] = (ctx, params) => mcp(ctx, { ...params, resource: name });
  const refusals = { 401: 'No token, or one that is not valid here.', 403: 'The token lacks a scope.' };
  return {
    ...common,
    endpoint,
    path: `/${name}`,
    limit: 1200,
    methods: {
      GET: {
        summary: `${summary}: in a browser, how to connect`,
        responses: {
          200: 'A page, where Accept names text/html.',
          405: 'There is no stream to listen to.',
          ...refusals,
        },
        handle,
      },
      POST: {
        summary: `${summary}: JSON-RPC`,
        clause: 'mcp-http-validation',
        body: 'json-rpc',
        responses: { 200: 'The answer, as JSON or as a stream of events.', ...refusals },
        handle,
      },
      DELETE: { summary: `${summary}: end a session of the older revisions`, responses: { ...refusals }, handle },
    },
  };
}

export const resourceRoutes: readonly Route[] = [
  mcpServer('mcp', 'mcp', 'MCP server behind OAuth'),
  mcpServer('oauth', 'mcp', 'The same server as a second protected resource'),
  mcpServer('bearer', 'bearer', 'MCP server behind a bearer token'),
  mcpServer('no-auth', 'no-auth', 'Open MCP server'),
  {
    ...common,
    endpoint: 'resource',
    path: '/api/resource',
    limit: 1200,
    methods: {
      GET: {
        summary: 'A plain protected resource',
        clause: 'rfc6750-3.1',
        responses: { 200: 'What the token says.', 401: 'The token is not valid.' },
        handle: resource,
      },
    },
  },
  {
    ...common,
    endpoint: 'admin-resource',
    path: '/api/admin/resource',
    limit: 1200,
    methods: {
      DELETE: {
        summary: 'The same, for scope admin',
        clause: 'rfc6750-3.1',
        responses: { 200: 'Done.', 401: 'The token is not valid.', 403: 'The token lacks admin.' },
        handle: adminResource,
      },
    },
  },
];
