import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Draft, toExchange } from './draft.ts';
import { redact } from './redact.ts';

const draft = (over: Partial<Draft>): Draft => ({
  epoch: 0,
  sandboxId: 's',
  at: 0,
  clock: 0,
  monotonic: 0,
  duration: 1,
  endpoint: 'token',
  from: 'client',
  to: 'as',
  method: 'POST',
  url: 'http://localhost/oauth/token',
  httpVersion: '1.1',
  rawHeaders: ['Content-Type', 'application/x-www-form-urlencoded'],
  body: null,
  response: null,
  delivered: true,
  connection: null,
  facts: {},
  checks: [],
  acted: [],
  scenario: null,
  config: 0,
  fetched: [],
  changes: [],
  controlTokenHash: null,
  ...over,
});
const answer = (body: string, headers: [string, string][] = [['content-type', 'application/json']]) => ({
  status: 200,
  rawHeaders: headers.flat(),
  body,
  bytes: body.length,
});

describe('what is recorded', () => {
  it('masks a value by the same mask wherever it stands', () => {
    const token = 'tok_0123456789abcdefghij';
    const shown = redact(
      toExchange(
        draft({
          rawHeaders: ['Authorization', `Bearer ${token}`],
          url: `http://localhost/x?access_token=${token}#id_token=${token}`,
          body: null,
          response: answer(JSON.stringify({ echoed: `you sent ${token}`, access_token: token })),
          checks: [{ check: 'a', says: 'b', ok: true, evidence: { token } }],
        }),
      ),
      'salt',
    );
    const text = JSON.stringify(shown);
    expect(text).not.toContain(token);
    expect(new Set(text.match(/masked-[0-9a-f]{8}/g)).size).toBe(1);
    expect(shown.redacted).toEqual(expect.arrayContaining(['authorization', 'access_token', 'id_token']));
  });

  it('leaves every other byte as it came', () => {
    const exchange = toExchange(
      draft({
        url: 'http://localhost/a?x=%20y&state=a+b&&=&code',
        body: 'state=%7E&scope=a+b',
        response: answer('{ "scope" : "a" }'),
      }),
    );
    expect(redact(exchange, 's')).toEqual(exchange);
  });

  it('masks what is in a redirect, and in Basic credentials', () => {
    const shown = redact(
      toExchange(
        draft({
          rawHeaders: ['authorization', `Basic ${btoa('id:secret-of-mine')}`],
          response: {
            status: 302,
            rawHeaders: ['location', 'http://localhost/cb?code=abcdefghijklmnopqrst&state=1'],
            body: null,
            bytes: 0,
          },
        }),
      ),
      's',
    );
    expect(shown.response?.headers[0]?.[1]).toMatch(/^http:\/\/localhost\/cb\?code=masked-[0-9a-f]{8}&state=1$/);
    expect(shown.request.headers[0]?.[1]).toMatch(/^Basic masked-/);
    expect(shown.client.clientId).toBe('id');
  });

  it('never keeps a password, however it is written', () => {
    const exchange = toExchange(
      draft({ body: 'grant_type=password&username=a&pass%77ord=hunter22&password=hunter22' }),
    );
    expect(exchange.request.body).not.toContain('hunter22');
    const json = toExchange(
      draft({ rawHeaders: ['content-type', 'application/json'], body: '{"password":"hunter\\"22","p":1}' }),
    );
    expect(json.request.body).toBe('{"password":"not-kept","p":1}');
  });
});

