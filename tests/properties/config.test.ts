/** Every configuration that is taken can be lived in: whatever knobs are combined, a whole flow meets no 5xx. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '#lib/config/config.ts';
import { builtKnobs } from '#lib/config/describe.ts';
import { basic, CALLBACK, type Instance, json, openInstance, s256, TestSandbox } from '../lib/sandbox.ts';

/** `PROPERTY_FACTOR=20 npx vitest run tests/properties` looks twenty times as long. */
const runs = (count: number) => count * Number(process.env.PROPERTY_FACTOR ?? 1);

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
});
afterAll(() => instance.close());

/** Values of all shapes; which knob takes which is found by asking. */
const POOL: unknown[] = [
  true,
  false,
  null,
  0,
  0.01,
  1,
  2,
  5,
  30,
  60,
  300,
  400,
  403,
  3600,
  '',
  'all',
  [],
  {},
  [1],
  [1, 3],
  'none',
  'default',
  'node-oauth2-server',
  'auth0-device',
  ['as2'],
  ['idp', 'as2'],
  'path',
  'custom',
  'root',
  ['own'],
  ['as2'],
  ['own', 'as2'],
  'v=1',
  'bearer',
  'dpop',
  'several-schemes',
  ['notes:read'],
  ['notes:write', 'admin'],
  ['tools/list'],
  ['tools/*'],
  { '*': ['admin'] },
  { 'tools/call': ['read'] },
  'until-granted',
  'always',
  'operation',
  'accumulated',
  'strict',
  'lax',
  ['a-token'],
  ['oauth-inserted'],
  ['oidc-appended', 'oauth-appended'],
  'safe',
  'any',
  'oidc',
  'no-loopback',
  'no-private-scheme',
  'closed',
  'requested',
  'client_secret_basic',
  'client_secret_post',
  'url-safe',
  'special',
  'real',
  'assume',
  'unreachable',
  'not-found',
  'invalid-json',
  'wrong-client-id',
  'none-simulated',
  's256',
  's256-or-plain',
  'optional',
  'loopback-ip',
  'loopback-any',
  'exact',
  'prefix',
  'correct',
  'omit',
  'other-issuer',
  'equivalent',
  'echo',
  'wrong',
  'valid',
  'shown',
  'hidden',
  'deny',
  'allow',
  'ask',
  'approve',
  'silent',
  'temporarily_unavailable',
  'honour',
  'require',
  'ignore',
  'reject',
  'needed-for-jwt',
  { drop: ['notes:write'] },
  { only: ['openid'] },
  ['authorization_code'],
  ['client_credentials', 'device_code'],
  ['refresh_token'],
  ['none'],
  ['private_key_jwt'],
  ['client_secret_post'],
  'jwt',
  'opaque',
  'ES384',
  'RS256',
  'EdDSA',
  'expired',
  'not-yet-valid',
  'tampered-signature',
  'unknown-kid',
  'wrong-audience',
  'wrong-issuer',
  ['access', 'id'],
  ['id'],
  'offline-access',
  'never',
  'revoke-family',
  'accept',
  'immediate',
  'at-expiry',
  'off',
  'required',
  ['as'],
  ['rs'],
  ['as', 'rs'],
  'user',
  'expire',
  [{ client_id: 'seeded', auth_method: 'none', redirect_uris: [CALLBACK] }],
  [{ client_id: 'machine', auth_method: 'private_key_jwt' }],
  {
    token: { extra: 1, token_type: null },
    prm: { resource: '{base}/other' },
    'as-metadata': { issuer: 'https://other.example' },
    register: { client_id: 'changed' },
  },
  'ceiling',
  'replace',
  'refuse',
  'ignore-with-openid',
  'minimal',
  'own',
  ['groups'],
  'at+jwt',
  'JWT',
  ['https://api.example/'],
  'assured',
  'assumed',
  'open',
  'full',
  'no-expose',
  ['2025-11-25', '2026-07-28'],
  { token: { requests: 1000, seconds: 60, per: 'address' } },
  { jwks: { keys: [] }, introspect: { active: 'yes' }, device: { interval: null } },
];
/** What makes a test wait, or fail on purpose in a way of its own. */
const LEFT_OUT = new Set(['faults', 'stages', 'consent.delay']);
const HERE = { isPublic: false, isDefault: false, ownOrigin: false };
const choices = builtKnobs()
  .filter((knob) => !LEFT_OUT.has(knob))
  .map((knob) => ({ knob, values: POOL.filter((value) => parseConfig({ [knob]: value }, HERE).ok) }));

test('every knob has values here that it takes', () => {
  expect(choices.filter(({ values }) => values.length === 0).map(({ knob }) => knob)).toEqual([]);
});

const configs = fc
  .subarray(choices, { minLength: 1, maxLength: 12 })
  .chain((some) =>
    fc.tuple(...some.map(({ knob, values }) => fc.constantFrom(...values).map((value) => [knob, value] as const))),
  )
  .map((pairs) => Object.fromEntries(pairs));

