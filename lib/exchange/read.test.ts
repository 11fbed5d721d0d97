import { describe, expect, it, test } from 'vitest';
import { parseChallenges } from './challenges.ts';
import { boundedBody, BODY_KEPT, type ExchangeDraft, makeExchange } from './make.ts';
import * as read from './read.ts';
import { exchangeSchema } from './schema.ts';

const draft = (over: Partial<ExchangeDraft> & { headers?: [string, string][]; body?: string; url?: string } = {}) => {
  const { headers = [], body = null, url = 'http://as.example/oauth/token', ...rest } = over;
  return makeExchange({
    at: Date.UTC(2026, 10, 25),
    endpoint: 'token',
    from: 'client',
    to: 'as',
    request: { method: 'POST', url, headers, body },
    ...rest,
  });
};
const FORM: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];
const jwt = (claims: object) => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.x`.replaceAll('=', '');

describe('an exchange', () => {
  it('fits its schema, whatever it was made from', () => {
    expect(exchangeSchema.parse(draft())).toEqual(draft());
    const full = draft({ headers: [FORM], body: 'a=1&a=2&b=3', response: { status: 401, headers: [], body: null } });
    expect(exchangeSchema.parse(full)).toEqual(full);
    expect(full.response?.statusText).toBe('Unauthorized');
    expect(full.request.httpVersion).toBe('1.1');
  });

  it('merges form, query and JSON by name', () => {
    const url = 'http://as.example/x?scope=q&a=%C3%BC+1';
    expect(draft({ url, headers: [FORM], body: 'scope=f&code=%' }).parameters).toEqual({
      scope: ['f', 'q'],
      code: '%',
      a: 'ü 1',
    });
    expect(draft({ url, body: '{"redirect_uris":["x"],"scope":"j"}' }).parameters).toEqual({
      scope: ['q', 'j'],
      a: 'ü 1',
      redirect_uris: ['x'],
    });
    const polluted = draft({ headers: [FORM], body: '__proto__=1&constructor=2' }).parameters;
    expect(Object.keys(polluted)).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['a parameter', { headers: [FORM], body: 'client_id=c1' }, { clientId: 'c1' }],
    ['HTTP Basic, form-encoded', { headers: [['Authorization', `basic ${btoa('c%3A1:s%20')}`]] }, { clientId: 'c:1' }],
    [
      'an access token that nobody verified',
      { headers: [['Authorization', `Bearer ${jwt({ client_id: 'c2' })}`]], endpoint: 'mcp' },
      { clientId: 'c2', claimed: true },
    ],
    [
      'the server, before all others',
      { headers: [FORM], body: 'client_id=c1', client: { clientId: 'c3' } },
      { clientId: 'c3' },
    ],
  ] satisfies [string, Parameters<typeof draft>[0], object][])('is attributed by %s', (_, over, expected) => {
    const { clientId, claimed } = draft(over).client;
    expect({ clientId, ...(claimed ? { claimed } : {}) }).toEqual(expected);
  });

  it('has the trace id of its traceparent', () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(draft({ headers: [['traceparent', `00-${id}-00f067aa0ba902b7-01`]] }).traceId).toBe(id);
    expect(draft({ headers: [['traceparent', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]] }).traceId).toBeNull();
  });

  it('keeps of a body what fits, cut between characters', () => {
    const { body, truncatedFrom } = boundedBody('€'.repeat(10_000));
    expect(truncatedFrom).toBe(30_000);
    expect(body).toMatch(/^€+$/);
    expect(new TextEncoder().encode(body!).length).toBeLessThanOrEqual(BODY_KEPT);
    expect(boundedBody('short')).toEqual({ body: 'short' });
  });
});

describe('challenges', () => {
  test.each([
    [null, []],
    ['', []],
    ['Bearer', [{ scheme: 'Bearer', parameters: {} }]],
    [
      'Bearer error="invalid_token", error_description="a, \\"b\\"", DPoP algs=ES256,scope="x y"',
      [
        { scheme: 'Bearer', parameters: { error: 'invalid_token', error_description: 'a, "b"' } },
        { scheme: 'DPoP', parameters: { algs: 'ES256', scope: 'x y' } },
      ],
    ],
    [
      'Negotiate abc==, basic realm = "r", Realm="later"',
      [
        { scheme: 'Negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'r' } },
      ],
    ],
    ['Bearer __proto__=1', [{ scheme: 'Bearer', parameters: Object.fromEntries([['__proto__', '1']]) }]],
    ['Bearer scope="open', [{ scheme: 'Bearer', parameters: {} }]],
  ])('of %j', (text, expected) => {
    expect(parseChallenges(text)).toEqual(expected);
  });
});

describe('where an answer leads', () => {
  const answered = (headers: [string, string][], body: string | null = null) =>
    read.redirectOf(draft({ endpoint: 'authorize', response: { status: 302, headers, body } }));

  it('is read from Location, its query or its fragment', () => {
    const query = answered([['location', 'http://localhost/cb?x=1&code=a%20b&state=s']]);
    expect([query?.uri, query?.by, query?.parameters.get('code')]).toEqual(['http://localhost/cb', 'query', 'a b']);
    const fragment = answered([['Location', 'http://localhost/cb?x=1#access_token=t']]);
    expect([fragment?.by, fragment?.parameters.get('access_token')]).toEqual(['fragment', 't']);
    expect(answered([])).toBeNull();
  });

  it('is read from a form that posts itself', () => {
    const page =
      '<form method="post" action="https://app.example/cb"><input type=hidden name="iss" value="a&amp;b"></form>';
    const form = answered([['content-type', 'text/html; charset=utf-8']], page);
    expect([form?.href, form?.by, form?.parameters.get('iss')]).toEqual(['https://app.example/cb', 'form_post', 'a&b']);
    const consent = '<form method="post" action="/oauth/authorize"><input name="interaction" value="x"></form>';
    expect(answered([['content-type', 'text/html']], consent)).toBeNull();
  });
});

it('reads the last answer in an event stream', () => {
  const body = 'event: message\ndata: {"method":"notifications/progress"}\n\ndata: {"id":1,"result":{"ok":true}}\n\n';
  const exchange = draft({
    endpoint: 'mcp',
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}',
    response: { status: 200, headers: [['content-type', 'text/event-stream']], body },
  });
  expect(read.toolResultOf(exchange)).toEqual({ ok: true });
  expect(exchange).toMatchObject({ rpcMethod: 'tools/call', tool: 'whoami' });
});
