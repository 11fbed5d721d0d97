/**
 * Clients that keep every rule while several things are under way: calls at once, several users, several workers, and
 * an owner who changes the sandbox in between. What one of them does is not held against another.
 */
import { describe, expect, test, vi } from 'vitest';
import { followAuthorization } from '../../kit/testing/visit.ts';
import { type Json, json } from '../lib/sandbox.ts';
import { against, anotherUser, codeFor, keepsEvery, ready, redemption, REDIRECT, send, steer } from './behaviours.ts';
import { documentAt } from './documents.ts';
import { grade, type Situation } from './grading.ts';
import { instance, openForTests, time } from './opened.ts';
import type { Scripted } from './scripted.ts';

vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

openForTests();

/** Grades a client that keeps every rule. @param passing rules that it shows */
const good = (situation: Situation, ...passing: string[]) => keepsEvery(instance, time, situation, ...passing);

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

async function found(client: Scripted): Promise<void> {
  await client.discover(await client.rpc('tools/list'));
  await client.identify();
}

async function signedIn(client: Scripted, scope: readonly string[]): Promise<Scripted> {
  const user = anotherUser(client);
  await user.authorize(scope);
  await user.rpc('tools/list');
  return user;
}

describe('requests that are on their way', () => {
  test('calls with the old token, when the issuer has changed', async () => {
    await good(
      {
        scenario: 'authorization-server-migration',
        drive: async (client) => {
          await client.connect();
          await Promise.all([1, 2, 3, 4, 5].map(() => client.rpc('tools/list')));
          await client.call();
        },
      },
      'discovery.prm-refreshed-on-challenge',
    );
  });

  test('refresh requests of several users, when the client was forgotten', async () => {
    await good(
      {
        scenario: 'client-forgotten',
        drive: async (client) => {
          await ready(client);
          client.prm = { resource: client.mcp };
          const users = [anotherUser(client), anotherUser(client), anotherUser(client)];
          for (const user of users) await user.authorize(['notes:read']);
          await users[0]!.rpc('tools/list');
          const answers = await Promise.all(users.map((user) => user.refresh()));
          expect(answers.map(({ body }) => body.error)).toEqual(Array(3).fill('invalid_client'));
          client.clients.clear();
          await client.identify();
          await client.authorize(['notes:read']);
          await client.rpc('tools/list');
        },
      },
      'registration.dead-client-dropped',
    );
  });

  test('assertions of two workers, when both are refused', async () => {
    await good(
      {
        scenario: 'wif-jwt-bearer',
        given: true,
        drive: async (client) => {
          await found(client);
          const { assertions } = client.options.client as Json;
          const present = () => client.present(assertions.valid, 'wif.rejected');
          await Promise.allSettled([present(), present()]);
        },
      },
      'token.no-grant-fallback',
    );
  });

  test('calls with a nonce that was the newest, and the answer of the first is noted last', async () => {
    await good(
      {
        scenario: 'dpop-nonce-rotates',
        options: { dpop: true },
        drive: async (client) => {
          await client.connect();
          for (let i = 0; i < 3; i += 1) {
            const [first] = await Promise.all([1, 2, 3, 4, 5].map(() => client.rpc('tools/list')));
            client.noteNonce(client.mcp, first!);
            await client.call();
          }
        },
      },
      'dpop.nonce-followed',
    );
  });

  test('another call of the same tool, when the first is told to wait', async () => {
    await good({
      scenario: 'resource-rate-limited',
      drive: async (client) => {
        await client.connect();
        const add = (text: string) =>
          client.ask(client.mcp, {
            ...json('POST', {
              jsonrpc: '2.0',
              id: text,
              method: 'tools/call',
              params: { name: 'notes_create', arguments: { text } },
            }),
            headers: {
              accept: 'application/json, text/event-stream',
              'content-type': 'application/json',
              authorization: `Bearer ${client.tokens!.access_token}`,
            },
          });
        const { status, headers } = await add('one');
        expect(status).toBe(429);
        await add('two');
        time.sleep(Number(headers.get('retry-after')) * 1000);
        await add('one');
      },
    });
  });
});

