/** More of what conforming clients do: proxies, tabs, processes, caches, retries, grants without MCP. */
import { describe, expect, test, vi } from 'vitest';
import { basic, encodeForm, type Json, json } from '../lib/sandbox.ts';
import { anotherUser, codeFor, keepsEvery, ready, redemption, send, steer } from './behaviours.ts';
import { documentAt } from './documents.ts';
import type { Situation } from './grading.ts';
import { Scripted } from './scripted.ts';
import { instance, openForTests, time } from './opened.ts';

vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

openForTests();

const good = (situation: Situation, ...passing: string[]) => keepsEvery(instance, time, situation, ...passing);
const short = { 'tokens.accessLifetime': 10 };
/** Another process of the same program, with what the first one kept. */
function process(client: Scripted, kept: 'everything' | 'registration'): Scripted {
  const again = new Scripted(client.instance, client.made, client.time, client.options);
  again.clients = client.clients;
  if (kept === 'everything') {
    const { prm, metadata, issuer, client: identity, tokens, asked } = client;
    Object.assign(again, { prm, metadata, issuer, client: identity, tokens, asked });
  }
  return again;
}
/** Has a request answered otherwise, once. */
async function fault(client: Scripted, endpoint: string, effect: Json): Promise<void> {
  const added = await steer(client, '/faults', { endpoint, effect, times: 1 });
  expect(added.status, added.text).toBe(201);
}
/** Up to an identifier. */
async function known(client: Scripted): Promise<void> {
  await client.discover(await client.rpc('tools/list'));
  await client.identify();
}

describe('on the way', () => {
  test('a proxy adds parameters and headers', async () => {
    await good({
      drive: async (client) => {
        await known(client);
        const flow = client.begin(['notes:read']);
        const answer = await client.visit({ ...flow, url: `${flow.url}&utm_source=proxy&login_hint=a%40b.example` });
        await client.finish(flow, answer);
        await client.ask(`${client.mcp}?trace=1`, {
          ...json('POST', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
          headers: {
            'content-type': 'application/json; charset=UTF-8',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': '2026-07-28',
            authorization: `bearer ${client.tokens!.access_token}`,
            'x-forwarded-for': '203.0.113.9',
            via: '1.1 proxy',
          },
        });
      },
    });
  });

  test('a form says its charset, and the scheme of its credentials is in capitals', async () => {
    await good({
      options: { method: 'client_secret_basic' },
      drive: async (client) => {
        await ready(client);
        const got = await codeFor(client);
        const { client_id, client_secret } = client.client;
        const answer = await send(client, client.metadata.token_endpoint, redemption(got), {
          'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
          authorization: basic(client_id, client_secret).replace('Basic', 'BASIC'),
        });
        expect(answer.status, answer.text).toBe(200);
        await client.ask(client.metadata.userinfo_endpoint, {
          headers: { authorization: `BEARER ${answer.body.access_token}` },
        });
      },
    });
  });

  test('registration finds the server down, and is tried again', async () => {
    await good({
      drive: async (client) => {
        await client.discover(await client.rpc('tools/list'));
        await fault(client, 'register', { status: 500 });
        await client.identify().catch(() => undefined);
        time.sleep(1000);
        await client.identify();
        await client.authorize(['notes:read']);
        await client.rpc('tools/list');
      },
    });
  });

  test.each([{ drop: true }, { status: 502 }])('a call is lost by %o, and repeated at once', async (effect) => {
    await good({
      drive: async (client) => {
        await client.connect();
        await fault(client, 'mcp', effect);
        await client.rpc('tools/call', 'whoami').catch(() => undefined);
        await client.rpc('tools/call', 'whoami');
      },
    });
  });

  test('metadata cannot be reached at first', async () => {
    await good({
      drive: async (client) => {
        const refused = await client.rpc('tools/list');
        await fault(client, 'as-metadata', { drop: true });
        await client.discover(refused).catch(() => undefined);
        time.sleep(2000);
        await client.connect();
      },
    });
  });
});

describe('side by side', () => {
  test('documents are asked for at once, and the first that answers is taken', async () => {
    await good({
      drive: async (client) => {
        const refused = await client.rpc('tools/list');
        const base = new URL(client.base);
        const path = base.pathname.replace(/\/$/, '');
        await Promise.all([
          client.ask(client.challengeOf(refused).resource_metadata!),
          client.ask(`${base.origin}/.well-known/oauth-authorization-server${path}`),
          client.ask(`${base.origin}/.well-known/openid-configuration${path}`),
          client.ask(`${base.origin}${path}/.well-known/openid-configuration`),
        ]);
        await client.discover(refused);
        await client.authorized(refused);
      },
    });
  });

  test('two tabs sign in, and the second is answered first', async () => {
    await good(
      {
        drive: async (client) => {
          await known(client);
          const [one, two] = [client.begin(['notes:read']), client.begin(['notes:read'])];
          const first = await client.visit(one);
          const second = await client.visit(two);
          await client.finish(two, second);
          await client.finish(one, first);
          await client.rpc('tools/list');
        },
      },
      'token.pkce-verifier-matches',
    );
  });

  test('a tab is closed, and a new one signs in', async () => {
    await good({
      drive: async (client) => {
        await known(client);
        await client.visit(client.begin(['notes:read']));
        time.sleep(5000);
        await client.authorize(['notes:read']);
        await client.rpc('tools/list');
      },
    });
  });

  test('a process uses what another one kept', async () => {
    await good({
      config: short,
      drive: async (client) => {
        await client.connect();
        const again = process(client, 'everything');
        await again.rpc('tools/list');
        time.sleep(30_000);
        await again.call();
        const third = process(again, 'everything');
        await third.call();
      },
    });
  });

  test('two processes register once each', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        const other = new Scripted(instance, client.made, time, client.options);
        await other.connect();
        await client.rpc('tools/list');
        await other.rpc('tools/list');
      },
    });
  });

  test('calls without a nonce are refused at once, and each is repeated', async () => {
    await good({
      scenario: 'dpop-nonce',
      options: { dpop: true },
      drive: async (client) => {
        await client.connect();
        await Promise.all([client.call('tools/list', undefined), client.call('tools/list', undefined)]);
      },
    });
  });
});

