/**
 * The MCP servers' endpoint: door, transport, tools, in this order.
 *
 * The door is in front of the protocol: a tool knows nothing of tokens, and a request without one
 * learns nothing but where to get one.
 */
import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server';
import type { Context, HeaderReader } from '#lib/oauth/context.ts';
import { check, note, noteRefusal } from '#lib/oauth/checks/check.ts';
import { isOAuthError, type OAuthError } from '#lib/oauth/errors.ts';
import { wantsHtml } from '#lib/pages/accept.ts';
import type { Caller } from './caller.ts';
import { mediaTypes } from './checks/media-types.ts';
import { message } from './checks/message.ts';
import { method as methodCheck } from './checks/method.ts';
import { isRpcRefused } from './checks/refusal.ts';
import { noteKnobs } from './knobs.ts';
import { serveLegacy } from './legacy.ts';
import { connectPage } from './pages/connect.ts';
import { admit, checkScope, refuse } from './protected-resource.ts';
import { rpcError } from './refusals.ts';
import { isResourceName, type ResourceName } from './resources.ts';
import { type Era, readRpc, route, type RpcBody } from './rpc.ts';
import { isOpen, operationName } from './scopes.ts';
import { accepts } from './media-types.ts';
import { createServer } from './servers/factory.ts';
import { withNonce } from './verification.ts';

/** What the record says of GET and DELETE, and of messages that the transport refuses. */
function refuseTransport(ctx: Context, rpc: RpcBody | null, error: OAuthError): Response {
  noteRefusal(ctx.trace, error);
  if (!isRpcRefused(error)) {
    return rpcError(405, -32000, 'Method not allowed: there are no sessions here, and so no streams of their own.', {
      headers: { Allow: 'POST' },
    });
  }
  const { status, code, message, data } = error.refusal;
  ctx.trace.set({ error: String(code) });
  return rpcError(status, code, message, { id: rpc?.id ?? null, data });
}

/** Records what the SDK refuses by itself: every answer of 400 and above has its reason in the record. */
async function noteError(ctx: Context, response: Response): Promise<void> {
  if (response.ok || !response.headers.get('content-type')?.includes('json')) return;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { error?: { code?: unknown; message?: unknown } } | null;
  const { code, message: text } = body?.error ?? {};
  if (typeof code !== 'number') return;
  const said = typeof text === 'string' ? text.slice(0, 300) : 'The SDK refused the message.';
  try {
    const evidence = { status: response.status, code };
    check(ctx.trace, message, { status: response.status, code, message: said, evidence });
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    noteRefusal(ctx.trace, error);
    ctx.trace.set({ error: String(code) });
  }
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
  const versions = versionsOf(ctx);
  if (era === 'legacy' && versions.some((version) => version < STATELESS_SINCE)) {
    return serveLegacy(() => createServer(ctx, resource, caller, 'legacy'), {
      // What the client accepts has been looked at; the SDK compares the header as text.
      request: new Request(ctx.request.url, {
        method: 'POST',
        headers: withAccept(ctx.request.headers),
        signal: ctx.request.signal,
      }),
      json: rpc.json,
      callerKey: `${caller.key} ${resource}`,
      tool: operation?.tool ?? null,
      ...(auth ? { authInfo: auth } : {}),
    });
  }
  // Nothing changes here, so there is nothing to subscribe to.
  if (operation?.method === 'subscriptions/listen') return rpcError(404, -32601, 'Method not found', { id: rpc.id });
  const handler = createMcpHandler(() => createServer(ctx, resource, caller, 'modern', operation?.tool), {
    legacy: 'reject',
  });
  const { method, url, headers, signal } = ctx.request;
  const request = new Request(url, { method, headers: [...headers], signal });
  return handler.fetch(request, { parsedBody: rpc.json, ...(auth ? { authInfo: auth } : {}) });
}

/** The first revision without sessions. */
const STATELESS_SINCE = '2026-07-28';