describe('request headers', () => {
  const kept = (...rawHeaders: string[]) => toExchange(draft({ rawHeaders })).request.headers;

  it('keeps no cookie but a mark of its own', () => {
    expect(kept('Cookie', 'session=secret; __Host-authwalk=abc; other=1')).toEqual([
      ['Cookie', '__Host-authwalk=not-kept'],
    ]);
    expect(kept('Cookie', 'session=secret')).toEqual([]);
  });

  it.each([
    ['X-API-Key', 'k-123456', 'not-kept (8 characters)'],
    ['Proxy-Authorization', 'Basic abc', 'not-kept (9 characters)'],
    ['X-Forwarded-Access-Token', 'tok', 'not-kept (3 characters)'],
    ['Cf-Access-Jwt-Assertion', 'eyJ.e.s', 'not-kept (7 characters)'],
    ['Authorization', 'Negotiate abc', 'not-kept (13 characters)'],
    ['Authorization', 'Bearer tok', 'Bearer tok'],
    ['MCP-Protocol-Version', '2026-07-28', '2026-07-28'],
    ['traceparent', '00-x', '00-x'],
  ])('%s: %s is kept as %s', (name, value, expected) => {
    expect(kept(name, value)).toEqual([[name, expected]]);
  });

  it('never keeps the control token', () => {
    const controlTokenHash = createHash('sha256').update('the-token').digest('base64url');
    const rawHeaders = ['Authorization', 'bearer the-token'];
    expect(toExchange(draft({ rawHeaders, controlTokenHash })).request.headers).toEqual([
      ['Authorization', 'bearer not-kept'],
    ]);
  });
});

