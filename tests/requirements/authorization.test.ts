import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CALLBACK,
  form,
  type Instance,
  openInstance,
  s256,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const locationOf = (answer: { headers: Headers }) => answer.headers.get('location');
const REQUEST = { response_type: 'code', code_challenge: s256('v'.repeat(43)), code_challenge_method: 'S256' };

describe('whose request it is', () => {
  test('an unknown client is shown a page and never redirected [#authorize.client-known]', async () => {
    for (const client_id of [
      'nobody',
      '',
      undefined,
      `${client.client_id} `,
      client.client_id.toUpperCase(),
      '../x',
      '\u0000',
      'c'.repeat(3000),
    ]) {
      const answer = await sandbox.authorize(
        '',
        { client_id, redirect_uri: CALLBACK, auto_approve: 'true' },
        { accept: 'text/html' },
      );
      expect.soft([client_id, answer.status, locationOf(answer)]).toEqual([client_id, 400, null]);
      expect.soft(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect.soft(answer.text).not.toContain(`href="${CALLBACK}`);
    }
    expect(await sandbox.authorize('nobody', { redirect_uri: CALLBACK })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('the redirect URI is compared as a string [#authorize.redirect-uri-exact]', async () => {
    for (const redirect_uri of [
      `${CALLBACK}/`,
      `${CALLBACK}?a=b`,
      CALLBACK.toUpperCase(),
      CALLBACK.replace('https', 'HTTPS'),
      CALLBACK.replace('client.example', 'client.example:443'),
      CALLBACK.replace('callback', '%63allback'),
      CALLBACK.replace('/callback', '/./callback'),
      CALLBACK.slice(0, -1),
    ]) {
      const answer = await sandbox.authorize(client, { redirect_uri, auto_approve: 'true' });
      expect.soft([redirect_uri, answer.status, locationOf(answer)]).toEqual([redirect_uri, 400, null]);
    }
    const odd = await sandbox.register({ redirect_uris: ['https://client.example/%63allback?x=%2F&y='] });
    const answer = await sandbox.authorize(odd, {
      redirect_uri: 'https://client.example/%63allback?x=%2F&y=',
      auto_approve: 'true',
    });
    expect(locationOf(answer)).toMatch(/^https:\/\/client\.example\/%63allback\?x=%2F&y=&code=/);
  });

  test('only the port of a loopback address may differ [#authorize.redirect-uri-loopback-port]', async () => {
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const native = await sandbox.register({ redirect_uris: [`http://${host}:1234/cb?x=1`] });
      for (const port of [':1234', ':1', ':65535', ''])
        expect
          .soft(
            (await sandbox.authorize(native, { redirect_uri: `http://${host}${port}/cb?x=1`, auto_approve: 'true' }))
              .status,
          )
          .toBe(302);
      for (const other of [
        `http://${host}:99999/cb?x=1`,
        `http://${host}:1234/cb`,
        `http://${host}:1234/cb?x=2`,
        `https://${host}:1234/cb?x=1`,
        `http://${host}:1234/other?x=1`,
        `http://u@${host}:1234/cb?x=1`,
      ]) {
        const answer = await sandbox.authorize(native, { redirect_uri: other, auto_approve: 'true' });
        expect.soft([other, answer.status, locationOf(answer)]).toEqual([other, 400, null]);
      }
    }
    const native = await sandbox.register({ redirect_uris: ['http://127.0.0.1/cb'] });
    for (const other of ['http://localhost/cb', 'http://[::1]/cb', 'http://127.0.0.2/cb'])
      expect.soft((await sandbox.authorize(native, { redirect_uri: other, auto_approve: 'true' })).status).toBe(400);
    expect(
      (
        await sandbox.authorize(client, {
          redirect_uri: CALLBACK.replace('.example', '.example:8443'),
          auto_approve: 'true',
        })
      ).status,
    ).toBe(400);
  });

  test.each([
    {},
    { response_type: 'token' },
    { scope: 'unheard-of' },
    { code_challenge: undefined },
    { prompt: 'none' },
  ])(
    'an unregistered redirect URI is shown and never redirected, whatever else is wrong: %j ' +
      '[#authorize.redirect-uri-unregistered]',
    async (more) => {
      const answer = await sandbox.authorize(
        client,
        { redirect_uri: 'https://attacker.example/', auto_approve: 'true', ...more },
        { accept: 'text/html' },
      );
      expect([answer.status, locationOf(answer)]).toEqual([400, null]);
      expect(answer.text).not.toContain('href="https://attacker.example');
      expect(answer.text).not.toMatch(/http-equiv="?refresh/i);
    },
  );

  test('of several redirect URIs the request names one [#authorize.redirect-uri-required]', async () => {
    const several = await sandbox.register({ redirect_uris: [CALLBACK, `${CALLBACK}/2`] });
    const silent = await sandbox.authorize(several, { auto_approve: 'true' });
    expect([silent.status, locationOf(silent)]).toEqual([400, null]);
    expect(
      locationOf(await sandbox.authorize(several, { redirect_uri: `${CALLBACK}/2`, auto_approve: 'true' })),
    ).toMatch(/^https:\/\/client\.example\/callback\/2\?code=/);
    expect(locationOf(await sandbox.authorize(client, { auto_approve: 'true' }))).toMatch(
      /^https:\/\/client\.example\/callback\?code=/,
    );
  });
});

describe('what comes back', () => {
  test('errors go to the matched redirect URI, with state and iss [#authorize.error-redirected]', async () => {
    const cases: [string, Record<string, string | undefined>][] = [
      ['unsupported_response_type', { response_type: 'token' }],
      ['invalid_scope', { scope: 'unheard-of' }],
      ['invalid_target', { resource: 'https://elsewhere.example/' }],
      ['invalid_request', { code_challenge: undefined }],
      ['invalid_request', { max_age: '-1' }],
      ['login_required', { prompt: 'none' }],
      ['request_not_supported', { request: 'x.y.z' }],
      ['request_uri_not_supported', { request_uri: 'https://client.example/request.jwt', redirect_uri: CALLBACK }],
      ['registration_not_supported', { registration: '{}' }],
    ];
    for (const [error, parameters] of cases) {
      const answer = await sandbox.authorize(client, { state: 's t+a&t%e', ...parameters });
      expect.soft([error, answer.status]).toEqual([error, 302]);
      const url = new URL(locationOf(answer)!);
      expect.soft(url.origin + url.pathname).toBe(CALLBACK);
      expect.soft(Object.fromEntries(url.searchParams)).toMatchObject({
        error,
        error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
        state: 's t+a&t%e',
        iss: sandbox.issuer,
      });
      expect.soft(url.searchParams.has('code')).toBe(false);
    }
  });

  test('state comes back as it was sent, and only where it was sent [#authorize.state-unchanged]', async () => {
    for (const state of [
      'x',
      'a b',
      'a+b',
      'a%2Bb',
      '&code=evil',
      '"<script>',
      'ä€😀',
      '\\',
      '#',
      '=',
      'x'.repeat(4000),
      '\u0000',
      ' ',
      '{"a":[1]}',
    ]) {
      expect.soft((await sandbox.answerOf(client, { state })).getAll('state')).toEqual([state]);
    }
    expect((await sandbox.answerOf(client)).has('state')).toBe(false);
    expect((await sandbox.answerOf(client, { state: '' })).has('state')).toBe(false);
    expect((await sandbox.answerOf(client, { scope: 'unheard-of' })).has('state')).toBe(false);
  });

  test.each(['%ff%fe', '%', '%zz', '%C0%80', '%ED%A0%80'])(
    'what cannot be decoded is refused, and not changed on the way: %j [#http.decoding]',
    async (state) => {
      const answer = await instance.ask(`${sandbox.authorizeUrl(client, { auto_approve: 'true' })}&state=${state}`);
      expect([state, answer.status, locationOf(answer), answer.body.error]).toEqual([
        state,
        400,
        null,
        'invalid_request',
      ]);
      const posted = await instance.ask(
        `${sandbox.issuer}/oauth/authorize`,
        form(`client_id=${client.client_id}&state=${state}`),
      );
      expect([posted.status, posted.body.error]).toEqual([400, 'invalid_request']);
      expect(await sandbox.token(`grant_type=client_credentials&scope=${state}`)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    },
  );

  test.each(['', '/as2'])(
    'every answer carries iss, and it is the issuer of the metadata: %j [#authorize.iss]',
    async (place) => {
      const wide = await instance.sandbox({ issuers: ['as2'] });
      const {
        body: { issuer, registration_endpoint, authorization_endpoint },
      } = await instance.ask(`${wide.issuer}${place}/.well-known/oauth-authorization-server`);
      const { body: made } = await instance.ask(registration_endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' }),
      });
      const query = new URLSearchParams({ client_id: made.client_id, ...REQUEST, auto_approve: 'true' });
      const good = new URL(locationOf(await instance.ask(`${authorization_endpoint}?${query}`))!).searchParams;
      expect([good.has('code'), good.getAll('iss')]).toEqual([true, [issuer]]);
      query.set('scope', 'unheard-of');
      const bad = new URL(locationOf(await instance.ask(`${authorization_endpoint}?${query}`))!).searchParams;
      expect([bad.get('error'), bad.getAll('iss')]).toEqual(['invalid_scope', [issuer]]);
    },
  );

  test('the parameters of a registered redirect URI are kept', async () => {
    const odd = await sandbox.register({ redirect_uris: ['https://client.example/cb?tenant=7'] });
    expect(locationOf(await sandbox.authorize(odd, { auto_approve: 'true' }))).toMatch(
      /^https:\/\/client\.example\/cb\?tenant=7&code=/,
    );
  });

  test('a code is not stored on the way, and leaves no Referer [#authorize.no-referrer]', async () => {
    const answer = await sandbox.authorize(client, { auto_approve: 'true' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    const toConsent = await sandbox.authorize(client);
    expect(toConsent.headers.get('referrer-policy')).toBe('no-referrer');
    const page = await sandbox.authorize('nobody', {}, { accept: 'text/html' });
    expect(page.headers.get('referrer-policy')).toMatch(/^(?:no-referrer|same-origin)$/);
  });
});

describe('the request', () => {
  test('no parameter may come twice, but for resource [#authorize.parameter-once]', async () => {
    const base = {
      client_id: client.client_id,
      ...REQUEST,
      auto_approve: 'true',
      scope: 'notes:read',
      state: 'x',
      nonce: 'n',
      redirect_uri: CALLBACK,
    };
    for (const name of [
      'scope',
      'state',
      'nonce',
      'response_type',
      'code_challenge',
      'code_challenge_method',
      'prompt',
      'anything',
    ]) {
      const answer = await sandbox.authorize(client, [
        ...Object.entries({ prompt: 'login', anything: '1', ...base }),
        [name, name === 'prompt' ? 'login' : 'y'],
      ]);
      const { searchParams } = new URL(locationOf(answer)!);
      expect
        .soft([name, searchParams.get('error'), searchParams.has('code')])
        .toEqual([name, 'invalid_request', false]);
      if (name === 'state') expect.soft(searchParams.has('state')).toBe(false);
    }
    for (const name of ['client_id', 'redirect_uri'] as const) {
      const answer = await sandbox.authorize(client, [
        ...Object.entries(base),
        [name, name === 'client_id' ? client.client_id : CALLBACK],
      ]);
      expect.soft([name, answer.status, locationOf(answer)]).toEqual([name, 400, null]);
    }
    const resources = await sandbox.authorize(client, [
      ...Object.entries(base),
      ['resource', sandbox.mcp],
      ['resource', `${sandbox.issuer}/oauth`],
    ]);
    expect(locationOf(resources)).toContain('code=');
  });

  test('unknown parameters are ignored [#authorize.unknown-ignored]', async () => {
    expect(
      (await sandbox.answerOf(client, { ui_locales: 'de', display: 'popup', made_up: 'x', __proto__x: 'y' })).has(
        'code',
      ),
    ).toBe(true);
  });

  test('GET and POST alike [#authorize.get-and-post]', async () => {
    const parameters = { client_id: client.client_id, ...REQUEST, auto_approve: 'true', state: 'p' };
    const posted = await instance.ask(`${sandbox.issuer}/oauth/authorize`, form(parameters));
    expect(posted.status).toBe(302);
    expect(new URL(locationOf(posted)!).searchParams.has('code')).toBe(true);
    // What stands in the URL of a POST has no part in it.
    const split = await instance.ask(
      `${sandbox.issuer}/oauth/authorize?client_id=${client.client_id}`,
      form({ ...parameters, client_id: '' }),
    );
    expect([split.status, locationOf(split)]).toEqual([400, null]);
    const head = await sandbox.ask(`/oauth/authorize?${new URLSearchParams(parameters)}`, { method: 'HEAD' });
    expect(head.status).toBe(302);
  });

  test('the only response type is code [#authorize.response-type-code]', async () => {
    for (const response_type of [
      'token',
      'id_token',
      'code token',
      'code id_token',
      'id_token token',
      'none',
      'CODE',
      'code code',
      ' code',
    ]) {
      const answer = await sandbox.answerOf(client, { response_type });
      expect
        .soft([response_type, answer.get('error'), answer.has('code'), answer.has('access_token')])
        .toEqual([response_type, 'unsupported_response_type', false, false]);
    }
    expect(locationOf(await sandbox.authorize(client, { auto_approve: 'true', response_mode: 'query' }))).toContain(
      'code=',
    );
    const url = locationOf(await sandbox.authorize(client, { auto_approve: 'true', response_mode: 'jwt' }))!;
    expect(url).not.toContain('#');
    expect(url).toContain('error=invalid_request');
  });

  test(
    'a request object is refused by its own error, and a reference from elsewhere is never fetched ' +
      '[#authorize.request-object]',
    async () => {
      expect((await sandbox.answerOf(client, { request: 'a.b.c' })).get('error')).toBe('request_not_supported');
      const elsewhere = { request_uri: 'https://client.example/request.jwt', auto_approve: 'true' };
      const answer = await sandbox.answerOf(client, { ...elsewhere, redirect_uri: CALLBACK });
      expect([answer.get('error'), answer.get('code')]).toEqual(['request_uri_not_supported', null]);
      // Without an address to tell the client at, it is a page: the one that is missing would have been in the object.
      for (const redirect_uri of [undefined, 'https://elsewhere.example/']) {
        const shown = await sandbox.authorize(client, { ...elsewhere, redirect_uri });
        expect([shown.status, locationOf(shown)]).toEqual([400, null]);
      }
      const reference = { request_uri: 'urn:ietf:params:oauth:request_uri:made-up' };
      const unknown = await sandbox.authorize(client, reference);
      expect([unknown.status, locationOf(unknown), unknown.body.error]).toEqual([400, null, 'invalid_request_uri']);
    },
  );

  test('a response type that is left out is taken for code', async () => {
    expect((await sandbox.answerOf(client, { response_type: undefined })).has('code')).toBe(true);
    expect((await sandbox.answerOf(client, { response_type: '' })).has('code')).toBe(true);
  });

  test("the parameters of this server's own are held to their form [#authorize.own-parameters]", async () => {
    for (const bad of [
      { expires_in: '0' },
      { expires_in: '31536001' },
      { expires_in: '-1' },
      { expires_in: '1.5' },
      { expires_in: 'x' },
      { auto_approve: 'yes' },
      { auto_approve: undefined, auto_approve_email: 'a@example.com' },
      { auto_approve: undefined, auto_approve_password: 'x' },
    ]) {
      expect
        .soft([bad, (await sandbox.authorize(client, { auto_approve: 'true', ...bad })).headers.get('location')])
        .toEqual([bad, expect.stringContaining('error=invalid_request')]);
    }
    for (const expires_in of ['1', '31536000'])
      expect.soft((await sandbox.tokens(client, { expires_in })).expires_in).toBe(Number(expires_in));
    expect((await sandbox.authorize(client, { auto_approve: 'false' })).headers.get('location')).toContain('/consent/');
    expect(
      (
        await sandbox.answerOf(client, {
          auto_approve: undefined,
          auto_approve_email: 'no address',
          auto_approve_password: 'x',
        })
      ).get('error'),
    ).toBe('access_denied');
  });

  test(
    'without resource a token is for both servers, and without scope for what was registered, else ' + 'notes:read',
    async () => {
      const one = await sandbox.tokens(client);
      expect([one.scope, (await sandbox.introspect(one.access_token)).aud]).toEqual([
        'notes:read',
        [sandbox.mcp, `${sandbox.issuer}/oauth`],
      ]);
      const named = await sandbox.register({ scope: 'read write' });
      expect((await sandbox.tokens(named)).scope).toBe('read write');
      for (const audience of ['not a uri', 'https://api.example/#x'])
        expect.soft((await sandbox.answerOf(client, { audience })).get('error')).toBe('invalid_target');
    },
  );

  test('a client without the grant gets no code [#authorize.client-allowed]', async () => {
    const machine = await sandbox.confidential({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [CALLBACK],
    });
    expect((await sandbox.answerOf(machine)).get('error')).toBe('unauthorized_client');
  });

  test.each([
    'unheard-of',
    'notes:read unheard-of',
    'notes:read  notes:write',
    ' notes:read',
    'notes:read ',
    'notes"read',
    'notes\\read',
    'nötes',
    'notes:read\tread',
    'notes:read,notes:write',
    '__proto__',
    'constructor',
  ])('an unknown scope, or one outside the grammar, is invalid_scope: %j [#authorize.scope-grammar]', async (scope) => {
    expect([scope, (await sandbox.answerOf(client, { scope })).get('error')]).toEqual([scope, 'invalid_scope']);
  });

  test('the registered scope is a default, and a ceiling by a knob [#authorize.scope-registered]', async () => {
    const reader = await sandbox.register({ scope: 'notes:read' });
    expect((await sandbox.tokens(reader)).scope).toBe('notes:read');
    expect((await sandbox.tokens(reader, { scope: 'notes:write' })).scope).toBe('notes:write');
    expect((await sandbox.tokens(client)).scope).toBe('notes:read');
    const strict = await instance.sandbox({ 'registration.scope': 'ceiling' });
    const held = await strict.register({ scope: 'notes:read' });
    for (const scope of ['notes:write', 'notes:read admin', 'openid'])
      expect((await strict.answerOf(held, { scope })).get('error')).toBe('invalid_scope');
    const writer = await strict.register({ scope: 'notes:write' });
    expect((await strict.tokens(writer, { scope: 'notes:read' })).scope).toBe('notes:read');
  });

  test('a foreign resource is invalid_target [#authorize.resource-target]', async () => {
    const other = await instance.sandbox();
    for (const resource of [
      'https://elsewhere.example/mcp',
      other.mcp,
      `${sandbox.mcp}/`,
      `${sandbox.mcp}?x`,
      sandbox.mcp.toUpperCase(),
      sandbox.mcp.replace('localhost', '127.0.0.1'),
      sandbox.mcp.replace('/mcp', '/%6Dcp'),
      sandbox.mcp.replace('/s/', '/x/../s/'),
      sandbox.issuer,
    ]) {
      expect
        .soft([resource, (await sandbox.answerOf(client, { resource })).get('error')])
        .toEqual([resource, 'invalid_target']);
    }
  });

  test('a resource in capital scheme and host is the own one, by its canonical name', async () => {
    const resource = sandbox.mcp.replace('http://localhost', 'HTTP://LOCALHOST');
    const { access_token } = await sandbox.tokens(client, { resource });
    expect((await sandbox.introspect(access_token)).aud).toBe(sandbox.mcp);
    const code = await sandbox.code(client, { resource });
    const { body } = await sandbox.redeem(client, code, { resource });
    const refreshed = await sandbox.refresh(client, body.refresh_token, { resource });
    for (const one of [body, refreshed.body])
      expect.soft((await sandbox.introspect(one.access_token)).aud).toBe(sandbox.mcp);
    expect((await sandbox.call(access_token)).status).toBe(200);
  });

  test('resource is an absolute URI without fragment, and may be repeated [#authorize.resource-form]', async () => {
    for (const resource of [
      'mcp',
      '/mcp',
      '//localhost/mcp',
      `${sandbox.mcp}#x`,
      `${sandbox.mcp}#`,
      'http:',
      'not a uri',
      'https://[',
    ]) {
      expect
        .soft([resource, (await sandbox.answerOf(client, { resource })).get('error')])
        .toEqual([resource, 'invalid_target']);
    }
    const both = await sandbox.authorize(client, [
      ...Object.entries({ client_id: client.client_id, ...REQUEST, auto_approve: 'true' }),
      ['resource', sandbox.mcp],
      ['resource', `${sandbox.issuer}/oauth`],
    ]);
    const code = new URL(locationOf(both)!).searchParams.get('code')!;
    const { body } = await sandbox.redeem(client, { code, code_verifier: 'v'.repeat(43) });
    expect((await sandbox.introspect(body.access_token)).aud).toEqual([sandbox.mcp, `${sandbox.issuer}/oauth`]);
  });
});

describe('on a public instance', () => {
  let site: Instance;
  let place: TestSandbox;
  beforeAll(async () => {
    site = await openInstance({
      PUBLIC_URL: 'https://authwalk.example',
      AUTHWALK_ADMIN_TOKEN: 'admin-token-for-these-tests',
    });
    place = await site.sandbox();
  });
  afterAll(() => site.close());
  const NAVIGATION = {
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-dest': 'document',
    accept: 'text/html',
  };

  test('no navigation leaves for a foreign address without a page [#authorize.no-open-redirector]', async () => {
    const foreign = await place.register();
    for (const parameters of [
      { auto_approve: 'true' },
      { scope: 'unheard-of' },
      { prompt: 'none' },
      { response_type: 'token' },
      { auto_approve_email: 'a@example.com', auto_approve_password: 'secret' },
    ]) {
      const answer = await place.authorize(foreign, parameters, NAVIGATION);
      expect.soft([parameters, answer.status, answer.headers.get('location')]).toEqual([parameters, 200, null]);
      expect.soft(answer.headers.get('refresh')).toBeNull();
      expect.soft(answer.text).not.toMatch(/http-equiv|<script/i);
      expect.soft(answer.text).toContain('client.example');
    }
    // A client that is no browser goes straight through, as does whoever shows the control token.
    expect((await place.authorize(foreign, { auto_approve: 'true' })).status).toBe(302);
    expect(
      (await place.authorize(foreign, { auto_approve: 'true', control_token: place.made.control_token }, NAVIGATION))
        .status,
    ).toBe(302);
    expect(
      (await place.authorize(foreign, { auto_approve: 'true', control_token: 'made-up' }, NAVIGATION)).status,
    ).toBe(200);
    const native = await place.register({ redirect_uris: ['http://127.0.0.1/cb'] });
    expect(
      (await place.authorize(native, { auto_approve: 'true', redirect_uri: 'http://127.0.0.1:7777/cb' }, NAVIGATION))
        .status,
    ).toBe(302);
    for (const lookalike of [
      'https://127.0.0.1.evil.example/',
      'https://localhost.evil.example/',
      'https://authwalk.example.evil.example/',
    ]) {
      const evil = await place.register({ redirect_uris: [lookalike] });
      expect
        .soft([lookalike, (await place.authorize(evil, { auto_approve: 'true' }, NAVIGATION)).status])
        .toEqual([lookalike, 200]);
    }
  });

  test('a request by POST may come from a page of any origin; an answer to the consent page may not', async () => {
    const foreign = await place.register();
    const headers = { ...NAVIGATION, origin: 'https://spa.example' };
    const asked = await place.post('/oauth/authorize', { client_id: foreign.client_id, ...REQUEST }, headers);
    expect([asked.status, asked.headers.get('location')?.startsWith('https://authwalk.example/consent/')]).toEqual([
      302,
      true,
    ]);
    const interaction = asked.headers.get('location')!.split('/consent/')[1]!;
    const cookie = asked.headers.get('set-cookie')!.split(';')[0]!;
    expect(
      (
        await place.post(
          '/oauth/authorize',
          { interaction, action: 'auto', scope: 'notes:read' },
          { ...headers, cookie },
        )
      ).status,
    ).toBe(403);
    const own = await place.post(
      '/oauth/authorize',
      { interaction, action: 'auto', scope: 'notes:read' },
      { ...NAVIGATION, 'sec-fetch-site': 'same-origin', origin: 'https://authwalk.example', cookie },
    );
    // Just approved, on a page that named it: straight there.
    expect([own.status, own.headers.get('location')?.startsWith(`${CALLBACK}?code=`)]).toEqual([302, true]);
  });

  test('the control token is never passed on', async () => {
    const foreign = await place.register();
    const answer = await place.authorize(
      foreign,
      { auto_approve: 'true', state: 's', control_token: place.made.control_token },
      NAVIGATION,
    );
    expect(answer.headers.get('location')).not.toContain(place.made.control_token);
  });
});
