/** Rules that no sandbox of these tests can show, over ledgers that are written by hand. */
import { describe, expect, test } from 'vitest';
import { scenarioFacts } from '#lib/coach/facts.ts';
import { reportOf } from '#lib/coach/report.ts';
import { defaults } from '#lib/config/config.ts';
import { type ExchangeDraft, makeExchange } from '#lib/exchange/make.ts';

const ORIGIN = 'http://localhost:4001';
const AT = Date.UTC(2026, 10, 26);

interface Brief {
  /** ms after the beginning. */
  readonly at: number;
  readonly endpoint: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** 0: no answer. */
  readonly status: number;
  readonly answer?: Readonly<Record<string, string>>;
  readonly says?: unknown;
  readonly more?: Partial<ExchangeDraft>;
}

/** Judges a ledger by one rule, in a sandbox that is alone on its origin. */
function judge(
  rule: string,
  ledger: readonly Brief[],
  options: { readonly revision?: string; readonly closed?: boolean } = {},
) {
  const entries = ledger.map(
    ({ at, endpoint, method = 'GET', path, headers = {}, body = null, status, answer = {}, says, more }, index) => ({
      ...makeExchange({
        at: AT + at,
        duration: 5,
        from: 'client',
        to: 'as',
        endpoint,
        request: { method, url: `${ORIGIN}${path}`, headers: Object.entries(headers), body },
        response:
          status === 0
            ? null
            : { status, headers: Object.entries(answer), body: says === undefined ? null : JSON.stringify(says) },
        ...more,
      }),
      seq: index + 1,
    }),
  );
  const now = AT + 600_000;
  const report = reportOf(
    {
      entries,
      now,
      sandbox: {
        id: 'own',
        origin: ORIGIN,
        base: ORIGIN,
        issuer: ORIGIN,
        inspectUrl: '',
        ownOrigin: true,
        scenario: null,
        configNumber: 0,
        config: defaults,
        defaults,
        createdAt: AT,
      },
      clients: [],
      scenarios: scenarioFacts(true),
      finals: options.closed === false ? [] : [{ seq: entries.length, at: now }],
    },
    { mask: () => 'masked', revision: options.revision ?? null },
  );
  return report.verdicts.find((one) => one.rule === rule)!;
}

const refused: Brief = {
  at: 0,
  endpoint: 'mcp',
  method: 'POST',
  path: '/mcp',
  headers: { 'mcp-protocol-version': '2026-07-28' },
  status: 401,
  answer: { 'www-authenticate': 'Bearer' },
};
const wellKnown = '/.well-known/oauth-protected-resource';

test.each([
  ['pass', 100, 2000],
  ['pass', 900, 100],
  ['fail', 5000, 100],
])('the address with the path comes before the root: %s', (verdict, withPath, atRoot) => {
  const found = judge('discovery.prm-path-before-root', [
    refused,
    { at: withPath, endpoint: 'prm', path: `${wellKnown}/mcp`, status: 404 },
    { at: atRoot, endpoint: 'prm', path: wellKnown, status: 200, says: {} },
  ]);
  expect(found.verdict).toBe(verdict);
});

test('a client that asks at the root alone is told once', () => {
  const asked: Brief[] = [
    refused,
    { at: 100, endpoint: 'prm', path: wellKnown, status: 404 },
    { at: 200, endpoint: 'as-metadata', path: '/.well-known/oauth-authorization-server', status: 200, says: {} },
  ];
  expect(judge('discovery.prm-path-before-root', asked).verdict).toBe('fail');
  expect(judge('discovery.prm-well-known-fallback', asked).verdict).toBe('not_observed');
});

describe('a client of 2025-03-26', () => {
  const old = { revision: '2025-03-26' };
  const root: Brief = {
    at: 100,
    endpoint: 'as-metadata',
    path: '/.well-known/oauth-authorization-server',
    status: 404,
  };
  const register: Brief = {
    at: 200,
    endpoint: 'register',
    method: 'POST',
    path: '/register',
    status: 201,
    body: '{}',
    says: { client_id: 'c' },
  };

  test('looks for metadata at the root of the origin', () => {
    expect(judge('discovery.base-url-2025-03-26', [refused, root], old).verdict).toBe('pass');
    expect(judge('discovery.base-url-2025-03-26', [refused, register], old).verdict).toBe('fail');
    expect(judge('discovery.base-url-2025-03-26', [refused], old).verdict).toBe('fail');
  });

  test('falls back to the default endpoints', () => {
    expect(judge('discovery.default-endpoints-2025-03-26', [refused, root, register], old).verdict).toBe('pass');
    expect(judge('discovery.default-endpoints-2025-03-26', [refused, root], old).verdict).toBe('fail');
    expect(
      judge('discovery.default-endpoints-2025-03-26', [refused, root], { ...old, closed: false }).reason?.code,
    ).toBe('open');
  });
});

describe('a session', () => {
  const call = (at: number, token: string | null, status: number): Brief => ({
    at,
    endpoint: 'mcp',
    method: 'POST',
    path: '/mcp',
    headers: {
      'mcp-session-id': 'session',
      'mcp-protocol-version': '2025-06-18',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    status,
  });

  test.each([
    ['pass', 'the-token-of-this-client'],
    ['fail', null],
  ])('needs the token with every request: %s', (verdict, later) => {
    const found = judge('resource.token-in-every-request', [
      call(0, 'the-token-of-this-client', 200),
      call(100, later, later === null ? 401 : 200),
    ]);
    expect(found.verdict).toBe(verdict);
  });
});

describe('polling after a lost connection', () => {
  const device: Brief = {
    at: 0,
    endpoint: 'device',
    method: 'POST',
    path: '/oauth/device_authorization',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'client_id=c',
    status: 200,
    says: { device_code: 'the-device-code', interval: 5, expires_in: 900 },
  };
  const poll = (at: number, lost = false): Brief => ({
    at,
    endpoint: 'token',
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=the-device-code&client_id=c',
    status: lost ? 0 : 400,
    says: { error: 'authorization_pending' },
    ...(lost ? { more: { duration: 10_000, acted: [{ kind: 'fault', name: 'f' }] } } : {}),
  });

  test.each([
    ['pass', 10_000],
    ['fail', 5000],
  ])('waits longer: %s', (verdict, pause) => {
    const lost = poll(5000, true);
    const found = judge('device.backs-off', [device, lost, poll(15_000 + pause), poll(40_000)]);
    expect(found.verdict).toBe(verdict);
  });
});
