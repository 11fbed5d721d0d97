/** What the MCP servers take and answer: media types, batches, revisions, and the schemas of their tools. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, json, openInstance, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

describe('negotiation at the MCP servers', () => {
  const initialize = (protocolVersion: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });
  const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
  const send = (body: unknown, headers: Record<string, string> = {}, place = sandbox) =>
    place.ask('/no-auth', json('POST', body, { accept: 'application/json, text/event-stream', ...headers }));

  test.each([
    ['application/json, text/event-stream', 200],
    ['TEXT/EVENT-STREAM;q=0.1, Application/JSON', 200],
    ['*/*', 200],
    ['application/*, text/*', 200],
    ['application/json', 406],
    ['application/json, text/event-stream;q=0', 406],
    ['*/*, text/event-stream;q=0', 406],
    ['text/plain; x="application/json, text/event-stream"', 406],
  ])('Accept: %s', async (accept, status) => {
    expect((await send(initialize('2025-11-25'), { accept })).status).toBe(status);
  });

  test.each([
    ['Application/JSON; charset=UTF-8', 200],
    ['application/vnd.api+json', 415],
    ['text/plain; x=application/json', 415],
  ])('Content-Type: %s', async (type, status) => {
    expect((await send(initialize('2025-11-25'), { 'content-type': type })).status).toBe(status);
  });

  test.each([
    ['2025-03-26', 200],
    [undefined, 200],
    ['2025-06-18', 400],
    ['2025-11-25', 400],
    ['2026-07-28', 400],
  ])('a batch under revision %s', async (version, status) => {
    const headers: Record<string, string> = version === undefined ? {} : { 'mcp-protocol-version': version };
    const answer = await send([ping, { ...ping, id: 3 }], headers);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.map(({ id }: { id: number }) => id).toSorted()).toEqual([2, 3]);
    else expect(answer.body.error).toMatchObject({ code: -32600, message: expect.stringContaining('no batches') });
  });

  test('an empty batch is no message', async () => {
    expect((await send([])).body.error.code).toBe(-32600);
  });

  test('mcp.versions: a server that speaks older revisions only, or the stateless one only', async () => {
    const old = await instance.sandbox({ 'mcp.versions': ['2025-03-26', '2025-06-18'] });
    expect((await send(initialize('2025-11-25'), {}, old)).body.result.protocolVersion).toBe('2025-06-18');
    expect((await send(ping, { 'mcp-protocol-version': '2025-11-25' }, old)).status).toBe(400);
    expect((await old.call(null, 'add', { a: 1, b: 2 }, { path: '/no-auth' })).status).toBe(400);
    const modern = await instance.sandbox({ 'mcp.versions': ['2026-07-28'] });
    expect((await modern.call(null, 'add', { a: 1, b: 2 }, { path: '/no-auth' })).status).toBe(200);
    expect((await send(initialize('2025-11-25'), {}, modern)).status).toBe(400);
  });

  test('what is refused has a reason, and its failed check is the last one', async () => {
    for (const refused of [await send('{'), await send([]), await send({ jsonrpc: '2.0', id: 1, method: 'nothing' })]) {
      expect.soft(refused.body.error.code).toBeLessThan(0);
      const { body } = await sandbox.control('GET', '/exchanges?limit=500');
      const exchange = body.exchanges.at(-1);
      if (exchange.response.status < 400) continue;
      expect.soft(exchange.reason).toBe('rpc-message');
      expect.soft(exchange.between.at(-1).ok).toBe(false);
    }
  });

  test.each([
    ['initialize', {}, 'protocolVersion'],
    ['tools/list', { cursor: 5 }, 'cursor'],
    ['tools/call', { name: 5 }, 'name'],
    ['resources/read', {}, 'uri'],
    ['prompts/get', { name: 5 }, 'name'],
    ['completion/complete', {}, 'params'],
  ])('malformed parameters of %s are invalid, and it says which', async (method, params, named) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    };
    const older = await send({ jsonrpc: '2.0', id: 1, method, params }, { 'mcp-protocol-version': '2025-11-25' });
    const stateless = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
    const answers = [older];
    if (method !== 'initialize')
      answers.push(await send({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }, stateless));
    for (const { body } of answers)
      expect
        .soft(body.error)
        .toEqual({ code: -32602, message: expect.stringMatching(new RegExp(`^Invalid params: params.*${named}`)) });
  });

  test("the schemas of the server's own tools name no dialect, which older clients do not know", async () => {
    const listed = await sandbox.ask(
      '/bearer',
      json(
        'POST',
        { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
        { accept: 'application/json, text/event-stream', authorization: 'Bearer any' },
      ),
    );
    expect(listed.body.result.tools).toHaveLength(7);
    expect(listed.text).not.toContain('$schema');
  });

  test("the schemas of the MCP server's tools have no lists of types", async () => {
    const listed = await sandbox.ask(
      '/no-auth',
      json(
        'POST',
        { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
        { accept: 'application/json, text/event-stream' },
      ),
    );
    expect(listed.body.result.tools.length).toBeGreaterThan(5);
    expect(JSON.stringify(listed.body.result.tools)).not.toMatch(/"type":\[/);
  });
});
