/** A sandbox in memory for the tests of this room, with its MCP servers behind a `fetch` that needs no socket. */
import { randomBytes } from 'node:crypto';
import type { Context, ParsedBody, Tenant, Trace, TraceFacts } from '#lib/oauth/context.ts';
import { issueAccessToken, type AccessTokenInput } from '#lib/oauth/tokens/issue.ts';
import type { Check } from '#lib/exchange/types.ts';
import { type ConfigOverrides, resolveConfig } from '#lib/config/config.ts';
import { openStore } from '#lib/store/open.ts';
import { mcp, resourceMetadata } from './index.ts';
import { deleteAdminResource, readResource } from './rest.ts';

/** Notes of one request. */
class TestTrace implements Trace {
  readonly checks: Check[] = [];
  readonly facts: Partial<TraceFacts> = {};
  check(entry: Check): void {
    this.checks.push(entry);
  }
  set(facts: Partial<TraceFacts>): void {
    Object.assign(this.facts, facts);
  }
}

export interface TestSandbox {
  readonly tenant: Tenant;
  /** What a client uses in place of the network. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The trace of the last request. */
  readonly last: () => TestTrace;
  /** A token without a flow. */
  readonly token: (input?: Partial<AccessTokenInput>) => Promise<string>;
  /** Moves the clock on, in seconds. */
  readonly advance: (seconds: number) => void;
  readonly close: () => Promise<void>;
}

const ORIGIN = 'http://localhost:3000';

/** Opens a sandbox at the root of `http://localhost:3000`, or where `origin` says. */
export async function testSandbox(config: ConfigOverrides = {}, origin = ORIGIN): Promise<TestSandbox> {
  const store = await openStore(':memory:');
  let now = Date.parse('2026-09-01T12:00:00Z');
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const tenant: Tenant = {
    sandboxId: 'default',
    origin,
    base: origin,
    issuer: origin,
    config: resolveConfig(config),
    store: store.tenant('default'),
    secret: random(32),
    controlTokenHash: null,
    isPublic: false,
    now: () => now,
    random,
    passwords: { hash: async (password) => password, verify: async (password, hash) => password === hash },
    fetch: async () => {
      throw new Error('no network here');
    },
  };
  await store.createSandbox({
    id: 'default',
    config: {},
    scenario: null,
    controlTokenHash: null,
    secret: tenant.secret,
    clock: { offset: 0, frozenAt: null },
    createdAt: now,
    lastUsedAt: now,
    ttl: null,
    expiresAt: null,
    version: 1,
    staged: {},
    configChange: 0,
    epoch: 0,
  });
  let trace = new TestTrace();
  const contextOf = (request: Request, body: ParsedBody): Context => ({
    tenant,
    request,
    body,
    trace,
    browser: { id: null, ensure: () => 'browser', renew: () => 'browser' },
    remoteAddress: '127.0.0.1',
  });

  async function answer(request: Request): Promise<Response> {
    trace = new TestTrace();
    const url = new URL(request.url);
    const text = request.method === 'POST' ? await request.text() : '';
    const ctx = contextOf(request, { text });
    const wellKnown = /^\/\.well-known\/oauth-protected-resource(?:\/([^/]+))?$/.exec(url.pathname);
    if (wellKnown) return resourceMetadata(ctx, wellKnown[1] === undefined ? {} : { resource: wellKnown[1] });
    if (url.pathname === '/resource-metadata.json') return resourceMetadata(ctx, {});
    if (url.pathname === '/api/resource') return readResource(ctx);
    if (url.pathname === '/api/admin/resource') return deleteAdminResource(ctx);
    return mcp(ctx, { resource: url.pathname.slice(1) });
  }

  return {
    tenant,
    fetch: (input, init) => answer(new Request(input, init)),
    last: () => trace,
    token: async (input = {}) => {
      const ctx = contextOf(new Request(origin), { text: '' });
      const { token } = await issueAccessToken(ctx, {
        clientId: 'c_test',
        sub: 'u_test',
        grantId: null,
        scope: ['notes:read'],
        audience: [`${tenant.base}/mcp`],
        ...input,
      });
      return token;
    },
    advance: (seconds) => {
      now += seconds * 1000;
    },
    close: () => store.close(),
  };
}

/** A request of the revision 2026-07-28. @param authorization value of the header; absent: none */
export function modernRequest(
  url: string,
  method: string,
  params: Record<string, unknown> = {},
  authorization?: string,
  headers: Record<string, string> = {},
): Request {
  const name: Record<string, string> = typeof params.name === 'string' ? { 'Mcp-Name': params.name } : {};
  return new Request(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...name,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
}