describe('several users of one client', () => {
  test('one has less scope than the other, and asks for more', async () => {
    await good(
      {
        scenario: 'scope-step-up',
        drive: async (client) => {
          await client.connect();
          const other = await signedIn(client, ['tools:basic', 'tools:profile', 'tools:write']);
          await client.call('tools/call', 'notes_list');
          time.sleep(4000);
          await other.rpc('tools/list');
        },
      },
      'authorize.step-up-union',
    );
  });

  test('each asks for more scope, one after the other', async () => {
    await good({
      scenario: 'scope-step-up',
      drive: async (client) => {
        await found(client);
        const users: Scripted[] = [];
        for (let i = 0; i < 5; i += 1) users.push(await signedIn(client, ['tools:basic']));
        for (const user of users) await user.call('tools/call', 'notes_create');
      },
    });
  });

  test('one refuses, and others sign in', async () => {
    await good(
      {
        config: { 'consent.outcome': 'ask' },
        drive: async (client) => {
          await found(client);
          await steer(client, '/consent', { decision: 'deny' });
          await client.authorize(['notes:read']).catch(() => undefined);
          for (let i = 0; i < 4; i += 1) {
            await steer(client, '/consent', { decision: 'approve' });
            await signedIn(client, ['notes:read']);
          }
        },
      },
      'authorize.denial-respected',
    );
  });

  test('the user signs in to the application first, and then to the MCP server', async () => {
    await good(
      {
        drive: async (client) => {
          const refused = await client.rpc('tools/list');
          await client.discover(refused);
          await client.identify();
          const flow = await codeFor(client, { scope: 'openid profile', nonce: 'n' });
          const { token_endpoint, userinfo_endpoint } = client.metadata;
          const { body } = await send(client, token_endpoint, {
            ...redemption(flow),
            client_id: client.client.client_id,
          });
          await client.ask(userinfo_endpoint, { headers: { authorization: `Bearer ${body.access_token}` } });
          time.sleep(5000);
          await client.authorize(client.scopeFor(refused));
          await client.rpc('tools/list');
        },
      },
      'authorize.scope-from-challenge',
      'authorize.scope-minimal',
    );
  });
});

describe.each(['another browser', 'another person'])('a user leaves, and %s signs in', (who) => {
  /** A user of the client, whose authorizations are given in a browser of their own, or by a person on the page. */
  function isNamed(user: Scripted, name: string): void {
    if (who === 'another person') {
      const fetch = (input: string | URL | Request, init?: RequestInit) => instance.fetch(new Request(input, init));
      const answer = { action: 'login', email: `${name}@example.com`, password: `password of ${name}` } as const;
      user.visit = async ({ url }) =>
        (await followAuthorization(fetch, new URL(url), user.made.issuer, answer)).searchParams;
      return;
    }
    const ask = user.ask.bind(user);
    user.ask = (url, init) =>
      ask(
        url,
        init?.headers?.['sec-fetch-mode'] === undefined
          ? init
          : { ...init, headers: { ...(init.headers as Record<string, string>), 'user-agent': name } },
      );
  }

  const leaves = (before: (client: Scripted) => Promise<unknown>) => async (client: Scripted) => {
    isNamed(client, 'ada');
    await client.connect();
    time.sleep(30_000);
    await before(client);
    time.sleep(5000);
    const other = anotherUser(client);
    isNamed(other, 'bob');
    await other.authorize(other.scopeFor(await other.rpc('tools/list')));
    expect((await other.rpc('tools/list')).status).toBe(200);
  };
  const asks = { 'consent.outcome': 'ask' };
  const short = { ...asks, 'tokens.accessLifetime': 10 };

  test('short of scope', async () => {
    const drive = leaves((client) => client.rpc('tools/call', 'notes_create'));
    await good({ scenario: 'scope-step-up', config: who === 'another person' ? asks : {}, drive });
  });

  test('with a token that has expired', async () => {
    const drive = leaves((client) => client.rpc('tools/list'));
    await good({ config: who === 'another person' ? short : { 'tokens.accessLifetime': 10 }, drive });
  });

  test('after a refresh that failed', async () => {
    const drive = leaves(async (client) => {
      const effect = { status: 500 };
      await steer(client, '/faults', { endpoint: 'token', match: { grant_type: 'refresh_token' }, effect, times: 1 });
      expect((await client.refresh()).status).toBe(500);
    });
    await good({ config: who === 'another person' ? short : { 'tokens.accessLifetime': 10 }, drive });
  });
});

