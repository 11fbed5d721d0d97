/** The protected resources: MCP servers, and a plain one. */
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import { z } from 'zod';
import type { EndpointName } from '#lib/spec/endpoints.ts';
import type { Operation, Route } from '../route.ts';
import { lazy } from './lazy.ts';

const mcp = lazy(async () => (await import('#lib/mcp/server.ts')).mcp);
const resource = lazy(async () => (await import('#lib/mcp/rest.ts')).readResource);
const adminResource = lazy(async () => (await import('#lib/mcp/rest.ts')).deleteAdminResource);

const common = { scope: 'base', cors: 'open', recorded: true } as const;

function mcpServer(name: string, noun: string, endpoint: EndpointName, summary: string): Route {
  const handle: Operation['handle'] = (ctx, params) => mcp(ctx, { ...params, resource: name });
  const refusals = { 401: 'No token, or one that is not valid here.', 403: 'The token lacks a scope.' };
  return {
    ...common,
    endpoint,
    path: `/${name}`,
    limit: INSTANCE_LIMITS.mcp,
    links: true,
    methods: {
      GET: {
        id: `describe${noun}`,
        summary: `${summary}: in a browser, how to connect`,
        answers: {
          200: { description: 'A page, if Accept names text/html.', types: ['text/html'] },
          405: 'There is no stream to listen to.',
          ...refusals,
        },
        handle,
      },
      POST: {
        id: `call${noun}`,
        summary: `${summary}: JSON-RPC`,
        clause: 'mcp-http-validation',
        body: 'json-rpc',
        answers: {
          200: {
            description: 'The answer, as JSON or as a stream of events.',
            types: ['application/json', 'text/event-stream'],
          },
          202: 'A notification was taken.',
          ...refusals,
        },
        handle,
      },
      DELETE: {
        id: `end${noun}Session`,
        summary: `${summary}: end a session of the older revisions`,
        answers: { 405: 'There are no sessions to end.', ...refusals },
        handle,
      },
    },
  };
}

export const resourceRoutes: readonly Route[] = [
  mcpServer('mcp', 'Mcp', 'mcp', 'MCP server behind OAuth'),
  mcpServer('oauth', 'OAuthMcp', 'mcp', 'The same server as a second protected resource'),
  mcpServer('bearer', 'BearerMcp', 'bearer', 'MCP server behind a bearer token'),
  mcpServer('no-auth', 'OpenMcp', 'no-auth', 'Open MCP server'),
  {
    ...common,
    endpoint: 'resource',
    path: '/api/resource',
    limit: INSTANCE_LIMITS.resource,
    methods: {
      GET: {
        id: 'readResource',
        summary: 'A plain protected resource',
        clause: 'rfc6750-3.1',
        answers: {
          200: { description: 'What the token says.', schema: z.looseObject({}) },
          401: 'The token is not valid.',
        },
        handle: resource,
      },
    },
  },
  {
    ...common,
    endpoint: 'admin-resource',
    path: '/api/admin/resource',
    limit: INSTANCE_LIMITS['admin-resource'],
    methods: {
      DELETE: {
        id: 'deleteAdminResource',
        summary: 'The same, for scope admin',
        clause: 'rfc6750-3.1',
        answers: {
          200: { description: 'Done.', schema: z.looseObject({}) },
          401: 'The token is not valid.',
          403: 'The token lacks admin.',
        },
        handle: adminResource,
      },
    },
  },
];
