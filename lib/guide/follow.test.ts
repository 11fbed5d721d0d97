/**
 * The guide follows real clients: what `@modelcontextprotocol/client` 2 and plain requests do in a sandbox, as the
 * engine recorded it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { McpClient } from '../../tests/lib/mcp-client.ts';
import { mainTrack } from '../../tests/lib/guide-engine.ts';
import { authorizeHeadless } from '../../tests/interop/redirect.ts';
import { startServer, type RunningServer } from '../../tests/lib/server.ts';
import { canFollow } from './can-follow.ts';
import { deriveFollowed, follow } from './follow.ts';
import { emptyState } from './state.ts';
import type { Exchange, RunState, SandboxRef, WalkView } from './types.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const track = mainTrack();

async function makeSandbox(config: Record<string, unknown> = {}): Promise<SandboxRef> {
  const made = (await (
    await fetch(`${server.origin}/api/sandboxes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ config }),
    })
  ).json()) as Record<string, never>;
  return { ...made, base: made.issuer } as unknown as SandboxRef;
}

async function recorded(sandbox: SandboxRef, reveal = true): Promise<Exchange[]> {
  const answer = await fetch(`${server.origin}/api/sandboxes/${sandbox.id}/exchanges${reveal ? '?reveal=1' : ''}`, {
    headers: { authorization: `Bearer ${sandbox.control_token}` },
  });
  return ((await answer.json()) as { exchanges: Exchange[] }).exchanges;
}

function look(
  sandbox: SandboxRef,
  exchanges: readonly Exchange[],
  viewing: string | null = null,
  page: Partial<RunState> = {},
): WalkView {
  const followed = follow(track, { ...emptyState(track.id), sandbox, ...page }, exchanges, server.origin);
  return deriveFollowed(followed, { now: Date.now(), viewing, origin: server.origin });
}
const line = (view: WalkView, id: string) =>
  view.steps
    .find((step) => step.id === id)!
    .line.map((span) => span.text)
    .join('');
const statuses = (view: WalkView) => view.steps.map((step) => step.status);
const control = (sandbox: SandboxRef, path: string, body: unknown) =>
  fetch(`${server.origin}/api/sandboxes/${sandbox.id}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.control_token}` },
    body: JSON.stringify(body),
  });

test('waits for a client, and says so', async () => {
  const sandbox = await makeSandbox();
  expect(canFollow(track)).toBe(true);
  const view = look(sandbox, []);
  expect(view).toMatchObject({ current: 'challenge', done: 0, finished: false });
  expect(view.action).toMatchObject({ kind: 'none', enabled: false, label: 'Waits for your client' });
  expect(line(view, 'challenge')).toBe('what comes next');
});

describe('@modelcontextprotocol/client 2', () => {
  let sandbox: SandboxRef;
  let client: McpClient;
  let exchanges: Exchange[];
  beforeAll(async () => {
    sandbox = await makeSandbox();
    client = new McpClient(sandbox.mcp.oauth, { name: 'a followed client' });
    const transport = await client.begin();
    await client.redeem(transport);
    await client.call('notes_list');
    await client.refresh();
    await client.call('whoami');
    await client.close();
    exchanges = await recorded(sandbox);
  });

  test('the steps advance, one exchange after the other', () => {
    const seen = exchanges.map((_exchange, index) => {
      const view = look(sandbox, exchanges.slice(0, index + 1));
      return `${view.current} ${view.done}`;
    });
    expect([...new Set(seen)]).toEqual(
      ['discovery 1', 'registration 2', 'authorization 3', 'token 5', 'call 5', 'refresh 6', 'revoke 7']
        .flatMap((entry) => (entry.startsWith('token') ? ['authorization 3'] : [entry]))
        .filter((entry, index, all) => all.indexOf(entry) === index),
    );
    expect(statuses(look(sandbox, exchanges.slice(0, 2)))).toEqual([
      'done',
      'running',
      'locked',
      'locked',
      'locked',
      'locked',
      'locked',
      'locked',
    ]);
    expect(look(sandbox, exchanges.slice(0, 2)).failure).toBeNull();
    expect(statuses(look(sandbox, exchanges))).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
      'done',
      'done',
      'locked',
    ]);
  });

  test('rail, wire and holdings are as for the page itself', () => {
    const view = look(sandbox, exchanges);
    expect(track.steps.map(({ id }) => line(view, id))).toEqual([
      '401 with a signpost',
      '2 documents found',
      expect.stringMatching(/^client_id c_/),
      'code, state and iss arrived',
      'access and refresh token, 3600 s',
      '200, whoami answered',
      'renewed, generation 2',
      'what comes next',
    ]);
    expect(view.bag.client_id?.value).toBe(client.clientId);
    expect(view.bag.access_token?.value).toBe(client.accessToken);
    expect(view.bag.refresh_token?.value).toBe(client.refreshToken);
    expect(view.holdings.find((row) => row.id === 'refresh_token')).toMatchObject({
      client: { value: client.refreshToken, ended: false },
      relation: 'hash',
    });
    expect(view.holdings.find((row) => row.id === 'code')!.client.ended).toBe(true);
    expect(view.wire.messages.filter((message) => message.state === 'done').map((message) => message.label)).toEqual(
      expect.arrayContaining([
        'POST /mcp',
        '401',
        'POST /register',
        '302 with code',
        'callback',
        'POST /token',
        'POST /mcp with token',
      ]),
    );
    expect(view.wire.alt.join(' ')).not.toContain('undefined');
  });

  test('each step shows the exchange of the client, with what the server did between', () => {
    for (const id of ['challenge', 'discovery', 'registration', 'token', 'call', 'refresh']) {
      const view = look(sandbox, exchanges, id);
      expect.soft(view.exchanges.length, id).toBeGreaterThan(0);
      expect
        .soft(
          view.exchanges.every(({ entry }) => entry.source === 'recorder' && entry.step === id),
          id,
        )
        .toBe(true);
      expect.soft(view.exchanges.at(-1)!.entry.exchange.between.length, id).toBeGreaterThan(0);
      expect.soft(view.failure, id).toBeNull();
    }
    expect(look(sandbox, exchanges, 'challenge').exchanges[0]!.notes.map((note) => note.lemma)).toEqual([
      'Authorization',
      '401',
      'Bearer',
      'resource_metadata',
      'scope',
    ]);
    expect(look(sandbox, exchanges, 'authorization').exchanges.map(({ entry }) => entry.request)).toEqual([
      'authorize',
      'callback',
    ]);
    expect(look(sandbox, exchanges, 'challenge').action).toMatchObject({ kind: 'open', step: 'call', enabled: true });
  });

  test('also where secrets are masked: equal values have equal masks', async () => {
    const view = look(sandbox, await recorded(sandbox, false));
    expect(view.bag.access_token?.value).toMatch(/^masked-/);
    expect(view.bag.access_token?.value).not.toContain(client.accessToken);
    expect(line(view, 'authorization')).toBe('code, state and iss arrived');
    expect(view.holdings.find((row) => row.id === 'code')!.client.ended).toBe(true);
  });

  test('the sandbox’s clock ends what it holds, and the followed walk says so', async () => {
    await control(sandbox, '/clock', { advance: 4000 });
    await fetch(sandbox.mcp.oauth, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${client.accessToken}`,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/list' }),
    });
    const view = look(sandbox, await recorded(sandbox), 'call');
    expect(view.steps.find((step) => step.id === 'call')!.status).toBe('failed');
    expect(view.failure).toMatchObject({ reason: 'token-expired' });
    expect(view.holdings.find((row) => row.id === 'access_token')!.as.absent).toMatch(/expired/);
  });
});

test('a client that asks nobody for its name, and uses no state', async () => {
  const sandbox = await makeSandbox({
    clients: [{ client_id: 'known', auth_method: 'none', redirect_uris: ['http://localhost:1/cb'] }],
  });
  const asked = await authorizeHeadless(
    new URL(
      `${sandbox.base}/oauth/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: 'known',
        redirect_uri: 'http://localhost:1/cb',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      })}`,
    ),
  );
  const waiting = look(sandbox, await recorded(sandbox));
  expect(waiting).toMatchObject({ current: 'authorization', failure: null });
  expect(waiting.steps[3]!.status).toBe('running');
  await fetch(`${sandbox.base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'known',
      code: asked.searchParams.get('code')!,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      redirect_uri: 'http://localhost:1/cb',
    }),
  });
  const view = look(sandbox, await recorded(sandbox));
  expect([line(view, 'registration'), line(view, 'authorization'), view.current]).toEqual([
    'not seen: it came with a client_id',
    'code and iss arrived, without state',
    'call',
  ]);
  expect(view.bag.client_id?.value).toBe('known');
});

test('at the consent page, a refusal, and another attempt', async () => {
  const sandbox = await makeSandbox({
    clients: [{ client_id: 'known', auth_method: 'none', redirect_uris: ['http://localhost:1/cb'] }],
  });
  const ask = (state: string) =>
    fetch(
      `${sandbox.base}/oauth/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: 'known',
        state,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      })}`,
      { redirect: 'manual' },
    );
  const interaction = (await ask('one')).headers.get('location')!.split('/').at(-1)!;
  expect(line(look(sandbox, await recorded(sandbox)), 'authorization')).toBe('asks you, at the consent page');
  await fetch(`${sandbox.base}/oauth/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ interaction, action: 'deny' }),
  });
  const denied = look(sandbox, await recorded(sandbox));
  expect(denied.steps[3]!.status).toBe('failed');
  await ask('two');
  const again = look(sandbox, await recorded(sandbox));
  expect([again.steps[3]!.status, again.exchanges.length]).toEqual(['running', 1]);
});

test('what the page sends itself, and its visitor for it, is no client’s', async () => {
  const sandbox = await makeSandbox();
  const own = {
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  await fetch(sandbox.mcp.oauth, {
    method: 'POST',
    headers: own,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  const client = (await (
    await fetch(`${sandbox.base}/oauth/register`, {
      method: 'POST',
      headers: own,
      body: JSON.stringify({ redirect_uris: [`${server.origin}/guide/callback`], token_endpoint_auth_method: 'none' }),
    })
  ).json()) as { client_id: string };
  const asked = await fetch(
    `${sandbox.base}/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: `${server.origin}/guide/callback`,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })}`,
    { redirect: 'manual' },
  );
  await fetch(`${sandbox.base}/oauth/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ interaction: asked.headers.get('location')!.split('/').at(-1)!, action: 'auto' }),
  });
  const exchanges = await recorded(sandbox);
  expect(exchanges).toHaveLength(4);
  expect(follow(track, { ...emptyState(track.id), sandbox }, exchanges, server.origin)).toMatchObject({
    at: null,
    seen: 0,
  });
});

test('with two clients, the one that named itself last is followed', async () => {
  const sandbox = await makeSandbox();
  const [first, second] = [
    new McpClient(sandbox.mcp.oauth, { name: 'one' }),
    new McpClient(sandbox.mcp.oauth, { name: 'two' }),
  ];
  await first.redeem(await first.begin());
  await first.call('whoami');
  const transport = await second.begin();
  const view = look(sandbox, await recorded(sandbox));
  expect(view.bag.client_id?.value).toBe(second.clientId);
  expect([view.current, view.bag.access_token]).toEqual(['authorization', undefined]);
  await second.redeem(transport);
  expect(look(sandbox, await recorded(sandbox)).bag.access_token?.value).toBe(second.accessToken);
  await first.close();
});

test('no answer on its way, and a repeated redemption', async () => {
  const sandbox = await makeSandbox();
  await control(sandbox, '/faults', { endpoint: 'token', effect: { status: 503, error: 'temporarily_unavailable' } });
  const client = new McpClient(sandbox.mcp.oauth);
  const transport = await client.begin();
  await expect(client.redeem(transport)).rejects.toThrow();
  const refused = look(sandbox, await recorded(sandbox), 'token');
  expect(refused.steps[4]!.status).toBe('failed');
  expect(refused.failure).toMatchObject({ status: 503, wayBack: { label: '' } });
  await client.redeem(transport);
  const view = look(sandbox, await recorded(sandbox), 'token');
  expect([view.steps[4]!.status, view.failure, view.exchanges.length]).toEqual(['done', null, 2]);
});
