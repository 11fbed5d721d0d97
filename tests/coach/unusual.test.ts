/**
 * Clients that do nothing wrong and yet do things in ways of their own: many users in one client, clocks that differ,
 * credentials that are probed, lost answers. None of them breaks a rule.
 */
import { importJWK, SignJWT } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { basic, encodeForm, json, pkce } from '../lib/sandbox.ts';
import { against, anotherUser, codeFor, keepsEvery, ready, REDIRECT, redemption, send, steer } from './behaviours.ts';
import { documentAt } from './documents.ts';
import { grade, type Situation } from './grading.ts';
import { Scripted } from './scripted.ts';
import { instance, openForTests, time } from './opened.ts';

vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

openForTests();

/** Grades a client that keeps every rule. @param passing rules that it shows */
const good = (situation: Situation, ...passing: string[]) => keepsEvery(instance, time, situation, ...passing);

describe('an empty parameter is one that is left out', () => {
  test('and no other redirect URI, where one is registered', async () => {
    await good(
      {
        drive: async (client) => {
          await ready(client);
          const flow = await codeFor(client, { redirect_uri: '' });
          await send(client, client.metadata.token_endpoint, {
            ...redemption(flow),
            redirect_uri: '',
            client_id: client.client.client_id,
          });
        },
      },
      'authorize.redirect-uri-registered',
    );
  });

  test.each([
    ['authorize.response-type-code', 'response_type', 'response_type is missing.'],
    ['authorize.pkce-s256', 'code_challenge_method', 'The method is missing, which means plain.'],
  ])('%s says that it is missing', async (rule, name, says) => {
    const drive = async (client: Scripted): Promise<void> => {
      await ready(client);
      await codeFor(client, { [name]: '' });
    };
    const { verdict } = await grade(instance, time, { drive }, []);
    expect(verdict(rule)).toMatchObject({ verdict: 'fail', says });
  });

  test('authorize.redirect-uri-registered says if none is registered at all', async () => {
    const { verdict } = await grade(
      instance,
      time,
      {
        options: { method: 'client_secret_basic' },
        drive: async (client) => {
          await client.readIssuer(client.base);
          const metadata = { grant_types: ['client_credentials'], application_type: 'native' };
          const { body } = await client.ask(client.metadata.registration_endpoint, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(metadata),
          });
          await client.ask(`${client.metadata.authorization_endpoint}?response_type=code&client_id=${body.client_id}`);
        },
      },
      [],
    );
    expect(verdict('authorize.redirect-uri-registered').says).toBe(
      'The redirect URI is missing, and none is registered.',
    );
  });
});

test('a client that had its token before the 401, and comes back with it, did go on', async () => {
  await good(
    {
      options: { method: 'client_secret_basic' },
      drive: async (client) => {
        client.grants = ['authorization_code', 'client_credentials'];
        await ready(client);
        const { body } = await client.tokenRequest([
          ['grant_type', 'client_credentials'],
          ['scope', 'notes:read'],
          ['resource', client.mcp],
        ]);
        await client.rpc('tools/list');
        client.tokens = { ...body, scope: ['notes:read'], resource: client.mcp };
        await client.rpc('tools/list');
      },
    },
    'discovery.responds-to-401',
  );
});

describe('many users in one client', () => {
  test('one signs in while another is short of scope', async () => {
    await good({
      scenario: 'scope-step-up',
      drive: async (client) => {
        await client.connect();
        const first = client.tokens;
        // It has no right to that call, and its client says so to its user.
        await client.rpc('tools/call', 'notes_list');
        await client.rpc('tools/call', 'notes_create');
        const other = anotherUser(client);
        await other.authorize(['tools:basic']);
        await other.rpc('tools/list');
        client.tokens = first;
        time.sleep(5000);
        expect([(await client.rpc('tools/list')).status, (await other.rpc('tools/list')).status]).toEqual([200, 200]);
      },
    });
  });

  test('one signs in when the token of another has expired', async () => {
    await good({
      config: { 'tokens.accessLifetime': 10 },
      drive: async (client) => {
        await client.connect();
        const other = anotherUser(client);
        time.sleep(30_000);
        await client.rpc('tools/list');
        await other.authorize(['notes:read']);
        await other.rpc('tools/list');
        await client.refresh();
        await client.rpc('tools/list');
        time.sleep(30_000);
        await other.rpc('tools/list');
        await client.rpc('tools/list');
        await client.refresh();
        await other.refresh();
        await client.rpc('tools/list');
        await other.rpc('tools/list');
      },
    });
  });

  test('one signs in while the refresh of another finds the server down', async () => {
    await good({
      scenario: 'refresh-unavailable',
      drive: async (client) => {
        await client.connect();
        const other = anotherUser(client);
        time.sleep(4000_000);
        await client.rpc('tools/list');
        await client.refresh();
        await other.authorize(['notes:read']);
        await other.rpc('tools/list');
        time.sleep(2000);
        await client.refresh();
        await client.rpc('tools/list');
      },
    });
  });
});