describe('a device', () => {
  test('waits longer after slow_down, and the run is closed meanwhile', async () => {
    await good(
      {
        scenario: 'device-slow-down',
        drive: async (client) => {
          await client.device(3);
          time.sleep(12_000);
        },
      },
      'device.goes-on',
    );
  });

  test('repeats a poll at once that only lacked the nonce', async () => {
    await good(
      {
        scenario: 'device-pending',
        config: { 'dpop.mode': 'required', 'dpop.nonce': ['as'], 'dpop.nonceUses': 1 },
        options: { dpop: true },
        drive: async (client) => expect(await client.device()).toBe('approved'),
      },
      'device.interval',
      'dpop.as-nonce',
    );
  });

  test('polls for long, after two tokens were refused', async () => {
    await good({
      scenario: 'unauthorized-forever',
      config: { 'device.outcome': 'approve', 'device.pendingPolls': 13 },
      drive: async (client) => {
        client.grants = ['authorization_code', DEVICE, 'refresh_token'];
        await found(client);
        await client.authorize(['notes:read']);
        await client.rpc('tools/list');
        await client.refresh();
        await client.rpc('tools/list');
        expect(await client.device(14)).toBe('approved');
      },
    });
  });

  test('that never keeps to the interval has not slowed down either', async () => {
    const drive = async (client: Scripted): Promise<void> => {
      client.grants = ['authorization_code', DEVICE];
      await ready(client);
      const { body } = await send(client, client.metadata.device_authorization_endpoint, {
        client_id: client.client.client_id,
        scope: 'notes:read',
      });
      for (let i = 0; i < 8; i += 1) {
        time.sleep(1000);
        await client.tokenRequest([
          ['grant_type', DEVICE],
          ['device_code', body.device_code],
        ]);
      }
    };
    const graded = await grade(instance, time, { scenario: 'device-slow-down', drive }, []);
    expect(against(graded)).toMatch(/^fail device\.interval: .*$/);
    expect(graded.verdict('device.slow-down').verdict).toBe('not_observed');
  });
});

describe('an owner changes what the server knows of a client', () => {
  test('by the control API', async () => {
    await good({
      drive: async (client) => {
        const ways = [
          ['client_secret_basic', 'http://127.0.0.1:8765/first'],
          ['client_secret_post', REDIRECT],
        ] as const;
        for (const [token_endpoint_auth_method, redirect] of ways) {
          const { body } = await steer(client, '/clients', {
            client_id: 'mine',
            token_endpoint_auth_method,
            redirect_uris: [redirect],
          });
          client.redirect = redirect;
          client.tokens = null;
          await client.discover(await client.rpc('tools/list'));
          client.client = body;
          await client.authorize(['notes:read']);
          expect((await client.rpc('tools/list')).status).toBe(200);
        }
      },
    });
  });

  test('by another scenario that names the same client', async () => {
    const graded = await good({
      scenario: 'client-credentials-jwt',
      given: true,
      drive: async (client) => {
        await client.machine();
        const { body } = await client.instance.ask(`/api/sandboxes/${client.made.id}`, {
          ...json('PATCH', { scenario: 'client-credentials-basic' }),
          headers: { authorization: `Bearer ${client.made.control_token}`, 'content-type': 'application/json' },
        });
        client.tokens = null;
        Object.assign(client.options, { client: body.clients[0] });
        await client.machine();
      },
    });
    expect(graded.report.scenarios).toEqual(['client-credentials-jwt', 'client-credentials-basic']);
    expect(graded.verdict('token.auth-method').verdict).toBe('pass');
  });
});
