/**
 * A client that does more than MCP, or stops at an odd moment: it signs its user in, calls an API, sends credentials of
 * somebody else. None of that is a fault. And faults that look like one another: each is noticed by one rule.
 */
import { describe, expect, test, vi } from 'vitest';
import { basic } from '../lib/sandbox.ts';
import { codeFor, keepsEvery, ready, redemption, send, steer } from './behaviours.ts';
import { documentAt } from './documents.ts';
import { type Graded, grade, type Situation, usual } from './grading.ts';
import { instance, openForTests, time } from './opened.ts';
import type { Scripted } from './scripted.ts';

vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

openForTests();

const good = (situation: Situation, ...passing: string[]) => keepsEvery(instance, time, situation, ...passing);

/** Signs the user in with OpenID Connect, and asks who it is. */
async function signIn(client: Scripted): Promise<string> {
  const flow = await codeFor(client, { scope: 'openid profile', nonce: crypto.randomUUID() });
  const { body } = await client.tokenRequest(Object.entries(redemption(flow)));
  await client.ask(client.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${body.access_token}` } });
  return body.id_token;
}

/** A call of the MCP server with headers and an address of one's own. */
const call = (client: Scripted, headers: Record<string, string>, query = '') =>
  client.ask(client.mcp + query, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list', params: {} }),
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  });

/** Redeems a code for the MCP server, and calls it. */
async function redeemFor(client: Scripted, flow: Awaited<ReturnType<typeof codeFor>>): Promise<void> {
  const { resource } = client.prm;
  const { body } = await client.tokenRequest([...Object.entries(redemption(flow)), ['resource', resource]]);
  client.tokens = { ...body, scope: ['notes:read'], resource };
  await client.rpc('tools/list');
}

describe('a client that does more than MCP', () => {
  test('signs its user in, before and after it speaks to the MCP server', async () => {
    await good(
      {
        drive: async (client) => {
          await ready(client);
          await signIn(client);
          await usual(client);
          await signIn(client);
          // A silent look whether the user is still there.
          await client.ask(
            `${client.metadata.authorization_endpoint}?${new URLSearchParams({
              response_type: 'code',
              client_id: client.client.client_id,
              redirect_uri: client.redirect,
              scope: 'openid',
              state: 'silent',
              prompt: 'none',
              code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
              code_challenge_method: 'S256',
            })}`,
            { headers: { 'sec-fetch-mode': 'navigate', 'user-agent': 'browser/1' } },
          );
        },
      },
      'authorize.resource',
      'token.resource',
    );
  });

  test('calls another API with a token of its own', async () => {
    await good(
      {
        options: { method: 'client_secret_basic' },
        drive: async (client) => {
          client.grants = ['authorization_code', 'refresh_token', 'client_credentials'];
          await usual(client);
          const { body } = await client.tokenRequest([
            ['grant_type', 'client_credentials'],
            ['scope', 'notes:read'],
          ]);
          await client.ask(`${client.base}/api/resource`, {
            headers: { authorization: `Bearer ${body.access_token}` },
          });
        },
      },
      'token.resource',
    );
  });

  test('a token without a resource that does go to the MCP server is noticed', async () => {
    const graded = await grade(
      instance,
      time,
      {
        drive: async (client) => {
          await usual(client);
          await redeemFor(client, await codeFor(client, { scope: 'openid notes:read' }));
        },
      },
      [],
    );
    expect(graded.of('fail')).toEqual(['authorize.resource']);
  });

  test('credentials for a gateway in front of the MCP server name no client', async () => {
    const graded = await good({
      drive: async (client) => {
        await call(client, { authorization: basic('gateway', 'secret') });
        await call(client, {}, '?client_id=tenant-7');
        await usual(client);
      },
    });
    expect(graded.report.runs).toHaveLength(1);
  });
});

test('a client that has used a token may stop with another one left over', async () => {
  await good({
    scenario: 'scope-step-up',
    drive: async (client) => {
      await client.connect();
      const refused = await client.rpc('tools/call', 'notes_create');
      await client.stepUp(client.challengeOf(refused).scope);
    },
  });
});

test('a client whose user refuses did right to stop, whatever it is warned of', async () => {
  const { report } = await grade(
    instance,
    time,
    { config: { 'cimd.support': true, 'consent.outcome': 'deny' }, drive: (client) => client.connect() },
    [],
  );
  expect(report.summary.warn).toBeGreaterThan(0);
  expect(report.silence).toMatchObject({ point: 'after-error-redirect', verdict: 'client-right' });
});

test('a client that meets a 503 on purpose is not at fault for stopping, whatever it is warned of', async () => {
  const fault = { endpoint: 'authorize', effect: { status: 503, headers: { 'Retry-After': '2' } } };
  const { report, verdict } = await grade(
    instance,
    time,
    { options: { revision: '2025-06-18' }, config: { faults: [fault] } },
    ['authorize.state-present'],
  );
  const { verdict: name, evidence } = verdict('authorize.state-present');
  expect([name, evidence[0].seq]).toEqual(['warn', report.silence.at]);
  expect(report.silence).toMatchObject({ point: 'consent-open', verdict: 'scripted' });
});

describe('what the sandbox answered on purpose is why a client stopped, whatever was wrong with its request', () => {
  test.each([
    ['a warning', 'registration.application-type', { endpoint: 'register', error: 'invalid_client_metadata' }],
    ['a failure', 'token.pkce-verifier', { endpoint: 'token', error: 'unauthorized_client' }],
  ])('%s', async (_, rule, { endpoint, error }) => {
    const { report, verdict } = await grade(
      instance,
      time,
      { config: { 'cimd.support': false, faults: [{ endpoint, times: 9, effect: { status: 400, error } }] } },
      [rule],
    );
    expect(['fail', 'warn']).toContain(verdict(rule).verdict);
    expect(report.silence).toMatchObject({
      verdict: expect.stringMatching(/^(?:scripted|client-right)$/),
      why: expect.stringMatching(/on purpose|sandbox misbehaves/),
    });
  });

  test('what it did with the answer still counts', async () => {
    const effect = { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="notes"' } };
    const { report } = await grade(
      instance,
      time,
      { config: { faults: [{ endpoint: 'mcp', effect }] }, drive: (client) => client.connect() },
      ['discovery.responds-to-401'],
    );
    expect(report.silence).toMatchObject({ verdict: 'client-wrong' });
  });
});

describe('one fault, one rule', () => {
  /** Grades a client that does this. Just this rule speaks against it. */
  async function noticedBy(rule: string, situation: Situation): Promise<Graded> {
    const graded = await grade(instance, time, situation, []);
    expect([...graded.of('fail'), ...graded.of('warn')]).toEqual([rule]);
    return graded;
  }
  /** Comes as far as a client that may ask for a code. */
  async function known(client: Scripted): Promise<void> {
    await client.discover(await client.rpc('tools/list'));
    await client.identify();
  }
  /** Gets a token, and sends something else instead. */
  const instead = (write: (token: string) => Record<string, string>, query?: (token: string) => string): Situation => ({
    drive: async (client) => {
      await known(client);
      await client.authorize(['notes:read']);
      const token = client.tokens!.access_token;
      await call(client, write(token), query?.(token));
    },
  });

  test.each<[string, string, Situation]>([
    ['the scheme is Token', 'resource.token-in-header', instead((token) => ({ authorization: `Token ${token}` }))],
    ['a colon follows Bearer', 'resource.token-in-header', instead((token) => ({ authorization: `Bearer: ${token}` }))],
    ['the token is quoted', 'resource.token-in-header', instead((token) => ({ authorization: `Bearer "${token}"` }))],
    [
      'Bearer stands twice',
      'resource.token-in-header',
      instead((token) => ({ authorization: `Bearer Bearer ${token}` })),
    ],
    ['there is no scheme', 'resource.token-in-header', instead((token) => ({ authorization: token }))],
    [
      'it is in the address alone',
      'security.token-not-in-url',
      instead(
        () => ({}),
        (token) => `?access_token=${token}`,
      ),
    ],
    [
      'an object is sent for it',
      'resource.no-placeholder-token',
      instead(() => ({ authorization: 'Bearer [object Object]' })),
    ],
    ['nothing is sent for it', 'resource.no-placeholder-token', instead(() => ({ authorization: 'Bearer' }))],
    ['it never comes', 'resource.token-used', instead(() => ({ cookie: 'a=b' }))],
  ])('%s', async (_what, rule, situation) => {
    await noticedBy(rule, situation);
  });

  test('the same after a good call, too', async () => {
    await noticedBy('resource.token-in-header', {
      drive: async (client) => {
        await client.connect();
        const authorization = `Bearer "${client.tokens!.access_token}"`;
        for (let i = 0; i < 2; i += 1) await call(client, { authorization });
      },
    });
  });

  test.each([{ drop: true }, { status: 500 }])(
    'a refresh is lost by %o before a call, and the user is asked',
    async (effect) => {
      await noticedBy('refresh.survives-outage', {
        config: { 'tokens.accessLifetime': 10 },
        drive: async (client) => {
          await client.connect();
          time.sleep(30_000);
          await steer(client, '/faults', {
            endpoint: 'token',
            match: { grant_type: 'refresh_token' },
            effect,
            times: 1,
          });
          await client.refresh();
          await client.rpc('tools/list');
          await client.authorize(['notes:read']);
          await client.rpc('tools/list');
        },
      });
    },
  );

  test('the ID token is sent for the access token', async () => {
    const graded = await noticedBy('resource.token-used', {
      drive: async (client) => {
        await known(client);
        await client.authorize(['openid', 'notes:read']);
        client.tokens!.access_token = (client.tokens as unknown as { id_token: string }).id_token;
        await client.rpc('tools/list');
      },
    });
    expect(graded.verdict('resource.token-used').says).toContain('ID token');
  });

  test.each(['GET', 'POST'])('a token request stands in the address: %s', async (method) => {
    await noticedBy('token.form-encoded', {
      drive: async (client) => {
        await known(client);
        const flow = await codeFor(client, { resource: client.prm.resource });
        const form = { ...redemption(flow), client_id: client.client.client_id, resource: client.prm.resource };
        const url = `${client.metadata.token_endpoint}?${new URLSearchParams(form)}`;
        if (method === 'POST') await send(client, url, {});
        else await client.ask(url);
      },
    });
  });

  test('an empty resource is none', async () => {
    await noticedBy('authorize.resource', {
      drive: async (client) => {
        await known(client);
        await redeemFor(client, await codeFor(client, { resource: '' }));
      },
    });
  });

  test('nor is it one in a refresh request', async () => {
    const graded = await noticedBy('refresh.resource', {
      drive: async (client) => {
        await client.connect();
        await client.tokenRequest([
          ['grant_type', 'refresh_token'],
          ['refresh_token', client.tokens!.refresh_token!],
          ['resource', ''],
        ]);
      },
    });
    expect(graded.verdict('refresh.resource').says).toBe('It does not name the resource while refreshing.');
  });

  test('another grant is tried after an assertion was refused', async () => {
    await noticedBy('token.no-grant-fallback', {
      scenario: 'wif-jwt-bearer',
      given: true,
      drive: async (client) => {
        await client.workload('nothing:known').catch(() => undefined);
        await client.tokenRequest([
          ['grant_type', 'authorization_code'],
          ['code', 'made-up-by-the-client-itself'],
          ['resource', client.prm.resource],
        ]);
      },
    });
  });

  test('a dead token is sent on and on', async () => {
    await noticedBy('resource.refused-token-dropped', {
      config: { 'tokens.accessLifetime': 10 },
      drive: async (client) => {
        await client.connect();
        time.sleep(30_000);
        for (let i = 0; i < 5; i += 1) {
          await client.rpc('tools/list');
          time.sleep(3000);
        }
      },
    });
  });
});