async function live(config: Record<string, unknown>): Promise<[string, number][]> {
  const seen: [string, number][] = [];
  const note = async <T extends { status: number }>(what: string, asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    seen.push([what, answer.status]);
    return answer;
  };
  const made = await note('make', instance.ask('/api/sandboxes', json('POST', { config })));
  if (made.status !== 201) return seen;
  const place = new TestSandbox(instance, made.body);
  const base = `http://localhost:3000/s/${place.id}`;
  const at = (path: string, init?: RequestInit) => instance.ask(base + path, init);
  const form = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
    at(path, {
      method: 'POST',
      body: new URLSearchParams(body).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  await note('metadata', at('/.well-known/oauth-authorization-server'));
  await note('jwks', at('/.well-known/jwks.json'));
  await note('prm', instance.ask(`http://localhost:3000/.well-known/oauth-protected-resource/s/${place.id}/mcp`));
  const registered = await note(
    'register',
    at(
      '/oauth/register',
      json('POST', {
        redirect_uris: [CALLBACK],
        grant_types: [
          'authorization_code',
          'refresh_token',
          'client_credentials',
          'urn:ietf:params:oauth:grant-type:device_code',
        ],
      }),
    ),
  );
  const client_id = registered.body?.client_id ?? 'seeded';
  const proof: Record<string, string> = registered.body?.client_secret
    ? { authorization: basic(client_id, registered.body.client_secret) }
    : {};
  const own: Record<string, string> = proof.authorization ? {} : { client_id };
  const asked = await note(
    'authorize',
    at(
      `/oauth/authorize?${new URLSearchParams({
        client_id,
        response_type: 'code',
        scope: 'openid notes:read offline_access',
        auto_approve: 'true',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
      })}`,
    ),
  );
  await note(
    'authorize page',
    at(
      `/oauth/authorize?${new URLSearchParams({
        client_id,
        response_type: 'code',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
      })}`,
      { headers: { accept: 'text/html' } },
    ),
  );
  const location = asked.headers.get('location');
  const code = location?.startsWith(CALLBACK) ? new URL(location).searchParams.get('code') : null;
  const tokens = await note(
    'token',
    form(
      '/oauth/token',
      { grant_type: 'authorization_code', code: code ?? 'x', code_verifier: 'v'.repeat(43), ...own },
      proof,
    ),
  );
  const access = tokens.body?.access_token ?? 'x';
  const refreshed = await note(
    'refresh',
    form(
      '/oauth/token',
      { grant_type: 'refresh_token', refresh_token: tokens.body?.refresh_token ?? 'x', ...own },
      proof,
    ),
  );
  await note(
    'refresh again',
    form(
      '/oauth/token',
      { grant_type: 'refresh_token', refresh_token: tokens.body?.refresh_token ?? 'x', ...own },
      proof,
    ),
  );
  await note('client credentials', form('/oauth/token', { grant_type: 'client_credentials', ...own }, proof));
  const device = await note('device', form('/oauth/device_authorization', { ...own }, proof));
  await note('activate', form('/activate', { user_code: device.body?.user_code ?? 'x', action: 'auto' }));
  await note(
    'poll',
    form(
      '/oauth/token',
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: device.body?.device_code ?? 'x',
        ...own,
      },
      proof,
    ),
  );
  for (const path of ['/mcp', '/oauth', '/bearer', '/no-auth']) {
    for (const tool of ['notes_list', 'notes_add', 'whoami'])
      await note(
        `${path} ${tool}`,
        place.instance.ask(
          `${base}${path}`,
          json(
            'POST',
            {
              jsonrpc: '2.0',
              id: 1,
              method: 'tools/call',
              params: {
                name: tool,
                arguments: { text: 'x' },
                _meta: {
                  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
                  'io.modelcontextprotocol/clientCapabilities': {},
                },
              },
            },
            {
              accept: 'application/json, text/event-stream',
              'mcp-protocol-version': '2026-07-28',
              'mcp-method': 'tools/call',
              'mcp-name': tool,
              authorization: `Bearer ${access}`,
            },
          ),
        ),
      );
  }
  await note('userinfo', at('/oauth/userinfo', { headers: { authorization: `Bearer ${access}` } }));
  await note('rest', at('/api/resource', { headers: { authorization: `Bearer ${access}` } }));
  await note('introspect', form('/oauth/introspect', { token: access, ...own }, proof));
  await note('logout', at(`/oauth/logout?${new URLSearchParams({ id_token_hint: tokens.body?.id_token ?? 'x' })}`));
  await note('revoke', form('/oauth/revoke', { token: refreshed.body?.refresh_token ?? 'x', ...own }, proof));
  await note(
    'exchanges',
    instance.ask(`/api/sandboxes/${place.id}/exchanges`, {
      headers: { authorization: `Bearer ${made.body.control_token}` },
    }),
  );
  await note(
    'delete',
    instance.ask(`/api/sandboxes/${place.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${made.body.control_token}` },
    }),
  );
  return seen;
}

test(
  'any knobs together: made, walked through and deleted without a 5xx',
  async () => {
    await fc.assert(
      fc.asyncProperty(configs, async (config) => {
        const seen = await live(config);
        expect(seen[0]).toEqual(['make', 201]);
        // A sandbox that is set to fail fails as it is set to, by a redirect.
        expect(seen.filter(([, status]) => status >= 500)).toEqual([]);
      }),
      { numRuns: runs(12), endOnFailure: true },
    );
    expect(instance.server.logged).toEqual([]);
  },
  60_000 * Number(process.env.PROPERTY_FACTOR ?? 1),
);