describe('two installations of one program', () => {
  test('one signs in while the other is short of scope', async () => {
    await good({
      scenario: 'scope-step-up',
      drive: async (client) => {
        await client.connect();
        await client.rpc('tools/call', 'notes_create');
        const other = new Scripted(instance, client.made, time, client.options);
        await other.connect();
        time.sleep(3000);
        await client.rpc('tools/list');
        await other.rpc('tools/list');
      },
    });
  });
});

describe('refresh tokens', () => {
  const still = { 'tokens.accessLifetime': 10, 'refresh.rotate': false };

  test('that stay the same are used for one call after another', async () => {
    await good(
      {
        config: still,
        drive: async (client) => {
          await client.connect();
          time.sleep(30_000);
          await client.call();
          await client.refresh();
          await client.refresh();
          await client.rpc('tools/list');
        },
      },
      'refresh.single-flight',
    );
  });

  test('that stay the same are used by two workers at once', async () => {
    await good({
      config: still,
      drive: async (client) => {
        await client.connect();
        time.sleep(30_000);
        await Promise.all([client.refresh(), client.refresh()]);
        await client.rpc('tools/list');
      },
    });
  });

  test('are used by two processes at once, if the server has a grace period for that', async () => {
    const graded = await good({
      scenario: 'refresh-grace',
      drive: async (client) => {
        await client.connect();
        time.sleep(30_000);
        const other = anotherUser(client);
        other.tokens = client.tokens;
        await Promise.all([client.refresh(), other.refresh()]);
        await Promise.all([client.rpc('tools/list'), other.rpc('tools/list')]);
      },
    });
    expect(graded.verdict('refresh.single-flight').reason.code).toBe('on-purpose');
  });

  test('are sent again if the answer was lost', async () => {
    await good({
      config: { 'tokens.accessLifetime': 10, 'refresh.grace': 30 },
      drive: async (client) => {
        await client.connect();
        time.sleep(30_000);
        await steer(client, '/faults', { endpoint: 'token', action: 'drop', times: 1 });
        await client.refresh().catch(() => undefined);
        time.sleep(1000);
        await client.call();
      },
    });
  });
});

describe('clocks', () => {
  const machine = { scenario: 'client-credentials-jwt', given: true };

  test.each([
    ['ahead', 7200],
    ['behind', -7200],
  ])('that of the sandbox is set %s, and an assertion is of this moment', async (_where, seconds) => {
    await good({
      ...machine,
      drive: async (client) => {
        await client.machine();
        await steer(client, '/clock', { advance: seconds });
        await client.machine();
      },
    });
  });

  test('an assertion is good for a day', async () => {
    await good({
      ...machine,
      drive: async (client) => {
        await client.readIssuer(client.base);
        await client.identify();
        const jwk = client.options.client!.private_jwk!;
        const { client_id } = client.client;
        const now = Math.floor(Date.now() / 1000);
        const long = await new SignJWT({})
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer(client_id)
          .setSubject(client_id)
          .setAudience(client.metadata.issuer)
          .setIssuedAt(now)
          .setExpirationTime(now + 86_400)
          .setJti(crypto.randomUUID())
          .sign(await importJWK(jwk, 'ES256'));
        const answer = await send(client, client.metadata.token_endpoint, {
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: long,
        });
        expect(answer.status).toBe(401);
      },
    });
  });

  test('DPoP proofs are of this moment', async () => {
    await good({
      scenario: 'dpop',
      options: { dpop: true },
      drive: async (client) => {
        await client.connect();
        await steer(client, '/clock', { advance: 1800 });
        await client.rpc('tools/list');
      },
    });
  });
});

