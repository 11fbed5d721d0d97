import { describe, expect, test } from 'vitest';
import { makeExchange } from '#lib/exchange/make.ts';
import { loadKnobs } from '#lib/server/views/sandbox-words.ts';
import { bagAt } from './bag.ts';
import { familyOf } from './family.ts';
import { flowsOf } from '#lib/exchange/flows.ts';
import { createLive } from './live.ts';
import { passes, pathOf, spell } from './rows.ts';
import { createEventReader } from '#lib/client/events.ts';
import type { Exchange, GrantInfo } from './types.ts';

const base = 'http://localhost:3000/s/abc';

function exchange(
  seq: number,
  endpoint: string,
  patch: Partial<Exchange> & {
    url?: string;
    method?: string;
    status?: number;
    location?: string;
    sent?: readonly (readonly [string, string])[];
    body?: string;
    answer?: unknown;
  } = {},
): Exchange {
  const {
    url = `${base}/${endpoint}`,
    method = 'POST',
    status = 200,
    location,
    sent = [],
    body = null,
    answer,
    ...rest
  } = patch;
  const at = 1_700_000_000_000 + seq * 1000;
  const made = makeExchange({
    seq,
    at,
    monotonic: seq * 1000,
    duration: 5,
    from: 'client',
    to: 'as',
    endpoint,
    request: {
      method,
      url,
      headers: body === null ? sent : [['content-type', 'application/x-www-form-urlencoded'], ...sent],
      body,
    },
    response: {
      status,
      headers: location ? [['location', location]] : [],
      body: answer === undefined ? null : JSON.stringify(answer),
    },
    client: { userAgent: 'node', connection: '127.0.0.1#1' },
  });
  return { ...made, ...rest };
}

/** One client's way in, as the recorder has it. */
function wayIn(from: number, name: string): Exchange[] {
  const client = { clientId: `c_${name}`, name, userAgent: name, connection: '127.0.0.1#1' };
  const nameless = { ...client, clientId: null, name: null };
  return [
    exchange(from, 'mcp', { status: 401, reason: 'token-absent', client: nameless }),
    exchange(from + 1, 'prm', { method: 'GET', client: nameless }),
    exchange(from + 2, 'as-metadata', { method: 'GET', client: nameless }),
    exchange(from + 3, 'register', { status: 201, client }),
    exchange(from + 4, 'authorize', {
      method: 'GET',
      from: 'you',
      client: { ...client, userAgent: 'browser' },
      url: `${base}/oauth/authorize?client_id=c_${name}&state=state-${name}&code_challenge=challenge-${name}`,
      status: 302,
      location: `http://127.0.0.1/cb?code=code-of-${name}&state=state-${name}`,
    }),
    exchange(from + 5, 'token', {
      client,
      grantType: 'authorization_code',
      grantId: `g-${name}`,
      body: `grant_type=authorization_code&code=code-of-${name}&code_verifier=verifier-${name}`,
      answer: { access_token: `access-${name}`, refresh_token: `refresh-${name}` },
    }),
    exchange(from + 6, 'mcp', { client, grantId: `g-${name}`, sent: [['authorization', `Bearer access-${name}`]] }),
  ];
}

describe('flows', () => {
  test('a way in is one flow, from the first refusal to the last call', () => {
    expect(flowsOf(wayIn(1, 'ada')).map(({ title, exchanges }) => [title, exchanges.length])).toEqual([['ada', 7]]);
  });
  test('two clients at once are two flows', () => {
    const [a, b] = [wayIn(1, 'ada'), wayIn(100, 'bob')];
    const mixed = a.flatMap((one, index) => [one, b[index]!]).map((one, index) => ({ ...one, seq: index + 1 }));
    expect(flowsOf(mixed).map(({ exchanges }) => exchanges.length)).toEqual([7, 7]);
  });
});

test('a token that is refused belongs to the flow that it came from', () => {
  const way = wayIn(1, 'ada');
  const late = exchange(8, 'mcp', {
    status: 401,
    reason: 'token-expired',
    sent: [['authorization', 'Bearer access-ada']],
  });
  expect(flowsOf([...way, late]).map(({ exchanges }) => exchanges.length)).toEqual([8]);
});

test('knobs: what can be turned is described', () => {
  for (const knob of loadKnobs()) expect.soft(knob.does.length, knob.name).toBeGreaterThan(20);
});