function versionsOf({ tenant }: Context): readonly string[] {
  return tenant.config['mcp.versions'];
}

function withAccept(headers: HeaderReader): Headers {
  const copy = new Headers([...headers]);
  copy.set('accept', 'application/json, text/event-stream');
  return copy;
}

/** The media types of an answer that the client does not accept. The older revisions demand the header itself. */
function unaccepted(headers: HeaderReader, era: Era): string[] {
  const accept = headers.get('accept');
  if (accept === null) return era === 'legacy' ? [...ANSWERS] : [];
  const missing = ANSWERS.filter((type) => !accepts(accept, type));
  return era === 'legacy' || missing.includes(ANSWERS[0]) ? missing : [];
}

const ANSWERS = ['application/json', 'text/event-stream'] as const;

/**
 * Answers one request to an MCP server.
 * @param params `resource`: mcp, oauth, bearer or no-auth
 * @returns for POST the protocol's answer; for GET as HTML the page on how to connect; else 405
 */
export async function mcp(ctx: Context, params: Readonly<Record<string, string>>): Promise<Response> {
  const resource = params.resource;
  if (!isResourceName(resource)) return rpcError(404, -32000, 'There is no MCP server at this address.');
  const { method } = ctx.request;
  if (method === 'GET' || method === 'HEAD') {
    if (wantsHtml(ctx.request.headers)) return connectPage(ctx.tenant, resource);
    return variedByAccept(await answer(ctx, resource));
  }
  return answer(ctx, resource);
}

/** An address that has a page too says so on every answer to GET: a cache must not mix them up. */
function variedByAccept(response: Response): Response {
  response.headers.set('Vary', 'Accept');
  return response;
}

async function answer(ctx: Context, resource: ResourceName): Promise<Response> {
  const { method } = ctx.request;
  const rpc = method === 'POST' ? readRpc(ctx.body) : null;
  const operations = rpc?.operations ?? [];
  const [first] = operations;
  if (first)
    ctx.trace.set({
      rpcMethod: first.method.slice(0, 100),
      ...(first.tool === null ? {} : { tool: first.tool.slice(0, 100) }),
    });
  if (rpc?.clientName) ctx.trace.set({ clientName: rpc.clientName });

  // Where a session begins without a token, so does the look whether there is a stream: it gets 405.
  const asked = method === 'POST' ? operations : [{ method: 'initialize', tool: null }];
  const open = asked.length > 0 && asked.every((operation) => isOpen(ctx.tenant.config, operation));
  let caller: Caller | null = null;
  let nonce: string | undefined;
  let era: Era;
  try {
    ({ caller, nonce } = await admit(ctx, resource, open));
  } catch (thrown) {
    return refuse(ctx, resource, thrown, null, operations);
  }
  try {
    check(ctx.trace, methodCheck, method);
    noteKnobs(ctx.trace, ctx.tenant.config, ['mcp.versions']);
    era = route(ctx, rpc!, versionsOf(ctx));
    check(ctx.trace, mediaTypes, {
      accept: ctx.request.headers.get('accept'),
      missing: unaccepted(ctx.request.headers, era),
    });
  } catch (thrown) {
    if (!isOAuthError(thrown)) throw thrown;
    return refuseTransport(ctx, rpc, thrown);
  }
  try {
    checkScope(ctx, caller, operations);
  } catch (thrown) {
    return refuse(ctx, resource, thrown, caller, operations);
  }
  if (first) {
    const who = caller.sub ?? caller.clientId ?? 'anybody';
    const says = first.tool === null ? `Answers ${operationName(first)}` : `Calls ${first.tool} as ${who}`;
    note(ctx.trace, 'call', says, 'mcp-auth-token-handling');
  }
  const response = await serve(ctx, resource, rpc!, era, caller);
  await noteError(ctx, response);
  return withNonce(response, nonce);
}
