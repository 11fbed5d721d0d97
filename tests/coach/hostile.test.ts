import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaults } from '#lib/config/config.ts';
import { scenarioFacts } from '#lib/coach/facts.ts';
import type { CoachInput } from '#lib/coach/input.ts';
import { reportOf } from '#lib/coach/report.ts';
import { makeExchange } from '#lib/exchange/make.ts';
import type { Exchange } from '#lib/exchange/types.ts';

const ORIGIN = 'https://authwalk.example';
const BASE = `${ORIGIN}/s/hostile`;
const AT = Date.UTC(2026, 10, 26);

function inputOf(entries: readonly Exchange[]): CoachInput {
  return {
    entries,
    now: AT + 3_600_000,
    sandbox: {
      id: 'hostile',
      origin: ORIGIN,
      base: BASE,
      issuer: BASE,
      inspectUrl: `${ORIGIN}/sandbox/hostile`,
      ownOrigin: false,
      scenario: null,
      configNumber: 0,
      config: defaults,
      defaults,
      createdAt: AT,
    },
    clients: [],
    scenarios: scenarioFacts(),
    finals: [],
  };
}

const report = (entries: readonly Exchange[]) => reportOf(inputOf(entries), { mask: () => 'masked' });

const endpoints = [
  'mcp',
  'prm',
  'as-metadata',
  'register',
  'authorize',
  'consent',
  'par',
  'token',
  'device',
  'introspect',
  'revoke',
  'unknown',
  'jwks',
];
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    'null',
    'undefined',
    '{}',
    '[]',
    '{"client_id":[1],"redirect_uris":{"a":1},"scope":7}',
    '{"__proto__":{"a":1},"issuer":null}',
    'a=%E0%A4%A&b=%',
    '%00',
    'http://[',
    'Bearer ',
    'Basic !!!',
    'x'.repeat(3000),
    'eyJ.eyJ.x',
    'DPoP a.b.c',
    '="',
    'urn:ietf:params:oauth:grant-type:device_code',
  ),
  fc.json({ maxDepth: 3 }),
);
const names = fc.constantFrom(
  'authorization',
  'dpop',
  'location',
  'www-authenticate',
  'retry-after',
  'dpop-nonce',
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'referer',
  'cookie',
  'x-odd',
);
const headers = fc.array(
  fc.tuple(
    names,
    fc.oneof(
      odd,
      fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        'Bearer error="invalid_token", scope="a"',
      ),
    ),
  ),
  { maxLength: 4 },
);
const pairs = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'grant_type',
        'code',
        'client_id',
        'redirect_uri',
        'scope',
        'resource',
        'state',
        'code_challenge',
        'code_verifier',
        'refresh_token',
        'device_code',
        'assertion',
        'client_assertion',
        'request_uri',
        'interaction',
      ),
      odd,
    ),
    { maxLength: 6 },
  )
  .map((all) =>
    new URLSearchParams(all.map(([name, value]): [string, string] => [name, value.toWellFormed()])).toString(),
  );

const exchange = fc
  .record({
    endpoint: fc.constantFrom(...endpoints),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'get', 'BREW'),
    path: fc.constantFrom(
      '/mcp',
      '/oauth/token',
      '/oauth/authorize',
      '/.well-known/oauth-authorization-server',
      '/as2/oauth/token',
      '',
      '/%zz',
    ),
    query: fc.oneof(pairs, odd),
    request: fc.record({ headers, body: fc.option(fc.oneof(pairs, odd)) }),
    response: fc.option(
      fc.record({
        status: fc.constantFrom(0, 200, 201, 302, 400, 401, 403, 404, 429, 503, 999),
        headers,
        body: fc.option(odd),
      }),
    ),
    delivered: fc.boolean(),
    after: fc.integer({ min: -1000, max: 100_000 }),
    duration: fc.constantFrom(0, 5, Number.NaN, -4),
  })
  .map(({ endpoint, method, path, query, request, response, delivered, after, duration }) =>
    makeExchange({
      at: AT + after,
      monotonic: AT + after,
      duration,
      from: 'client',
      to: 'as',
      endpoint,
      delivered,
      request: { method, url: `${BASE}${path}?${query}`, ...request },
      response,
    }),
  );

describe('a ledger of whatever may come', () => {
  test('is graded, and gives every rule once', () => {
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 14 }), (all) => {
        const made = report(all.map((one, index) => ({ ...one, seq: index + 1 })));
        expect(made.verdicts).toHaveLength(made.catalogue.rules);
        for (const { verdict, evidence, reason } of made.verdicts)
          for (const one of evidence) {
            if (reason?.code !== 'needs-plan') expect(verdict).not.toBe('not_observed');
            expect((one.got ?? '').length).toBeLessThanOrEqual(200);
          }
      }),
      { numRuns: 60 },
    );
  });

  test('of the first version, without the members that came later, is graded too', () => {
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 8 }), (all) => {
        const old = all.map((one, index) => {
          const { scenario: _, config: __, fetched: ___, parameters: ____, traceId: _____, ...rest } = one;
          return { ...rest, seq: index + 1, monotonic: 1000 + index } as unknown as Exchange;
        });
        expect(report(old).verdicts.length).toBeGreaterThan(100);
      }),
      { numRuns: 30 },
    );
  });

  test('with huge bodies is graded', () => {
    const big = makeExchange({
      at: AT,
      from: 'client',
      to: 'as',
      endpoint: 'token',
      request: {
        method: 'POST',
        url: `${BASE}/oauth/token`,
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: `${'a=b&'.repeat(4000)}code=${'c'.repeat(200)}`,
      },
      response: { status: 400, headers: [], body: '{'.repeat(16_000) },
    });
    expect(
      report(Array.from({ length: 500 }, (_, index) => ({ ...big, seq: index + 1 }))).summary.fail,
    ).toBeGreaterThanOrEqual(0);
  });
});
