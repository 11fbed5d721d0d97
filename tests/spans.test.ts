/** Spans of OpenTelemetry, if an operator registers an SDK at the global that its API package shares. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test } from 'vitest';
import { form, testServer } from '#lib/server/testing.ts';

const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${CALLER}-01`;

interface Context {
  getValue(key: symbol): { spanContext(): unknown } | undefined;
}

interface Kept {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Record<string, unknown>;
  readonly parent: unknown;
  status: number;
  ended: number;
}

/** Registers a provider that keeps its spans in memory, as an SDK would. */
function register(more: Record<string, unknown> = {}): Kept[] {
  const spans: Kept[] = [];
  const trace = {
    getTracer: () => ({
      startSpan(name: string, options: { kind: number; attributes: Record<string, unknown> }, on: Context) {
        const parent = on.getValue(SPAN)?.spanContext() ?? null;
        const span: Kept = { name, ...options, attributes: { ...options.attributes }, parent, status: 0, ended: 0 };
        spans.push(span);
        return {
          spanContext: () => ({ traceId: TRACE, spanId: String(spans.length).padStart(16, '0'), traceFlags: 1 }),
          setAttributes: (attributes: Record<string, unknown>) => Object.assign(span.attributes, attributes),
          setStatus: ({ code }: { code: number }) => {
            span.status = code;
          },
          end: () => {
            span.ended += 1;
          },
        };
      },
    }),
  };
  Object.defineProperty(globalThis, API, { configurable: true, value: { version: '1.9.0', trace, ...more } });
  return spans;
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, API);
});

test('a span for each request names route, endpoint, method and status, below the span of the caller', async () => {
  const spans = register();
  const server = await testServer();
  try {
    await server.ask('/.well-known/jwks.json', { headers: { traceparent } });
    await server.ask('/s/of-nobody/oauth/token', form({ grant_type: 'password', client_secret: 'hush-hush' }));
    await server.ask('/api/sandboxes/of-nobody', { headers: { authorization: 'Bearer hush-hush' } });
    await server.ask('/nothing/hush-hush?code=hush-hush');
    expect(spans.map(({ name, attributes }) => [name, ...Object.values(attributes)])).toEqual([
      ['GET /.well-known/jwks.json', 'GET', '/.well-known/jwks.json', 'jwks', 200],
      ['POST /s/:sandbox/oauth/token', 'POST', '/s/:sandbox/oauth/token', 'token', 404],
      ['GET /api/sandboxes/:id', 'GET', '/api/sandboxes/:id', 'sandbox', 404],
      ['GET /*', 'GET', '/*', 'unknown', 404],
    ]);
    expect(Object.keys(spans[0]!.attributes)).toEqual([
      'http.request.method',
      'http.route',
      'authwalk.endpoint',
      'http.response.status_code',
    ]);
    expect(spans.map(({ kind, ended, status }) => [kind, ended, status])).toEqual(Array(4).fill([1, 1, 0]));
    expect(spans.map(({ parent }) => parent)).toEqual([
      { traceId: TRACE, spanId: CALLER, traceFlags: 1, isRemote: true },
      null,
      null,
      null,
    ]);
    expect(JSON.stringify(spans)).not.toContain('hush-hush');
    expect(JSON.stringify(spans)).not.toContain('of-nobody');
  } finally {
    await server.close();
  }
});

test.each([
  'no trace',
  `00-${'0'.repeat(32)}-${CALLER}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${CALLER}`,
])('a traceparent that is none begins a trace: %s', async (header) => {
  const spans = register();
  const server = await testServer();
  await server.ask('/health', { headers: { traceparent: header } });
  await server.close();
  expect(spans.map(({ parent }) => parent)).toEqual([null]);
});

test('what a request calls finds its span, and a propagator of the operator reads the headers', async () => {
  const storage = new AsyncLocalStorage<Context>();
  const none: Context & { setValue(key: symbol, value: unknown): Context; deleteValue(): Context } = {
    getValue: () => undefined,
    setValue: (key, value) => ({ ...none, getValue: (asked) => (asked === key ? value : undefined) as never }),
    deleteValue: () => none,
  };
  const asked: (string | undefined)[] = [];
  const spans = register({
    context: {
      active: () => storage.getStore() ?? none,
      with: (on: Context, run: () => unknown) => storage.run(on, run),
    },
    propagation: {
      extract(on: typeof none, carrier: unknown, getter: { get(carrier: unknown, name: string): string | undefined }) {
        asked.push(getter.get(carrier, 'b3'), getter.get(carrier, 'tracestate'));
        return on.setValue(SPAN, { spanContext: () => 'as the propagator says' });
      },
    },
  });
  const server = await testServer();
  const found: unknown[] = [];
  const { sandboxes } = server.container;
  const find = sandboxes.find.bind(sandboxes);
  sandboxes.find = (id) => {
    found.push(storage.getStore()?.getValue(SPAN)?.spanContext());
    return find(id);
  };
  try {
    await server.ask('/oauth/userinfo', { headers: { b3: `${TRACE}-${CALLER}` } });
    expect(asked).toEqual([`${TRACE}-${CALLER}`, undefined]);
    expect(spans.map(({ parent }) => parent)).toEqual(['as the propagator says']);
    expect(found[0]).toMatchObject({ traceId: TRACE, spanId: '0000000000000001' });
  } finally {
    await server.close();
  }
});

test('an answer of 500 marks the span as failed', async () => {
  const spans = register();
  const server = await testServer();
  server.container.sandboxes.find = () => Promise.reject(new Error('a fault of ours'));
  await server.ask('/oauth/userinfo');
  await server.close();
  expect(spans).toMatchObject([{ status: 2, ended: 1, attributes: { 'error.type': '500' } }]);
});

test('without a provider at the global, requests are answered without spans', async () => {
  Object.defineProperty(globalThis, API, { configurable: true, value: { version: '1.9.0' } });
  const server = await testServer();
  expect((await server.ask('/health')).status).toBe(200);
  await server.close();
});
