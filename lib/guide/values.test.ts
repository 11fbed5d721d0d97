import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseChallenges } from '#lib/exchange/challenges.ts';
import { answerOf, decodeToken } from '#lib/exchange/read.ts';
import { explainPkce, makePkce } from './pkce.ts';
import { s256 } from '#lib/exchange/digest.ts';
import { spans } from './spans.ts';
import { parseText, plainText } from './text.ts';
import { fill, fillSpans, held, shorten } from './values.ts';
import type { Bag, Exchange } from './types.ts';

const track = {
  values: {
    client_id: { name: 'client_id', made_by: 'as', secret: false, says: '' },
    issuer: { name: 'issuer', made_by: 'as', secret: false, says: '' },
    resource: { name: 'resource', made_by: 'mcp', secret: false, says: '' },
    mcp_url: { name: 'mcp_url', made_by: 'mcp', secret: false, says: '' },
    state: { name: 'state', made_by: 'client', secret: false, says: '' },
    challenged_scope: { name: 'challenged_scope', made_by: 'mcp', secret: false, says: '' },
    granted_scope: { name: 'granted_scope', made_by: 'you', secret: false, says: '' },
    expires_in: { name: 'expires_in', made_by: 'as', secret: false, says: '' },
    base: { name: 'base', made_by: 'as', secret: false, says: '' },
  },
} as const;
const bag: Bag = Object.fromEntries(
  Object.entries({
    base: 'https://x.example/s/k3',
    client_id: 'c_9f2FaU3T',
    issuer: 'https://x.example/s/k3',
    mcp_url: 'https://x.example/s/k3/mcp',
    resource: 'https://x.example/s/k3/mcp',
    state: 'Yn_NtsyaXhb',
    challenged_scope: 'notes:read',
    granted_scope: 'notes:read',
    expires_in: '3600',
  }).map(([name, value]) => [name, held(track, name, value, 'x', 1)]),
);

const named = (text: string, prefer?: string[]) =>
  spans(text, bag, prefer)
    .filter((span) => span.value)
    .map((span) => `${span.value}:${span.text}`);

test('PKCE is the example of RFC 7636 appendix B, with each value in between', async () => {
  const view = await explainPkce('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
  expect(view.challenge).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  expect(view.bytes).toMatch(/^7418dfb4979[0-9a-f]+$/);
  expect(view.digest).toHaveLength(64);
  const fresh = await makePkce();
  expect(fresh.verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test.each([
  '',
  'abc',
  'x'.repeat(55),
  'x'.repeat(56),
  'x'.repeat(64),
  'é'.repeat(200),
  randomBytes(40).toString('base64url'),
])('the hash that is shown is the one that the server keeps: %j', (text) => {
  expect(s256(text)).toBe(createHash('sha256').update(text).digest('base64url'));
});

test('templates are filled, and what is not held stays', () => {
  expect(fill('Bearer {state} {nothing}', bag)).toBe('Bearer Yn_NtsyaXhb {nothing}');
  expect(fillSpans('id {client_id}', bag)).toEqual([
    { text: 'id ' },
    { text: 'c_9f2FaU3T', value: 'client_id', madeBy: 'as' },
  ]);
  expect(shorten('abcdefghijklmnop')).toBe('abcd…mnop');
});

test('a value is found plain, url-encoded and form-encoded', () => {
  expect(named('GET /authorize?client_id=c_9f2FaU3T&state=Yn_NtsyaXhb')).toEqual([
    'client_id:c_9f2FaU3T',
    'state:Yn_NtsyaXhb',
  ]);
  expect(named('resource=https%3A%2F%2Fx.example%2Fs%2Fk3%2Fmcp&scope=notes%3Aread')).toEqual([
    'resource:https%3A%2F%2Fx.example%2Fs%2Fk3%2Fmcp',
    'challenged_scope:notes%3Aread',
  ]);
  expect(spans('a=notes%3Aread', bag)[1]).toMatchObject({ encoded: true });
});

test('every text comes back whole from its spans', () => {
  const text =
    'Location: https://x.example/cb?state=Yn_NtsyaXhb&iss=https%3A%2F%2Fx.example%2Fs%2Fk3 and "scope":"notes:read"';
  expect(
    spans(text, bag)
      .map((span) => span.text)
      .join(''),
  ).toBe(text);
});

test('where two values are the same string, the key beside it decides, then what is preferred', () => {
  expect(named('{"resource":"https://x.example/s/k3/mcp"}')).toEqual(['resource:https://x.example/s/k3/mcp']);
  expect(named('to https://x.example/s/k3/mcp now', ['mcp_url'])).toEqual(['mcp_url:https://x.example/s/k3/mcp']);
  expect(named('{"authorization_servers":["https://x.example/s/k3"]}')).toEqual(['issuer:https://x.example/s/k3']);
});

test('a longer value is not cut by a shorter one, and ordinary ones need their key', () => {
  expect(named('https://x.example/s/k3/mcp')).toHaveLength(1);
  expect(named('port 3600')).toEqual([]);
  expect(named('"expires_in":3600')).toEqual(['expires_in:3600']);
  expect(named('notes:readonly')).toEqual([]);
});

test('the markup of texts', () => {
  expect(parseText("A *401* is `token` and {state}, isn't it")).toEqual([
    { kind: 'text', text: 'A ' },
    { kind: 'italic', text: '401' },
    { kind: 'text', text: ' is ' },
    { kind: 'code', text: 'token' },
    { kind: 'text', text: ' and ' },
    { kind: 'value', name: 'state', inCode: false },
    { kind: 'text', text: ', isn’t it' },
  ]);
  expect(plainText('`{base}/oauth`')).toBe('{base}/oauth');
});

test('challenges are read with several schemes and quoted commas', () => {
  expect(
    parseChallenges('Basic realm="a, b", Bearer resource_metadata="https://x/y", scope="a b", error="invalid_token"'),
  ).toEqual([
    { scheme: 'Basic', parameters: { realm: 'a, b' } },
    { scheme: 'Bearer', parameters: { resource_metadata: 'https://x/y', scope: 'a b', error: 'invalid_token' } },
  ]);
  expect(parseChallenges('Bearer')).toEqual([{ scheme: 'Bearer', parameters: {} }]);
});

test('an answer in events is read like one in JSON', () => {
  const exchange = {
    response: {
      headers: [['content-type', 'text/event-stream']],
      body: 'event: message\ndata: {"method":"x"}\n\nevent: message\ndata: {"id":1,\ndata: "result":{"a":1}}\n\n',
    },
  } as unknown as Exchange;
  expect(answerOf(exchange)).toMatchObject({ result: { a: 1 } });
});

test('an opaque token is not decoded', () => {
  expect(decodeToken('abc')).toBeNull();
  expect(decodeToken('a.b.c')).toBeNull();
});