describe('later', () => {
  test('its access is revoked, and the user signs in again', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        const { grants } = (
          await instance.ask(`/api/sandboxes/${client.made.id}/grants`, {
            headers: { authorization: `Bearer ${client.made.control_token}` },
          })
        ).body;
        for (const { id } of grants)
          await instance.ask(`/api/sandboxes/${client.made.id}/grants/${id}`, {
            method: 'DELETE',
            headers: { authorization: `Bearer ${client.made.control_token}` },
          });
        await client.call();
        await client.call();
      },
    });
  });

  test('it gives its token back, and connects again', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        await send(client, client.metadata.revocation_endpoint, {
          token: client.tokens!.access_token,
          client_id: client.client.client_id,
        });
        client.tokens = null;
        await client.connect();
      },
    });
  });

  test('the clock of the sandbox runs ahead, and the token is renewed early by that of the client', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        await steer(client, '/clock', { advance: 4000 });
        await client.call();
        await client.refresh();
        await client.call();
      },
    });
  });

  test('it renews early, again and again', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        for (let i = 0; i < 5; i += 1) {
          await client.refresh();
          time.sleep(500);
          await client.rpc('tools/list');
        }
      },
    });
  });

  test('it asks for less scope when it renews', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        await client.tokenRequest([
          ['grant_type', 'refresh_token'],
          ['refresh_token', client.tokens!.refresh_token!],
          ['scope', 'notes:read'],
          ['resource', client.tokens!.resource],
        ]);
      },
    });
  });

  test('its user says no, and presses the button again an hour later', async () => {
    await good({
      scenario: 'consent-denied',
      drive: async (client) => {
        await client.connect().catch(() => undefined);
        time.sleep(3_600_000);
        await client.authorize(['notes:read']).catch(() => undefined);
      },
    });
  });

  test('it deletes its registration, and begins anew', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        const { registration_client_uri, registration_access_token } = client.client;
        await client.ask(registration_client_uri, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${registration_access_token}` },
        });
        client.clients.clear();
        client.tokens = null;
        await client.connect();
      },
    });
  });
});

describe('servers of other shapes', () => {
  test.each([{ 'issuer.trailingSlash': true }, { 'tokens.format': 'opaque' }, { 'refresh.issue': 'never' }])(
    '%o',
    async (config) => {
      await good({ config });
      await good({ config: { ...config, ...short }, drive: (client) => client.connect() });
    },
  );

  test('two resources, a token for each', async () => {
    await good({
      drive: async (client) => {
        await client.connect();
        const { access_token: first } = client.tokens!;
        const got = await codeFor(client, { resource: `${client.base}/oauth` });
        const answer = await send(client, client.metadata.token_endpoint, {
          ...redemption(got),
          client_id: client.client.client_id,
          resource: `${client.base}/oauth`,
        });
        expect(answer.status, answer.text).toBe(200);
        await client.ask(`${client.base}/oauth`, {
          ...json('POST', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': '2025-11-25',
            authorization: `Bearer ${answer.body.access_token}`,
          },
        });
        expect(client.tokens!.access_token).toBe(first);
        await client.rpc('tools/list');
      },
    });
  });
});

describe('without MCP', () => {
  const oauth = (drive: (client: Scripted) => Promise<void>, more: Partial<Situation> = {}): Situation => ({
    ...more,
    drive: async (client) => {
      await ready(client);
      await drive(client);
    },
  });

  test('a sign-in with all that OpenID Connect adds', async () => {
    await good(
      oauth(async (client) => {
        const got = await codeFor(client, {
          scope: 'openid profile email',
          nonce: crypto.randomUUID(),
          prompt: 'login consent',
          max_age: '0',
          ui_locales: 'de en',
          acr_values: 'urn:x',
          display: 'page',
          claims: '{"userinfo":{"email":null}}',
        });
        const answer = await send(client, client.metadata.token_endpoint, {
          ...redemption(got),
          client_id: client.client.client_id,
        });
        expect(answer.status, answer.text).toBe(200);
        for (const method of ['GET', 'POST'])
          await client.ask(client.metadata.userinfo_endpoint, {
            method,
            headers: { authorization: `Bearer ${answer.body.access_token}` },
          });
        await client.ask(
          `${client.metadata.end_session_endpoint}?${encodeForm({ id_token_hint: answer.body.id_token })}`,
        );
      }),
    );
  });

  test('the redirect goes to another port of this machine', async () => {
    await good(
      oauth(async (client) => {
        const redirect_uri = 'http://127.0.0.1:49152/callback';
        const got = await codeFor(client, { redirect_uri });
        const answer = await send(client, client.metadata.token_endpoint, {
          ...redemption(got),
          redirect_uri,
          client_id: client.client.client_id,
        });
        expect(answer.status, answer.text).toBe(200);
      }),
    );
  });

  test('the token endpoint is asked again after 500, with the same code', async () => {
    await good(
      oauth(async (client) => {
        const got = await codeFor(client);
        await fault(client, 'token', { status: 500 });
        for (let i = 0; i < 2; i += 1) {
          await send(client, client.metadata.token_endpoint, {
            ...redemption(got),
            client_id: client.client.client_id,
          });
          time.sleep(1000);
        }
      }),
    );
  });

  test('a machine asks for a new token when the old one is over', async () => {
    await good({
      scenario: 'client-credentials-basic',
      config: short,
      given: true,
      drive: async (client) => {
        for (let i = 0; i < 3; i += 1) {
          client.tokens = null;
          await client.machine();
          time.sleep(20_000);
        }
      },
    });
  });

  test('a device is approved, and its token is renewed', async () => {
    await good({
      config: { ...short, 'device.outcome': 'approve', 'device.pendingPolls': 2 },
      drive: async (client) => void (await client.device()),
    });
  });

  test('another user of the program signs in on the same machine', async () => {
    await good(
      oauth(async (client) => {
        for (const one of [client, anotherUser(client)]) {
          const got = await codeFor(one);
          await send(one, one.metadata.token_endpoint, { ...redemption(got), client_id: one.client.client_id });
        }
      }),
    );
  });
});