describe('hostile values', () => {
  const form = (code: string) =>
    toExchange(
      draft({
        body: new URLSearchParams({ code, state: code }).toString(),
        response: answer(JSON.stringify({ code, nested: [{ code }], note: `echo ${code}` })),
        checks: [{ check: 'code-known', says: `no code ${code}`, ok: false, evidence: { got: code } }],
        facts: { evidence: { got: code } },
      }),
    );

  it.each(['"quoted-at-the-start', 'ends-in-a-backslash\\', '{"a":1}', '\u0022\u0000', '%', '<b>&amp;', '\ud800'])(
    'a code %j is masked, and what it stands in can still be read',
    (code) => {
      const shown = redact(form(code.padEnd(20, 'x')), 'salt');
      expect(shown.redacted).toEqual(['code']);
      expect(JSON.parse(shown.response!.body!)).toMatchObject({ code: expect.stringMatching(/^masked-[0-9a-f]{8}$/) });
      expect(shown.evidence?.got).toMatch(/^masked-/);
      expect(shown.parameters.code).toMatch(/^masked-/);
    },
  );

  it('leaves the number of a JSON-RPC error, which is no authorization code', () => {
    const body = '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}';
    const shown = redact(toExchange(draft({ endpoint: 'mcp', to: 'mcp', response: answer(body) })), 'salt');
    expect([shown.response?.body, shown.redacted]).toEqual([body, []]);
  });

  it('masks what was cut in the middle', () => {
    const body = `{"access_token":"${'a'.repeat(40)}`;
    const shown = redact(toExchange(draft({ response: answer(body) })), 'salt');
    expect(shown.response?.body).toMatch(/^\{"access_token":"masked-[0-9a-f]{8}"$/);
  });

  it('masks the fields of a form that carries an answer, and the address of a consent page', () => {
    const secret = 'c0de-0123456789abcdef';
    const page = `<form action="https://app.example/cb?x=1"><input type="hidden" name="code" value="${secret}"></form>`;
    const headers: [string, string][] = [
      ['content-type', 'text/html'],
      ['location', `http://localhost/consent/${secret}x`],
    ];
    expect(JSON.stringify(redact(toExchange(draft({ response: answer(page, headers) })), 's'))).not.toContain(secret);
  });
});

describe('the work grows with the input and no faster', () => {
  const shapes: readonly (readonly [string, (n: number) => Partial<Draft>])[] = [
    ['many secrets', (n) => ({ url: `http://localhost/?${'code=abcdefghijklmnop0&'.repeat(n)}` })],
    [
      'many different secrets, told again in the answer',
      (n) => {
        const codes = Array.from({ length: n }, (_, i) => `code=${String(i).padStart(16, '0')}`).join('&');
        return { body: codes, response: answer(codes, [['content-type', 'text/plain']]) };
      },
    ],
    ['one long name', (n) => ({ body: 'a'.repeat(20 * n) })],
    ['open quotation marks', (n) => ({ response: answer('"code":"'.repeat(2 * n)) })],
    ['deep nesting', (n) => ({ response: answer('{"a":['.repeat(3 * n)) })],
    ['marks without names', (n) => ({ response: answer('?&'.repeat(10 * n), [['content-type', 'text/html']]) })],
    ['full stops', (n) => ({ url: `http://localhost/?code=${'x'.repeat(16)}&state=${'.'.repeat(20 * n)}` })],
  ];
  it.each(shapes)('%s', (_, shape) => {
    const steps = (n: number): number => {
      const meter = { steps: 0 };
      redact(toExchange(draft(shape(n))), 'salt', meter);
      return meter.steps;
    };
    expect(steps(400) / steps(200)).toBeLessThan(2.2);
  });
});

describe('what a check compared', () => {
  const checkOf = (got: unknown) => {
    const { between, evidence } = toExchange(
      draft({ checks: [{ check: 'a', says: 'b', ok: false, evidence: { got } }], facts: { evidence: { got } } }),
    );
    return { check: between[0]!.evidence!.got as unknown, whole: evidence!.got as unknown };
  };

  it('is kept as it is if it is short', () => {
    const got = { list: ['a', 1, null, true], text: 'x'.repeat(1500) };
    expect(checkOf(got)).toEqual({ check: got, whole: got });
  });

  it.each([
    ['a long text', 'x'.repeat(60_000), /characters/],
    ['a long list', Array.from({ length: 14_000 }, (_, index) => String(index)), /13800 more/],
    ['a list of long texts', Array.from({ length: 50 }, () => 'x'.repeat(1900)), /more/],
    ['an object with many members', Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`m${at}`, at])), /m1/],
    ['deep nesting', JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`), /…/],
  ])('is cut if it is %s, and says so', (_, got, says) => {
    for (const kept of Object.values(checkOf(got))) {
      const text = JSON.stringify(kept);
      expect(text).toMatch(says);
      expect(text.length).toBeLessThan(10_000);
    }
  });
});

describe('a body of a type that an endpoint does not take', () => {
  const SECRET = 'a-client-secret-of-256-bits';
  const of = (type: string | null, body: string) =>
    toExchange(draft({ rawHeaders: type === null ? [] : ['content-type', type], body }));
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const parts = [part('grant_type', 'password'), part('client_secret', SECRET), part('password', 'hunter2')];
  const multipart = `${parts.join('')}--x--`;
  const form = `client_secret=${SECRET}&grant_type=password&password=hunter2`;

  it.each([
    ['a form in parts', 'multipart/form-data; boundary=x', multipart],
    ['a form in parts that is cut', 'multipart/form-data; boundary=x', multipart.slice(0, -20)],
    [
      'parts with other line ends and names without quotes',
      'multipart/form-data; boundary=x',
      multipart.replaceAll('\r\n', '\n').replaceAll(/name="(\w+)"/g, 'name=$1'),
    ],
    ['a form as plain text', 'text/plain', form],
    ['a form as a page', 'text/html', form],
    ['a form without a type', null, form],
    ['a form, a line for each parameter', 'text/plain', form.replaceAll('&', '\n')],
    ['JSON as plain text', 'text/plain', JSON.stringify({ client_secret: SECRET, password: 'hunter2' })],
    ['XML', 'application/xml', `<r><client_secret>${SECRET}</client_secret><password>hunter2</password></r>`],
  ])('keeps no password and shows no secret: %s', (_, type, body) => {
    const kept = of(type, body);
    expect(kept.request.body).not.toContain('hunter2');
    expect(JSON.stringify(redact(kept, 'salt'))).not.toContain(SECRET);
  });

  it('stays as it came where nothing is secret', () => {
    const text = 'grant_type = client_credentials; <b>1 & 2</b>';
    expect(redact(of('text/plain', text), 'salt').request.body).toBe(text);
  });
});