describe('client authentication', () => {
  /** What is less than it should be, and no failure. */
  const warned = async (situation: Situation) =>
    expect(against(await grade(instance, time, situation, []))).toMatch(/^warn token\.auth-method: It tried .*$/);

  test('a library of Go probes how a public client names itself', async () => {
    await warned({
      drive: async (client) => {
        await ready(client);
        const got = await codeFor(client);
        const id = client.client.client_id;
        // golang.org/x/oauth2: first by HTTP Basic with an empty secret, then in the body.
        const probed = await send(client, client.metadata.token_endpoint, redemption(got), {
          authorization: `Basic ${btoa(`${id}:`)}`,
        });
        if (probed.status === 200) return;
        await send(client, client.metadata.token_endpoint, { ...redemption(got), client_id: id });
      },
    });
  });

  test('a library of Go probes how a secret is sent', async () => {
    await warned({
      options: { method: 'client_secret_post' },
      drive: async (client) => {
        await ready(client);
        const got = await codeFor(client);
        const { client_id, client_secret } = client.client;
        const probed = await send(client, client.metadata.token_endpoint, redemption(got), {
          authorization: basic(client_id, client_secret),
        });
        if (probed.status === 200) return;
        await send(client, client.metadata.token_endpoint, { ...redemption(got), client_id, client_secret });
      },
    });
  });

  test('the registration is updated, and the new method is used', async () => {
    await good({
      options: { method: 'client_secret_post' },
      drive: async (client) => {
        await ready(client);
        const { registration_client_uri, registration_access_token, ...rest } = client.client;
        const { client_id_issued_at: _issued, client_secret_expires_at: _expires, ...metadata } = rest;
        const updated = await client.ask(registration_client_uri, {
          ...json('PUT', {
            ...metadata,
            token_endpoint_auth_method: 'client_secret_basic',
            grant_types: ['authorization_code', 'refresh_token'],
          }),
          headers: {
            authorization: `Bearer ${registration_access_token}`,
            'content-type': 'application/json',
          },
        });
        expect(updated.status, updated.text).toBe(200);
        client.client = { ...client.client, ...updated.body };
        const got = await codeFor(client);
        const { client_id, client_secret } = client.client;
        const answer = await send(client, client.metadata.token_endpoint, redemption(got), {
          authorization: basic(client_id, client_secret),
        });
        expect(answer.status, answer.text).toBe(200);
      },
    });
  });

  test('credentials are form-encoded by a library of another language', async () => {
    await good(
      {
        scenario: 'secret-special-characters',
        drive: async (client) => {
          await ready(client);
          const got = await codeFor(client);
          const { client_id, client_secret } = client.client;
          // Every character but letters and digits, in lower-case hex, as some do.
          const encode = (text: string) =>
            [...new TextEncoder().encode(text)]
              .map((byte) =>
                /[A-Za-z0-9]/.test(String.fromCharCode(byte))
                  ? String.fromCharCode(byte)
                  : `%${byte.toString(16).padStart(2, '0')}`,
              )
              .join('');
          const answer = await send(client, client.metadata.token_endpoint, redemption(got), {
            authorization: `basic ${btoa(`${encode(client_id)}:${encode(client_secret)}`)}`,
          });
          expect(answer.status, answer.text).toBe(200);
        },
      },
      'token.basic-encoding',
    );
  });
});

