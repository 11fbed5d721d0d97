import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { modernRequest, type TestSandbox, testSandbox } from './testing.ts';

const ORIGIN = 'http://localhost:3000';
const OPEN = `${ORIGIN}/no-auth`;
const NAMES = ['whoami', 'echo', 'add', 'slow', 'fail', 'notes_list', 'notes_add'];

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await testSandbox();
});
afterEach(() => sandbox.close());

interface Answer {
  result?: Record<string, unknown> & { structuredContent?: Record<string, unknown> };
  error?: { code: number; message: string };
}

async function rpc(
  method: string,
  params: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: Answer }> {
  const response = await sandbox.fetch(modernRequest(OPEN, method, params, undefined, headers));
  return { status: response.status, answer: (await response.json()) as Answer };
}

const callTool = async (name: string, args?: Record<string, unknown>) =>
  (await rpc('tools/call', args === undefined ? { name } : { name, arguments: args })).answer;

async function client1(path: string, token?: string): Promise<Client1> {
  const client = new Client1({ name: 'sdk-1', version: '1' }, { capabilities: { elicitation: {} } });
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(new Transport1(new URL(ORIGIN + path), { fetch: sandbox.fetch, requestInit: { headers } }));
  return client;
}

async function client2(path: string, token?: string): Promise<Client2> {
  const client = new Client2({ name: 'sdk-2', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(
    new Transport2(new URL(ORIGIN + path), {
      fetch: sandbox.fetch,
      ...(token === undefined ? {} : { authProvider: { token: async () => token } }),
    }),
  );
  return client;
}

describe('the tools', () => {
  test('are listed with schemas and annotations, in a steady order', async () => {
    const token = await sandbox.token({ audience: [`${ORIGIN}/oauth`] });
    const response = await sandbox.fetch(modernRequest(`${ORIGIN}/oauth`, 'tools/list', {}, `Bearer ${token}`));
    const { result } = (await response.json()) as {
      result: { tools: { name: string; inputSchema: { type: string }; annotations?: object; description?: string }[] };
    };
    expect(result.tools.map(({ name }) => name)).toEqual(NAMES);
    for (const tool of result.tools) {
      expect.soft(tool.inputSchema.type).toBe('object');
      expect.soft(tool.annotations).toBeDefined();
      expect.soft(tool.description).toBeTruthy();
    }
    expect(result).toMatchObject({ cacheScope: 'private' });
  });

  test('echo and add give structured answers', async () => {
    expect((await callTool('echo', { text: 'héllo' })).result?.structuredContent).toEqual({ text: 'héllo' });
    expect((await callTool('add', { a: 2, b: 40 })).result?.structuredContent).toEqual({ sum: 42 });
  });

  test('whoami tells what the token says', async () => {
    const token = await sandbox.token();
    const response = await sandbox.fetch(
      modernRequest(`${ORIGIN}/mcp`, 'tools/call', { name: 'whoami', arguments: {} }, `Bearer ${token}`),
    );
    expect(((await response.json()) as Answer).result?.structuredContent).toEqual({
      authenticated_by: 'access token',
      sub: 'u_test',
      client_id: 'c_test',
      issuer: ORIGIN,
      scope: ['notes:read'],
      audience: [`${ORIGIN}/mcp`],
      expires_at: '2026-09-01T13:00:00.000Z',
      key_bound: false,
    });
    expect((await callTool('whoami')).result?.structuredContent).toMatchObject({
      authenticated_by: 'nothing',
      sub: null,
    });
  });

  test('missing arguments mean none', async () => {
    expect((await callTool('notes_list')).result?.structuredContent).toMatchObject({ total: 0 });
  });

  test('fail fails inside the result, which says that it is complete', async () => {
    expect((await callTool('fail', { message: 'as asked' })).result).toMatchObject({
      isError: true,
      resultType: 'complete',
      content: [{ type: 'text', text: 'as asked' }],
    });
  });

  test('wrong arguments are told inside the result', async () => {
    expect((await callTool('add', { a: 'two' })).result).toMatchObject({ isError: true });
  });

  test('an unknown tool is an error', async () => {
    expect((await callTool('nothing_of_the_kind', {})).error?.code).toBe(-32602);
  });

  test('a note has 4 KiB at most, counted in bytes', async () => {
    expect((await callTool('notes_add', { text: 'é'.repeat(2049) })).result).toMatchObject({ isError: true });
    expect((await callTool('notes_add', { text: 'é'.repeat(2048) })).result?.isError).toBeUndefined();
    expect((await callTool('notes_list')).result?.structuredContent).toMatchObject({ total: 1 });
  });

  test('slow reports its progress as a stream', async () => {
    const response = await sandbox.fetch(
      modernRequest(OPEN, 'tools/call', { name: 'slow', arguments: { seconds: 0.1, steps: 2 } }),
    );
    expect(((await response.json()) as Answer).result?.structuredContent).toEqual({
      seconds: 0.1,
      steps: 2,
      cancelled: false,
    });
    const client = await client2('/no-auth');
    const seen: number[] = [];
    await client.callTool(
      { name: 'slow', arguments: { seconds: 0.1, steps: 2 } },
      { onprogress: ({ progress }) => seen.push(progress) },
    );
    expect(seen).toEqual([0, 1, 2]);
    await client.close();
  });

  test('slow takes no more than 30 seconds', async () => {
    expect((await callTool('slow', { seconds: 31 })).result).toMatchObject({ isError: true });
  });
});

describe('the transport of 2026-07-28', () => {
  test('server/discover tells revisions and capabilities', async () => {
    const { status, answer } = await rpc('server/discover');
    expect(status).toBe(200);
    expect(answer.result).toMatchObject({ resultType: 'complete', capabilities: { tools: {} } });
    expect(answer.result?.supportedVersions).toContain('2026-07-28');
  });

  test.each([
    ['Mcp-Name', { 'Mcp-Name': 'whoami' }],
    ['Mcp-Method', { 'Mcp-Method': 'tools/list' }],
    ['MCP-Protocol-Version', { 'MCP-Protocol-Version': '2025-11-25' }],
  ])('%s that says something else than the body is -32020, 400 [#mcp.headers-match]', async (_, headers) => {
    const { status, answer } = await rpc('tools/call', { name: 'echo', arguments: { text: 'x' } }, headers);
    expect(status).toBe(400);
    expect(answer.error?.code).toBe(-32020);
    expect(sandbox.last().facts).toMatchObject({ reason: 'header-mismatch', error: '-32020' });
  });

  test('a header mismatch is found before the scope is looked at', async () => {
    const token = await sandbox.token();
    const response = await sandbox.fetch(
      modernRequest(`${ORIGIN}/mcp`, 'tools/call', { name: 'notes_add', arguments: { text: 'x' } }, `Bearer ${token}`, {
        'Mcp-Name': 'whoami',
      }),
    );
    expect(response.status).toBe(400);
  });

  test('a name may be Base64 in the header', async () => {
    const { status } = await rpc(
      'tools/call',
      { name: 'echo', arguments: { text: 'x' } },
      { 'Mcp-Name': `=?base64?${Buffer.from('echo').toString('base64')}?=` },
    );
    expect(status).toBe(200);
  });

  test('an unknown method is -32601, 404; an unknown revision -32022, 400', async () => {
    const unknown = await rpc('nothing/here');
    expect([unknown.status, unknown.answer.error?.code]).toEqual([404, -32601]);
    const response = await sandbox.fetch(OPEN, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'MCP-Protocol-Version': '2999-01-01',
        'Mcp-Method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 7,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2999-01-01',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: 7, error: { code: -32022 } });
  });

  test.each(['GET', 'DELETE'])('%s is 405 with Allow [#http.method-not-allowed]', async (method) => {
    const response = await sandbox.fetch(OPEN, { method, headers: { Accept: 'text/event-stream' } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test('GET without a token is 401 where there is a door', async () => {
    expect((await sandbox.fetch(`${ORIGIN}/mcp`, { headers: { Accept: 'text/event-stream' } })).status).toBe(401);
  });

  test.each([
    '{',
    '[]',
    '42',
    'null',
    '"text"',
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    '[1,[2]]',
  ])('nonsense gets a JSON-RPC error: %s', async (body) => {
    const response = await sandbox.fetch(OPEN, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
  });
});

describe('the SDK clients', () => {
  test('2 speaks the stateless revision', async () => {
    const client = await client2('/mcp', await sandbox.token({ scope: ['notes:write'] }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(NAMES);
    await client.callTool({ name: 'notes_add', arguments: { text: 'from sdk 2' } });
    const { structuredContent } = await client.callTool({ name: 'notes_list', arguments: {} });
    expect(structuredContent).toMatchObject({ total: 1 });
    expect(sandbox.last().facts.rpcMethod).toBe('tools/call');
    await client.close();
  });

  test('1 speaks the older revisions at the same address [#mcp.both-eras]', async () => {
    const client = await client1('/mcp', await sandbox.token({ scope: ['notes:write'] }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(NAMES);
    await client.callTool({ name: 'notes_add', arguments: { text: 'from sdk 1' } });
    expect((await client.callTool({ name: 'notes_list' })).structuredContent).toMatchObject({ total: 1 });
    expect((await client.callTool({ name: 'fail' })).isError).toBe(true);
    await client.close();
  });

  test('1 is told of progress', async () => {
    const client = await client1('/no-auth');
    const seen: number[] = [];
    await client.callTool({ name: 'slow', arguments: { seconds: 0.1, steps: 2 } }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(seen).toEqual([0, 1, 2]);
    await client.close();
  });

  test.each([1, 2])('%i stops a slow call by cancelling it', async (version) => {
    const client = version === 1 ? await client1('/no-auth') : await client2('/no-auth');
    const stop = new AbortController();
    const call =
      version === 1
        ? (client as Client1).callTool({ name: 'slow', arguments: { seconds: 20, steps: 20 } }, undefined, {
            signal: stop.signal,
          })
        : (client as Client2).callTool(
            { name: 'slow', arguments: { seconds: 20, steps: 20 } },
            { signal: stop.signal },
          );
    setTimeout(() => stop.abort(), 100);
    await expect(call).rejects.toThrow();
    // The server has stopped as well: it counts no slow call any more.
    const counts = (globalThis as { authwalkSlowCalls?: Map<string, number> }).authwalkSlowCalls;
    await expect.poll(() => counts?.get('default') ?? 0, { timeout: 2000 }).toBe(0);
    await client.close();
  });

  test('1 is asked by a running tool, and its answer finds the way back', async () => {
    const client = await client1('/no-auth');
    client.setRequestHandler(ElicitRequestSchema, async () => ({
      action: 'accept',
      content: { username: 'ada', email: 'ada@example.com' },
    }));
    const { content } = await client.callTool({ name: 'test_elicitation', arguments: { message: 'Who?' } });
    expect(content).toEqual([{ type: 'text', text: expect.stringContaining('"username":"ada"') }]);
    await client.close();
  });
});