test('values have their makers, the latest of a name wins', () => {
  const all = [...wayIn(1, 'ada'), ...wayIn(10, 'bob')];
  expect(bagAt(all, all[5]!).code).toMatchObject({ value: 'code-of-ada', madeBy: 'as' });
  expect(bagAt(all, all.at(-1)!).access_token).toMatchObject({ value: 'access-bob', madeBy: 'as' });
});

test('a family: which lives, which was used, what ended it', () => {
  const token = (generation: number, used: boolean) => ({
    id: `t${generation}`,
    parent: generation > 1 ? `t${generation - 1}` : null,
    generation,
    issued_at: '2026-01-01T00:00:00Z',
    expires_at: '2027-01-01T00:00:00Z',
    used_at: used ? '2026-01-01T00:01:00Z' : null,
  });
  const grant: GrantInfo = {
    id: 'g',
    client_id: 'c',
    sub: null,
    kind: 'authorization_code',
    scope: [],
    created_at: '2026-01-01T00:00:00Z',
    revoked_at: '2026-01-01T00:02:00Z',
    revoked_by: 'refresh-spent',
    refresh_tokens: [token(1, true), token(2, false)],
  };
  const culprit = exchange(9, 'token', { grantId: 'g', reason: 'refresh-spent', clock: '2026-01-01T00:02:00.000Z' });
  const family = familyOf(grant, [culprit], Date.parse('2026-01-01T00:03:00Z'));
  expect(family.by).toBe(9);
  expect(family.died).toContain('came back');
  expect([family.roots[0]?.state, family.roots[0]?.children[0]?.state]).toEqual(['used', 'dead']);
  expect(familyOf({ ...grant, revoked_at: null, revoked_by: null }, [], 0).roots[0]?.children[0]?.state).toBe('live');
});

describe('rows', () => {
  test('paths say what they are for', () => {
    expect(pathOf(`${base}/oauth/token`)).toBe('/oauth/token');
    expect(pathOf('http://localhost/.well-known/oauth-protected-resource/s/abc/mcp')).toBe('…protected-resource');
    expect(pathOf(base)).toBe('/');
  });
  test('seconds are spelt', () =>
    expect([0, 42, 120, 3600, 3700, 172_800].map(spell)).toEqual([
      '0 s',
      '42 s',
      '2 min',
      '1 h',
      '1 h 2 min',
      '2 days',
    ]));
  test('filters hold together', () => {
    const one = exchange(1, 'token', { status: 400, error: 'invalid_grant', body: 'code=XYZ' });
    expect(passes(one, { endpoint: 'token', client: '', status: 'refused', text: 'xyz' })).toBe(true);
    expect(passes(one, { endpoint: 'mcp', client: '', status: '', text: '' })).toBe(false);
  });
});

test('events are read however the network cuts them', () => {
  const text = 'retry: 1000\n\n: still here\n\nid: 7\nevent: exchange\ndata: {"seq":7}\n\nevent: reset\ndata: {}\n\n';
  const whole = createEventReader().push(text);
  const reader = createEventReader();
  expect([...text].flatMap((letter) => reader.push(letter))).toEqual(whole);
  expect(whole).toEqual([
    { id: '7', event: 'exchange', data: '{"seq":7}' },
    { id: null, event: 'reset', data: '{}' },
  ]);
});

test('a stream that breaks off is taken up after the last number, without doubles', async () => {
  const asked: string[] = [];
  const event = (seq: number) => `id: ${seq}\nevent: exchange\ndata: ${JSON.stringify(exchange(seq, 'mcp'))}\n\n`;
  const streams = [event(1) + event(2), event(2) + event(3)];
  const live = createLive({
    address: '/api/sandboxes/x',
    token: 't',
    fetch: async (input, init) => {
      const url = String(input);
      if (url.includes('/exchanges'))
        return Response.json({
          exchanges: url.includes('limit=1&') || url.endsWith('limit=1') ? [exchange(1, 'mcp')] : [],
        });
      asked.push(new Headers(init?.headers).get('last-event-id') ?? '');
      const next = streams.shift();
      return next === undefined ? new Promise<Response>(() => undefined) : new Response(next);
    },
  });
  const stop = live.start();
  await expect.poll(() => asked.length, { timeout: 5_000 }).toBe(3);
  stop();
  expect(asked).toEqual(['0', '2', '3']);
  expect(live.snapshot().exchanges.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