describe('pushed authorization requests', () => {
  test.each(['none', 'client_secret_basic', 'client_secret_post'])('of a client with %s', async (method) => {
    await good(
      {
        options: { method },
        drive: async (client) => {
          await ready(client);
          const { client_id, client_secret } = client.client;
          const headers: Record<string, string> =
            method === 'client_secret_basic' ? { authorization: basic(client_id, client_secret) } : {};
          const own = method === 'client_secret_post' ? { client_id, client_secret } : { client_id };
          const { verifier, challenge } = pkce();
          const pushed = await send(
            client,
            client.metadata.pushed_authorization_request_endpoint,
            {
              response_type: 'code',
              redirect_uri: REDIRECT,
              scope: 'notes:read',
              state: crypto.randomUUID(),
              code_challenge: challenge,
              code_challenge_method: 'S256',
              ...(method === 'client_secret_basic' ? {} : own),
            },
            headers,
          );
          expect(pushed.status, pushed.text).toBe(201);
          const answer = await client.ask(
            `${client.metadata.authorization_endpoint}?${encodeForm({
              client_id,
              request_uri: pushed.body.request_uri,
            })}`,
          );
          const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
          const redeemed = await send(
            client,
            client.metadata.token_endpoint,
            { ...redemption({ code, verifier }), ...(method === 'client_secret_basic' ? {} : own) },
            headers,
          );
          expect(redeemed.status, redeemed.text).toBe(200);
        },
      },
      'authorize.pkce-challenge',
      'authorize.state-present',
      'token.pkce-verifier-matches',
    );
  });

  test('whose request the sandbox no longer keeps', async () => {
    const graded = await good({
      drive: async (client) => {
        await ready(client);
        await client.ask(
          `${client.metadata.authorization_endpoint}?${encodeForm({
            client_id: client.client.client_id,
            request_uri: 'urn:ietf:params:oauth:request_uri:gone',
          })}`,
        );
      },
    });
    expect(graded.verdict('authorize.pkce-challenge').verdict).toBe('not_observed');
  });
});

describe('metadata documents', () => {
  const byDocument = (name: string): Situation => ({
    config: { 'cimd.support': true },
    options: { document: `https://client.example/${name}.json` },
  });

  test('that have not changed are answered with 304', async () => {
    await good(
      {
        ...byDocument('unchanged'),
        drive: async (client) => {
          await client.connect();
          time.sleep(3600_000);
          client.tokens = null;
          await client.connect();
        },
      },
      'registration.cimd-document-reachable',
      'registration.cimd-client-id-matches',
    );
  });

  test('that are longer than what is kept of them can be fetched all the same', async () => {
    await good(byDocument('long'), 'registration.cimd-document-reachable');
  });

  test('that are too long to be read are not said to be no JSON', async () => {
    const graded = await good(byDocument('too-long'));
    expect(graded.verdict('registration.cimd-document-reachable').reason).toMatchObject({
      code: 'not-kept',
      says: 'The document is longer than what is kept of it.',
    });
  });
});

