import { describe, expect, it } from 'vitest';
import { type Draft, toExchange } from './draft.ts';
import { redact } from './redact.ts';

const draft = (over: Partial<Draft>): Draft => ({
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
  controlTokenHash: null,
  ...over,
});
const answer = (body: string, headers: [string, string][] = [['content-type', 'application/json']]) => ({
  status: 200,
  headers,
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
            headers: [['location', 'http://localhost/cb?code=abcdefghijklmnopqrst&state=1']],
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

  it('cuts bodies between characters, and says how long they were', () => {
    const exchange = toExchange(draft({ body: '€'.repeat(10_000) }));
    expect(exchange.request.truncatedFrom).toBe(30_000);
    expect(exchange.request.body).not.toContain('\uFFFD');
  });
});
