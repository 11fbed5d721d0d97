/** What attacks on the first version found, each as the test that fails without its remedy. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  CALLBACK,
  decide,
  type Instance,
  openInstance,
  s256,
  type TestSandbox,
  visit,
} from '../lib/sandbox.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const BROWSER = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site', accept: 'text/html' };

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

describe('token exchange does not undo the restriction to an audience', () => {
  const service = () => sandbox.confidential({ redirect_uris: [], grant_types: ['client_credentials', EXCHANGE] });
  const exchange = (client: Awaited<ReturnType<typeof service>>, subject: string, more = {}) =>
    sandbox.token(
      { grant_type: EXCHANGE, subject_token: subject, subject_token_type: ACCESS, ...more },
      basicOf(client),
    );

  test('a token of another client is not exchanged, unless it is for this one', async () => {
    const user = await sandbox.register();
    const mallory = await service();
    const { access_token } = await sandbox.tokens(user, { resource: sandbox.mcp });
    const stolen = await exchange(mallory, access_token, { resource: `${sandbox.issuer}/oauth` });
    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_request']);
    const issued = await sandbox.control('POST', '/tokens', { audience: [mallory.client_id], scope: 'read' });
    expect((await exchange(mallory, issued.body.access_token, { audience: 'next' })).status).toBe(200);
  });

  test('of own resources the new token is only for those that the old one was for', async () => {
    const own = await service();
    const first = await sandbox.token({ grant_type: 'client_credentials', resource: sandbox.mcp }, basicOf(own));
    for (const target of [{ resource: `${sandbox.issuer}/oauth` }, { audience: `${sandbox.issuer}/oauth` }])
      expect.soft((await exchange(own, first.body.access_token, target)).body.error).toBe('invalid_target');
    expect((await exchange(own, first.body.access_token)).body.access_token).toMatch(/^ey/);
    await sandbox.configure({ 'exchange.policy': 'open' });
    const wide = await exchange(own, first.body.access_token, { resource: `${sandbox.issuer}/oauth` });
    await sandbox.configure({ 'exchange.policy': 'strict' });
    expect(wide.status).toBe(200);
  });
});

describe('on a public instance', () => {
  let hosted: Instance;
  let place: TestSandbox;
  beforeAll(async () => {
    hosted = await openInstance({ PUBLIC_URL: 'https://authwalk.dev', AUTHWALK_ADMIN_TOKEN: 'a'.repeat(40) });
    place = await hosted.sandbox();
  });
  afterAll(() => hosted.close());

  test('a link with an address and a password signs nobody in', async () => {
    const client = await place.register();
    const link = { auto_approve_email: 'mallory@example.com', auto_approve_password: 'hers' };
    const answer = await place.authorize(client, { ...link, scope: 'openid' }, BROWSER);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    const after = await place.answerOf(
      client,
      { auto_approve: undefined, prompt: 'none', scope: 'openid' },
      cookie === undefined ? {} : { cookie },
    );
    expect(after.get('error')).toBe('login_required');
  });

  test('with the notice hidden the consent page is no open redirector', async () => {
    await place.configure({ 'consent.redirectNotice': 'hidden' });
    const client = await place.register();
    const open = await visit(place, client, {}, BROWSER);
    const answer = await decide(place, open);
    await place.configure({ 'consent.redirectNotice': 'shown' });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(answer.text).toContain('You are leaving for');
  });

  test('nor is the page of form_post: it waits for a click', async () => {
    const client = await place.register();
    const parameters = { auto_approve: 'true', response_mode: 'form_post' };
    const page = await place.authorize(client, parameters, BROWSER);
    expect(page.text).toContain('You are leaving for');
    expect(page.text).not.toContain('<script>');
    // What is no browser goes straight through.
    expect((await place.authorize(client, parameters)).text).toContain('<script>');
  });

  test('resources: loopback is own, for whose loopback would it be?', async () => {
    const client = await place.register();
    const answer = await place.answerOf(client, { resource: 'http://localhost:8765/mcp' });
    expect(answer.get('error')).toBe('invalid_target');
  });
});

test('of a pushed request only the parameters of an authorization request are kept', async () => {
  const client = await sandbox.register();
  const filler = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x${i}`, 'y'.repeat(1000)]));
  const pushed = await sandbox.post('/oauth/par', {
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    state: 's',
    code_challenge: s256('v'.repeat(43)),
    code_challenge_method: 'S256',
    ...filler,
  });
  expect(pushed.status).toBe(201);
  const store = instance.server.container.store.tenant(sandbox.id);
  const hash = s256(pushed.body.request_uri.split(':').at(-1));
  const kept = await store.getPushedRequest(hash, Date.now());
  expect(JSON.stringify(kept).length).toBeLessThan(1000);
  const used = await sandbox.authorize(client, [
    ['client_id', client.client_id],
    ['request_uri', pushed.body.request_uri],
    ['auto_approve', 'true'],
  ]);
  expect(new URL(used.headers.get('location')!).searchParams.get('state')).toBe('s');
});

test('a seeded address to return to that is none makes no 500', async () => {
  const uri = 'not an address';
  const place = await instance.sandbox(
    {},
    { clients: [{ client_id: 'a', redirect_uris: [CALLBACK], post_logout_redirect_uris: [uri] }] },
  );
  const query = new URLSearchParams({ client_id: 'a', post_logout_redirect_uri: uri });
  expect((await place.get(`/oauth/logout?${query}`)).status).toBe(400);
});

describe('jwks_uri', () => {
  let site: Server;
  let asked = 0;
  let served: unknown = { keys: [] };
  beforeAll(async () => {
    site = createServer((_request, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(served));
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    site.closeAllConnections();
    site.close();
  });

  test('is not fetched anew for each bad assertion, and a key that is new there is found', async () => {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const client = await sandbox.register({
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `http://127.0.0.1:${(site.address() as AddressInfo).port}/jwks`,
    });
    const send = async (kid: string) => {
      const assertion = await new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(client.client_id)
        .setSubject(client.client_id)
        .setAudience(sandbox.issuer)
        .setExpirationTime('5m')
        .sign(keys.privateKey);
      return sandbox.token({
        grant_type: 'client_credentials',
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
    };
    expect((await send('new')).status).toBe(401);
    served = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'new', alg: 'ES256' }] };
    expect((await send('new')).status).toBe(200);
    for (let i = 0; i < 10; i += 1) expect((await send(`bad-${i}`)).status).toBe(401);
    expect(asked).toBeLessThanOrEqual(3);
  });
});