describe('what else may be', () => {
  test('two issuers know one identifier, each with a method of its own', async () => {
    await good({
      config: { issuers: ['as2'] },
      drive: async (client) => {
        const mine = { client_id: 'mine', client_secret: 'a secret that is long enough', redirect_uris: [REDIRECT] };
        await steer(client, '/clients', { ...mine, token_endpoint_auth_method: 'client_secret_basic' });
        await steer(client, '/clients?issuer=as2', { ...mine, token_endpoint_auth_method: 'client_secret_post' });
        await client.discover(await client.rpc('tools/list'));
        client.client = { ...mine, token_endpoint_auth_method: 'client_secret_basic' };
        await client.authorize(['notes:read']);
        expect((await client.rpc('tools/list')).status).toBe(200);
      },
    });
  });

  test('a token was given to it, and is over', async () => {
    await good({
      drive: async (client) => {
        const { body } = await steer(client, '/tokens', { scope: 'notes:read' });
        client.tokens = { ...body, scope: ['notes:read'], resource: client.mcp };
        expect((await client.rpc('tools/list')).status).toBe(200);
        time.sleep(4000_000);
        expect((await client.rpc('tools/list')).status).toBe(401);
      },
    });
  });

  test('a request is longer than what is kept of it', async () => {
    const graded = await good({
      options: { method: 'client_secret_post' },
      drive: async (client) => {
        const refused = await client.rpc('tools/list');
        await client.discover(refused);
        const { registration_endpoint, token_endpoint } = client.metadata;
        const long = 'x'.repeat(20_000);
        const registered = await client.ask(registration_endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            contacts: [`${long}@example.com`],
            client_name: 'Long',
            application_type: 'native',
            grant_types: ['authorization_code', 'refresh_token'],
            token_endpoint_auth_method: 'client_secret_post',
            redirect_uris: [REDIRECT],
          }),
        });
        expect(registered.status, registered.text).toBe(201);
        client.client = registered.body;
        const scope = 'notes:read offline_access';
        const flow = await codeFor(client, { scope, resource: client.mcp });
        const { client_id, client_secret } = client.client;
        const { status, text, body } = await send(client, token_endpoint, {
          note: long,
          ...redemption(flow),
          resource: client.mcp,
          client_id,
          client_secret,
        });
        expect(status, text).toBe(200);
        client.tokens = { ...body, scope: ['notes:read'], resource: client.mcp };
        await client.rpc('tools/list');
      },
    });
    expect(graded.verdict('token.resource').reason.code).toBe('not-kept');
  });

  test('a key of an API gateway is as long as an access token', async () => {
    await good({
      config: { 'tokens.format': 'opaque' },
      drive: async (client) => {
        await client.connect();
        const { length } = client.tokens!.access_token;
        await client.ask(client.mcp, {
          ...json('POST', { jsonrpc: '2.0', id: 1, method: 'tools/list' }),
          headers: { 'content-type': 'application/json', 'x-api-key': 'k'.repeat(length) },
        });
      },
    });
  });

  test('a user cancels while a device waits', async () => {
    const graded = await good({
      scenario: 'device-pending',
      drive: async (client) => void (await client.device(1)),
    });
    expect(graded.verdict('device.goes-on').reason.code).toBe('open');
  });

  test('users of one client are slowed down one after the other', async () => {
    await good({
      scenario: 'resource-rate-limited',
      drive: async (client) => {
        const other = await (async () => {
          await client.connect();
          const one = anotherUser(client);
          await one.authorize(['notes:read']);
          return one;
        })();
        for (let i = 0; i < 3; i += 1) {
          const mine = await client.rpc('tools/call', 'whoami');
          await other.rpc('tools/call', 'whoami');
          if (mine.status === 429) time.sleep(Number(mine.headers.get('retry-after')) * 1000);
        }
      },
    });
  });

  test('the identifier is enough at an identity provider that asks for no secret', async () => {
    const situation = {
      scenario: 'enterprise-managed-authorization',
      given: true,
      drive: (client: Scripted) => client.enterprise(),
    };
    const graded = await grade(instance, time, situation, ['token.auth-method#idp']);
    expect(against(graded)).toBe('');
    expect(graded.verdict('token.id-jag-presented').verdict).toBe('pass');
  });

  test('an ID-JAG that was refused is replaced by a new one', async () => {
    await good({
      scenario: 'enterprise-managed-authorization',
      given: true,
      drive: async (client) => {
        await client.discover(await client.rpc('tools/list'));
        await client.identify();
        await steer(client, '/faults', {
          endpoint: 'token',
          match: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' },
          action: 'error',
          error: 'invalid_grant',
          times: 1,
        });
        await client.enterprise().catch(() => undefined);
        await client.enterprise();
      },
    });
  });

  test('the page of an authorization is loaded again', async () => {
    await good({
      drive: async (client) => {
        await client.discover(await client.rpc('tools/list'));
        await client.identify();
        const flow = client.begin(['notes:read']);
        await client.visit(flow);
        await client.finish(flow, await client.visit(flow));
        await client.rpc('tools/list');
      },
    });
  });

  test('an authorization request is a form', async () => {
    await good(
      {
        drive: async (client) => {
          await client.discover(await client.rpc('tools/list'));
          await client.identify();
          const flow = client.begin(['notes:read', 'notes:write']);
          const [url, query = ''] = flow.url.split('?');
          const answer = await client.ask(url!, {
            method: 'POST',
            body: query,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          });
          await client.finish(flow, new URL(answer.headers.get('location')!).searchParams);
          await client.rpc('tools/list');
        },
      },
      'authorize.pkce-challenge',
      'authorize.resource',
    );
  });

  test('requests come at once before there is a token', async () => {
    await good({
      drive: async (client) => {
        await Promise.all([client.rpc('tools/list'), client.rpc('ping'), client.rpc('resources/list')]);
        await client.connect();
        await Promise.all([client.rpc('tools/list'), client.rpc('tools/call', 'whoami')]);
      },
    });
  });

  test('it registers, is started again, and uses what it kept', async () => {
    await good(
      {
        drive: async (client) => {
          await client.connect();
          for (let i = 0; i < 3; i += 1) {
            const again = new Scripted(instance, client.made, time, client.options);
            again.clients = client.clients;
            await again.connect();
          }
        },
      },
      'registration.kept',
    );
  });
});
