/**
 * The MCP servers' endpoint: door, transport, tools, in this order.
 *
 * The door is in front of the protocol: a tool knows nothing of tokens, and a request without one
 * learns nothing but where to get one.
 */
import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server';
import type { Context } from '#lib/oauth/context.ts';
import { noteRefusal, OAuthError } from '#lib/oauth/errors.ts';
import { wantsHtml } from '#lib/pages/accept.ts';
import type { Caller } from './caller.ts';
import { serveLegacy } from './legacy.ts';
import { connectPage } from './pages/connect.ts';
import { admit, checkScope, refuse } from './protected-resource.ts';
import { rpcError } from './refusals.ts';
import { isResourceName, type ResourceName } from './resources.ts';
import { HEADER_MISMATCH, type Mismatch, readRpc, route, type RpcBody } from './rpc.ts';
import { isOpen, operationName } from './scopes.ts';
import { createServer, type Era } from './servers/factory.ts';
import { withNonce } from './verification.ts';

/** GET and DELETE: there are no streams and no sessions to take up or end. */
function methodNotAllowed(ctx: Context): Response {
  const error = new OAuthError('invalid_request', {
    reason: 'method-not-allowed',
    status: 405,
    description: 'Only POST: there is no session here.',
    evidence: { got: ctx.request.method },
  });
  ctx.trace.check({
    check: 'method',
    says: 'The method is POST',
    ok: false,
    clause: 'rfc9110-15.5.6',
    evidence: { got: ctx.request.method },
  });
  noteRefusal(ctx.trace, error);
  return rpcError(405, -32000, 'Method not allowed: there are no sessions here, and so no streams of their own.', {
    headers: { Allow: 'POST', Vary: 'Accept' },
  });
}

/** Answers what the transport itself refuses, and notes why. */
function refuseMessage(ctx: Context, rpc: RpcBody, found: Mismatch): Response {
  if (found.code === HEADER_MISMATCH) {
    ctx.trace.check({
      check: 'headers-match',
      says: 'Headers and body say the same',
      ok: false,
      clause: 'mcp-http-validation',
      evidence: found.evidence,
    });
    ctx.trace.set({
      reason: 'header-mismatch',
      error: String(HEADER_MISMATCH),
      clause: 'mcp-http-validation',
      evidence: found.evidence,
    });
  } else {
    ctx.trace.check({
      check: 'message',
      says: 'The body is a JSON-RPC message that this server takes',
      ok: false,
      clause: 'mcp-http-validation',
      evidence: found.evidence,
    });
    ctx.trace.set({ error: String(found.code) });
  }
  return rpcError(found.status, found.code, found.message, { id: rpc.id, data: found.data });
}

/** Notes the code of an error that the protocol's own answer holds. */
async function noteError(ctx: Context, response: Response): Promise<void> {
  if (response.ok || !response.headers.get('content-type')?.includes('json')) return;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { error?: { code?: unknown } } | null;
  if (typeof body?.error?.code === 'number') ctx.trace.set({ error: String(body.error.code) });
}

/** What the SDK hands to handlers: never the token itself. */
function authInfo(caller: Caller): AuthInfo | undefined {
  if (caller.kind === 'anonymous') return undefined;
  return {
    token: '',
    clientId: caller.clientId ?? '',
    scopes: [...caller.scope],
    ...(caller.expiresAt === null ? {} : { expiresAt: Math.floor(caller.expiresAt / 1000) }),
  };
}

async function serve(ctx: Context, resource: ResourceName, rpc: RpcBody, era: Era, caller: Caller): Promise<Response> {
  const [operation] = rpc.operations;
  const auth = authInfo(caller);
  if (era === 'legacy') {
    return serveLegacy(() => createServer(ctx, resource, caller, 'legacy'), {
      request: ctx.request,
      json: rpc.json,
      callerKey: `${caller.key} ${resource}`,
      tool: operation?.tool ?? null,
      ...(auth ? { authInfo: auth } : {}),
    });
  }
  // Nothing changes here, so there is nothing to subscribe to.
  if (operation?.method === 'subscriptions/listen') return rpcError(404, -32601, 'Method not found', { id: rpc.id });
  const handler = createMcpHandler(() => createServer(ctx, resource, caller, 'modern'), { legacy: 'reject' });
  return handler.fetch(ctx.request, { parsedBody: rpc.json, ...(auth ? { authInfo: auth } : {}) });
}

/**
 * Answers one request to an MCP server.
 * @param params `resource`: mcp, oauth, bearer or no-auth
 * @returns for POST the protocol's answer; for GET as HTML the page on how to connect; else 405
 */
export async function mcp(ctx: Context, params: Readonly<Record<string, string>>): Promise<Response> {
  const resource = params.resource;
  if (!isResourceName(resource)) return rpcError(404, -32000, 'There is no MCP server at this address.');
  const { method } = ctx.request;
  if ((method === 'GET' || method === 'HEAD') && wantsHtml(ctx.request.headers))
    return connectPage(ctx.tenant, resource);

  const rpc = method === 'POST' ? readRpc(ctx.body) : null;
  const operations = rpc?.operations ?? [];
  const [first] = operations;
  if (first)
    ctx.trace.set({
      rpcMethod: first.method.slice(0, 100),
      ...(first.tool === null ? {} : { tool: first.tool.slice(0, 100) }),
    });

  if (rpc?.clientName) ctx.trace.set({ clientName: rpc.clientName });

  const open = operations.length > 0 && operations.every((operation) => isOpen(ctx.tenant.config, operation));
  let caller: Caller | null = null;
  let nonce: string | undefined;
  let era: Era;
  try {
    ({ caller, nonce } = await admit(ctx, resource, open));
    if (rpc === null) return methodNotAllowed(ctx);
    const way = route(ctx.request.headers, rpc);
    if ('refused' in way) return refuseMessage(ctx, rpc, way.refused);
    era = way.era;
    if (rpc.stateless)
      ctx.trace.check({
        check: 'headers-match',
        says: 'Headers and body say the same',
        ok: true,
        clause: 'mcp-http-validation',
      });
    checkScope(ctx, caller, operations);
  } catch (thrown) {
    return refuse(ctx, resource, thrown, caller, operations);
  }
  if (first) {
    const who = caller.sub ?? caller.clientId ?? 'anybody';
    ctx.trace.check({
      check: 'call',
      says: first.tool === null ? `Answers ${operationName(first)}` : `Calls ${first.tool} as ${who}`,
      ok: true,
    });
  }
  const response = await serve(ctx, resource, rpc, era, caller);
  await noteError(ctx, response);
  return withNonce(response, nonce);
}
