/** Scripted faults, as their owner writes them and as a client meets them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_METHODS } from '#lib/config/fault-rules.ts';
import { ALLOWED_HEADERS } from '#lib/config/fault.ts';
import { allowedMethods } from '#lib/http/route.ts';
import { routeTable } from '#lib/http/routes/index.ts';
import { type Answer, type Instance, json, openInstance, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
let place: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  place = await instance.sandbox();
});
afterAll(() => instance.close());

const control = (method: string, path: string, body?: unknown): Promise<Answer> =>
  instance.ask(`/api/sandboxes/${place.id}${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { authorization: `Bearer ${place.made.control_token}`, 'content-type': 'application/json' },
  });
const script = (fault: unknown): Promise<Answer> => control('POST', '/faults', fault);
const clear = () => control('DELETE', '/faults');
const base = () => `http://localhost:3000/s/${place.id}`;
const token = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  instance.ask(`${base()}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
const rpc = (method: string, id: unknown = 1) =>
  instance.ask(`${base()}/no-auth`, json('POST', { jsonrpc: '2.0', id, method }, { accept: 'application/json' }));

describe('a fault is refused by name', () => {
  it.each([
    ['a header that acts on proxies', { effect: { headers: { 'X-Accel-Redirect': '/x' } } }, 'X-Accel-Redirect'],
    [
      'a header that acts on the browser',
      { effect: { headers: { 'Content-Disposition': 'x' } } },
      'Content-Disposition',
    ],
    [
      'a content type that is none of the list',
      { effect: { body: 'x', content_type: 'image/svg+xml' } },
      'content_type',
    ],
    ['a content type without a body', { effect: { content_type: 'text/plain' } }, 'content_type'],
    ['a body of an answer without one', { effect: { status: 204, body: 'x' } }, 'body'],
    ['a status of a closed connection', { effect: { drop: true, status: 503 } }, 'status'],
    ['an error beside a body', { effect: { body: 'x', error: 'invalid_grant' } }, 'error'],
    ['committed without a replaced answer', { effect: { delay_ms: 5, committed: true } }, 'committed'],
    ['nothing at all', { effect: { committed: true } }, 'effect'],
    ['a method that the endpoint does not take', { match: { method: 'GET' }, effect: { status: 500 } }, 'match.method'],
    ['a tool at the token endpoint', { match: { tool: 'echo' }, effect: { status: 500 } }, 'match.tool'],
    [
      'a location where there is one address',
      { match: { location: 'path' }, effect: { status: 500 } },
      'match.location',
    ],
    [
      'a pattern that only JavaScript reads',
      { match: { scope: { matches: '\\u0041' } }, effect: { status: 500 } },
      'match.scope',
    ],
    [
      'a pattern that is too large for its engine',
      { match: { scope: { matches: '(a{1,1000}){1,1000}' } }, effect: { status: 500 } },
      'match.scope',
    ],
    [
      'a pattern that would take too long for each value',
      { match: { scope: { matches: '(?i:a{0,1000}b)' } }, effect: { status: 500 } },
      'match.scope',
    ],
    [
      'patterns that do so together',
      { match: { scope: { matches: '.{0,255}x' }, state: { matches: '.{0,255}x' } }, effect: { status: 500 } },
      'match',
    ],
    ['a place that is taken twice', { effect: { hold: { until: 3, order: [1, 1, 2] } } }, 'effect.hold'],
    ['a pattern with look-around', { match: { scope: { matches: 'a(?=b)' } }, effect: { status: 500 } }, 'match.scope'],
    ['a pattern that is none', { match: { scope: { matches: '(' } }, effect: { status: 500 } }, 'match.scope'],
    [
      'a pattern of a header that is none',
      { match: { headers: { accept: { matches: '(' } } }, effect: { status: 500 } },
      'match.headers.accept',
    ],
    ['a pattern too long', { match: { scope: { matches: 'a'.repeat(201) } }, effect: { status: 500 } }, 'match'],
    ['a client where nobody names one', { endpoint: 'jwks', client_id: 'x', effect: { status: 500 } }, 'client_id'],
  ])('%s', async (_what, fault, named) => {
    const answer = await script({ endpoint: 'token', ...fault });
    expect(answer.status).toBe(400);
    expect(answer.body.error_description).toContain(named);
  });
});

it('a Location that a request would lead elsewhere is refused, and breaks nothing', async () => {
  await script({
    endpoint: 'token',
    effect: { status: 302, headers: { Location: '{request.redirect_uri}' } },
    times: 'always',
  });
  expect(await token({ redirect_uri: 'https://elsewhere.example/' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
  await clear();
});

it('a parameter may have the name of a comparison', async () => {
  const match = { parameters: { matches: '(' } };
  expect((await script({ endpoint: 'token', match, effect: { status: 500 } })).status).toBe(201);
  await clear();
});

it.each(ALLOWED_HEADERS.filter((name) => name !== 'Location'))('%s goes out as it is written', async (name) => {
  await script({ endpoint: 'jwks', effect: { headers: { [name]: 'walk' } } });
  expect((await instance.ask(`${base()}/.well-known/jwks.json`)).headers.get(name)).toBe('walk');
  await clear();
});

it('the methods that a match may name are those of the endpoints', () => {
  const table = routeTable(instance.server.container).filter(({ recorded }) => recorded);
  for (const [endpoint, methods] of Object.entries(FAULT_METHODS)) {
    const taken = new Set(table.filter((route) => route.endpoint === endpoint).flatMap(allowedMethods));
    if (endpoint === 'consent') continue; // A form at the address of authorize.
    expect([endpoint, methods.filter((method) => !taken.has(method))]).toEqual([endpoint, []]);
    expect([endpoint, [...taken].filter((m) => m !== 'HEAD' && m !== 'OPTIONS' && !methods.includes(m))]).toEqual([
      endpoint,
      [],
    ]);
  }
});

describe('a match', () => {
  it.each([
    ['a form parameter', { scope: 'admin' }, { scope: 'admin' }, { scope: 'read' }, {}],
    ['a pattern', { scope: { matches: '^a.*n$' } }, { scope: 'admin' }, { scope: 'adm' }, {}],
    ['an absent parameter', { resource: { absent: true } }, { scope: 'a' }, { resource: 'https://x.example' }, {}],
    ['a header', { headers: { 'x-run': { matches: '^7' } } }, {}, { scope: 'a' }, { 'x-run': '77' }],
  ])('by %s', async (_what, match, hit, miss, headers) => {
    const { body } = await script({
      endpoint: 'token',
      match,
      times: 'always',
      effect: { status: 418, body: 'caught' },
    });
    expect((await token(hit as Record<string, string>, headers as Record<string, string>)).status).toBe(418);
    expect((await token(miss as Record<string, string>)).status).not.toBe(418);
    const listed = (await control('GET', '/faults')).body.faults;
    expect(listed.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ matched: 1, acted: 1 });
    await clear();
  });

  it('looks at the first 2 KiB of a value, in linear time', async () => {
    await script({
      endpoint: 'token',
      match: { scope: { matches: '(a+)+$' } },
      times: 'always',
      effect: { status: 418 },
    });
    expect((await token({ scope: `${'a'.repeat(30_000)}!` })).status).toBe(418);
    expect((await token({ scope: `${'a'.repeat(2000)}!` })).status).not.toBe(418);
    await clear();
  });

  it('has patterns within a bound for all faults of a sandbox, so that nobody waits for them', async () => {
    const large = (at: number) => ({
      endpoint: 'token',
      match: { parameters: { [`p${at}`]: { matches: `^.{0,255}${at}$` } } },
      times: 'always',
      effect: { status: 418 },
    });
    const made: number[] = [];
    for (let at = 0; at < 9; at += 1) made.push((await script(large(at))).status);
    expect(made.filter((status) => status === 201).length).toBeGreaterThan(5);
    expect(made.at(-1)).toBe(400);
    await clear();
    expect((await script(large(9))).status).toBe(201);
    expect((await token({ p9: `${'a'.repeat(200)}9` })).status).toBe(418);
    await clear();
  });

  it('of several that match, the highest priority acts', async () => {
    await script({ endpoint: 'token', effect: { status: 501 } });
    await script({ endpoint: 'token', priority: 5, effect: { status: 502 } });
    expect((await token({})).status).toBe(502);
    await clear();
  });
});

describe('placeholders', () => {
  it('repeat what was asked, without breaking out of what they stand in', async () => {
    await script({
      endpoint: 'token',
      times: 'always',
      effect: {
        body: '{"state":"{request.state}","none":"{request.no}","at":{now},"id":"{uuid}","left":"{unknown}"}',
        headers: { 'X-Request-Id': 'r-{request.state}' },
      },
    });
    const answer = await token({ state: 'a"\r\nb' });
    expect(answer.body).toMatchObject({ state: 'a"\r\nb', none: '', at: expect.any(Number), left: '{unknown}' });
    expect(answer.body.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-request-id')).toBe('r-a"b');
    await clear();
    await script({ endpoint: 'token', effect: { body: '<p>{request.state}</p>', content_type: 'text/html' } });
    expect((await token({ state: '<script>' })).text).toBe('<p>&#60;script&#62;</p>');
    await clear();
  });

  it('whatever the case in which the content type is written', async () => {
    await script({ endpoint: 'token', effect: { body: '<p>{request.state}</p>', content_type: 'Text/HTML' } });
    expect((await token({ state: '<b>' })).text).toBe('<p>&#60;b&#62;</p>');
    await script({ endpoint: 'token', effect: { body: 'data: {request.state}', content_type: 'Text/Event-Stream' } });
    expect((await token({ state: 'a\nevent: b' })).text).toBe('data: a\\nevent: b');
    await clear();
  });

  it.each([[7], ['seven']])('carry the id of a JSON-RPC request: %s', async (id) => {
    await script({ endpoint: 'no-auth', effect: { body: { jsonrpc: '2.0', id: '{rpc_id}', result: {} } } });
    expect((await rpc('ping', id)).body).toEqual({ jsonrpc: '2.0', id, result: {} });
    await script({ endpoint: 'no-auth', effect: { body: '{"id":{rpc_id}}' } });
    expect((await rpc('ping', id)).body).toEqual({ id });
    await clear();
  });
});

it('a status alone comes without a body and without a type', async () => {
  await script({ endpoint: 'token', effect: { status: 503 } });
  const { status, text, headers } = await token({});
  expect([status, text, headers.get('content-type')]).toEqual([503, '', null]);
});

describe('an answer that stays open', () => {
  it('is an event stream that opens and says nothing', async () => {
    await script({ endpoint: 'no-auth', effect: { content_type: 'text/event-stream', hang_ms: 30 } });
    const answer = await rpc('ping');
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([200, 'text/event-stream', '']);
  });

  it('or the real answer, whose end comes late', async () => {
    await script({ endpoint: 'jwks', effect: { hang_ms: 30 } });
    expect((await instance.ask(`${base()}/.well-known/jwks.json`)).body.keys).toHaveLength(1);
  });
});

it('no dialog of a browser opens: Basic is not sent to a navigation', async () => {
  await script({
    endpoint: 'userinfo',
    times: 'always',
    effect: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } },
  });
  const ask = (mode: string) => instance.ask(`${base()}/oauth/userinfo`, { headers: { 'sec-fetch-mode': mode } });
  expect((await ask('cors')).headers.get('www-authenticate')).toContain('Basic');
  expect((await ask('navigate')).headers.get('www-authenticate')).not.toContain('Basic');
  await clear();
});

it('an error that the server itself answers with a challenge for Basic has that challenge', async () => {
  await clear();
  await script({ endpoint: 'token', times: 'always', effect: { error: 'invalid_client' } });
  const refused = await token({ grant_type: 'client_credentials' });
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic /)]);
  const navigated = await token({ grant_type: 'client_credentials' }, { 'sec-fetch-mode': 'navigate' });
  expect(navigated.headers.get('www-authenticate')).toMatch(/^Bearer /);
  await clear();
});

describe('a fault of the configuration, or of a stage, is refused as one of the control API is', () => {
  const foreign = { endpoint: 'token', effect: { status: 302, headers: { Location: 'https://elsewhere.example/' } } };
  const pattern = { endpoint: 'token', match: { scope: { otherThan: '\\u0041' } }, effect: { status: 500 } };
  const stage = { after: { event: 'register', count: 1 }, set: { faults: [foreign] } };

  it.each([
    ['a foreign address', { faults: [foreign] }, 'faults.0.effect.headers.Location'],
    ['a pattern that could never match', { faults: [pattern] }, 'faults.0.match.scope'],
    ['a foreign address in a stage', { stages: [stage] }, 'stages.0.set.faults.0.effect.headers.Location'],
  ])('%s', async (_what, config, path) => {
    const made = await instance.ask('/api/sandboxes', json('POST', { config }));
    const changed = await control('PATCH', '', { config });
    const planned = await instance.ask('/api/plans', json('POST', { config }));
    for (const { status, body } of [made, changed, planned])
      expect
        .soft([status, body.error, body.error_description])
        .toEqual([400, 'invalid_config', expect.stringContaining(path)]);
    expect((await control('GET', '')).body.config).toEqual({});
    await expect(openInstance({ AUTHWALK_DEFAULT_CONFIG: JSON.stringify({ config }) })).rejects.toThrow(path);
  });

  it('names the headers that there are', async () => {
    const { body } = await script({ endpoint: 'token', effect: { headers: { 'Set-Cookie': 'a=b' } } });
    expect(body.error_description).toMatch(/Set-Cookie: not a header that a fault may send; it may send WWW-Auth/);
  });

  it('but for an address that its clients register', async () => {
    const clients = [{ client_id: 'a', redirect_uris: ['https://elsewhere.example/'] }];
    const made = await instance.ask('/api/sandboxes', json('POST', { config: { clients, faults: [foreign] } }));
    expect(made.status).toBe(201);
  });
});
