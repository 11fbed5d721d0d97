import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { makeExchange } from '#lib/exchange/make.ts';
import type { Exchange } from '../types.ts';
import { toCurl } from './curl.ts';
import { toFetch } from './fetch.ts';
import { toHar } from './har.ts';
import { toSdk } from './sdk.ts';

function exchange(part: Partial<Exchange['request']>, endpoint = 'token'): Exchange {
  return makeExchange({
    seq: 1,
    at: Date.UTC(2026, 8, 1, 12),
    duration: 12,
    from: 'client',
    to: 'as',
    endpoint,
    request: {
      method: 'POST',
      url: 'http://localhost:3000/oauth/token',
      headers: [
        ['Host', 'localhost:3000'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Sec-Fetch-Mode', 'cors'],
      ],
      body: "a=it%27s&b='x y'&c=$HOME`id`!",
      ...part,
    },
    response: { status: 200, headers: [['content-type', 'application/json']], body: '{"ok":true}' },
  });
}

/** What a shell makes of a command: its words, one a line, JSON. */
function words(command: string): string[] {
  const script = `curl() { for w in "$@"; do printf '%s\\0' "$w"; done; }\n${command}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('curl, pasted into a shell, has the very same address, headers and body', () => {
  const nasty = exchange({
    url: "http://localhost:3000/x?a=1&b='c'",
    body: '{\n  "text": "it\'s $HOME `id` \\" \\\\ !"\n}',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Odd', 'a\'b"c'],
    ],
  });
  expect(words(toCurl(nasty.request))).toEqual([
    '-i',
    '-X',
    'POST',
    nasty.request.url,
    '-H',
    'Content-Type: application/json',
    '-H',
    `X-Odd: a'b"c`,
    '--data-raw',
    nasty.request.body,
  ]);
  expect(words(toCurl(exchange({}).request))).toContain(exchange({}).request.body);
});

test('what the browser adds by itself is left out', () => {
  expect(toCurl(exchange({}).request)).not.toMatch(/Host:|Sec-Fetch/);
});

test('a GET has no method and no body', () => {
  expect(toCurl(exchange({ method: 'GET', body: null, headers: [] }).request)).toBe(
    'curl -i http://localhost:3000/oauth/token',
  );
});

test('fetch, run, sends the same', async () => {
  const original = exchange({ body: new URLSearchParams({ grant_type: 'x', code: "it's\nnew" }).toString() });
  let seen: { url: string; init: RequestInit } | null = null;
  const run = new Function(
    'fetch',
    'URLSearchParams',
    `return (async () => { ${toFetch(original.request)} return response; })()`,
  ) as (fetch: unknown, params: unknown) => Promise<unknown>;
  await run((url: string, init: RequestInit) => {
    seen = { url, init };
    return {};
  }, URLSearchParams);
  expect(seen!.url).toBe(original.request.url);
  expect(String(seen!.init.body)).toBe(original.request.body);
});

test('the SDK has its own words for what OAuth clients do', () => {
  expect(toSdk(exchange({ body: 'grant_type=authorization_code&code=x&client_id=c' }))).toContain(
    'exchangeAuthorization',
  );
  expect(
    toSdk(
      exchange(
        {
          method: 'POST',
          body: '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"add","arguments":{"a":1}}}',
          headers: [['Authorization', 'Bearer tok']],
        },
        'mcp',
      ),
    ),
  ).toContain('callTool({ name: \'add\', arguments: {"a":1} })');
  expect(toSdk(exchange({}, 'revoke'))).toBeNull();
});

test('HAR 1.2 has what its format demands', () => {
  const { log } = toHar([exchange({})], '0.1.0');
  expect(log.version).toBe('1.2');
  const entry = log.entries[0]!;
  for (const key of ['startedDateTime', 'time', 'request', 'response', 'cache', 'timings'])
    expect.soft(entry).toHaveProperty(key);
  for (const key of ['method', 'url', 'httpVersion', 'cookies', 'headers', 'queryString', 'headersSize', 'bodySize'])
    expect.soft(entry.request).toHaveProperty(key);
  for (const key of [
    'status',
    'statusText',
    'httpVersion',
    'cookies',
    'headers',
    'content',
    'redirectURL',
    'headersSize',
    'bodySize',
  ])
    expect.soft(entry.response).toHaveProperty(key);
});
