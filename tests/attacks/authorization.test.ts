/** RFC 9700 §4.4 to §4.7, §4.12 to §4.16: mix-up, injection, downgrade, replay, forgery of the user's decision. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  CALLBACK,
  decide,
  form,
  type Instance,
  json,
  openInstance,
  pkce,
  s256,
  sameSite,
  type TestClient,
  type TestSandbox,
  visit,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox({ issuers: ['as2'] });
  client = await sandbox.register();
});
afterAll(() => instance.close());

const redirectOf = (answer: { headers: Headers }) => new URL(answer.headers.get('location')!);

describe('mix-up (§4.4)', () => {
  test('every answer says who gives it, and a code is worth nothing at the other server', async () => {
    const at2 = (
      await instance.ask(
        `${sandbox.issuer}/as2/oauth/register`,
        json('POST', { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' }),
      )
    ).body as TestClient;
    const { verifier, challenge } = pkce();
    const own = await sandbox.answerOf(client, { code_challenge: challenge });
    const answer = await instance.ask(
      `${sandbox.issuer}/as2/oauth/authorize?${new URLSearchParams({
        client_id: at2.client_id,
        response_type: 'code',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        auto_approve: 'true',
      })}`,
    );
    const other = redirectOf(answer).searchParams;
    expect([own.get('iss'), other.get('iss')]).toEqual([sandbox.issuer, `${sandbox.issuer}/as2`]);
    // The attacker's server carries the honest one's code to where it is not known.
    expect(
      (
        await instance.ask(
          `${sandbox.issuer}/as2/oauth/token`,
          form({
            grant_type: 'authorization_code',
            client_id: at2.client_id,
            code: own.get('code')!,
            code_verifier: verifier,
          }),
        )
      ).body.error,
    ).toBe('invalid_grant');
    expect((await sandbox.redeem(client, { code: other.get('code')!, code_verifier: verifier })).body.error).toBe(
      'invalid_grant',
    );
    const errors = [
      await sandbox.answerOf(client, { scope: 'unheard-of' }),
      await sandbox.answerOf(client, { prompt: 'none', auto_approve: undefined }),
    ];
    for (const error of errors) expect.soft(error.getAll('iss')).toEqual([sandbox.issuer]);
  });
});

describe('code injection (§4.5) and PKCE downgrade (§4.8)', () => {
  test("a stolen code is no use in the attacker's own session, public client or confidential", async () => {
    for (const one of [client, await sandbox.confidential()]) {
      const victim = await sandbox.code(one);
      const attacker = await sandbox.code(one);
      expect
        .soft((await sandbox.redeem(one, { code: victim.code, code_verifier: attacker.code_verifier })).body.error)
        .toBe('invalid_grant');
      expect.soft((await sandbox.redeem(one, victim)).status).toBe(200);
    }
  });

  test('a request whose challenge was removed is refused, and a code without one takes no verifier', async () => {
    expect(
      (await sandbox.answerOf(client, { code_challenge: undefined, code_challenge_method: undefined })).get('error'),
    ).toBe('invalid_request');
    expect((await sandbox.answerOf(client, { code_challenge: undefined })).get('error')).toBe('invalid_request');
    const lax = await instance.sandbox({ 'authorize.pkce': 'optional' });
    const one = await lax.register();
    const stripped = await lax.answerOf(one, { code_challenge: undefined, code_challenge_method: undefined });
    expect((await lax.redeem(one, { code: stripped.get('code')!, code_verifier: pkce().verifier })).body.error).toBe(
      'invalid_grant',
    );
  });

  test('the method cannot be talked down to plain', async () => {
    const { verifier, challenge } = pkce();
    for (const code_challenge_method of ['plain', 'PLAIN', '', undefined, 'S256,plain', 's256'])
      expect
        .soft((await sandbox.answerOf(client, { code_challenge: challenge, code_challenge_method })).get('error'))
        .toBe('invalid_request');
    // A challenge that was seen on the way is not its own verifier.
    const code = (await sandbox.answerOf(client, { code_challenge: challenge })).get('code')!;
    expect((await sandbox.redeem(client, { code, code_verifier: challenge })).body.error).toBe('invalid_grant');
    expect(
      (
        await sandbox.token([
          ['grant_type', 'authorization_code'],
          ['client_id', client.client_id],
          ['code', code],
          ['code_verifier', challenge],
          ['code_challenge_method', 'plain'],
        ])
      ).body.error,
    ).toBe('invalid_grant');
    expect((await sandbox.redeem(client, { code, code_verifier: verifier })).status).toBe(200);
  });

  test('a code cannot be guessed', async () => {
    const codes = await Promise.all(Array.from({ length: 50 }, () => sandbox.code(client)));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(50);
    for (const { code } of codes) expect.soft(Buffer.from(code, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});

describe('code replay (§4.5.3.1)', () => {
  test('ends the session of the thief and of the victim alike, and the victim notices', async () => {
    const code = await sandbox.code(client);
    const thief = (await sandbox.redeem(client, code)).body;
    expect((await sandbox.redeem(client, code)).body.error).toBe('invalid_grant');
    expect((await sandbox.call(thief.access_token)).status).toBe(401);
    expect((await sandbox.refresh(client, thief.refresh_token)).body.error).toBe('invalid_grant');
  });
});

describe('forged decisions (§4.7) and hijacked visits', () => {
  test('a form on a strange page decides nothing, with the cookie or without it', async () => {
    const open = await visit(sandbox, client);
    for (const headers of [
      { ...sameSite(sandbox, open.cookie), origin: 'http://localhost:6666', 'sec-fetch-site': 'same-site' },
      { ...sameSite(sandbox, open.cookie), origin: 'null' },
      { origin: 'http://localhost:6666' },
      { 'sec-fetch-site': 'cross-site', cookie: open.cookie },
      { 'sec-fetch-dest': 'document', cookie: open.cookie, 'sec-fetch-site': 'same-site' },
    ])
      for (const action of ['auto', 'deny', 'continue', 'login']) {
        const answer = await decide(
          sandbox,
          open,
          { action, email: 'ada@example.com', password: 'secret', scope: 'notes:read' },
          headers as Record<string, string>,
        );
        expect
          .soft([headers, action, answer.status, answer.headers.get('location')])
          .toEqual([headers, action, 403, null]);
      }
    // Chromium's preflight for a form never comes; for anything else it is refused.
    const preflight = await sandbox.ask('/oauth/authorize', {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:6666', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(
      redirectOf(await decide(sandbox, open, { action: 'auto', scope: 'notes:read' })).searchParams.has('code'),
    ).toBe(true);
  });

  test("an attacker cannot have the victim approve the attacker's visit", async () => {
    const attackers = await visit(sandbox, client);
    const victims = await visit(sandbox, client);
    const answer = await decide(
      sandbox,
      { interaction: attackers.interaction, cookie: victims.cookie },
      { action: 'auto', scope: 'notes:read' },
    );
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
  });

  test('a visit of one sandbox is not decided in another', async () => {
    const other = await instance.sandbox();
    const open = await visit(sandbox, client);
    for (const place of [other, { ...other, issuer: 'http://localhost:3000' }]) {
      const answer = await instance.ask(
        `${place.issuer}/oauth/authorize`,
        form({ interaction: open.interaction, action: 'auto' }, { cookie: open.cookie }),
      );
      expect.soft([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    }
  });

  test('interactions cannot be guessed, and end', async () => {
    const open = await visit(sandbox, client);
    const secret = open.interaction.split('.').at(-1)!;
    expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
    for (const wrong of [
      '',
      'x',
      `${open.interaction.slice(0, -1)}!`,
      open.interaction.toUpperCase(),
      `${sandbox.id}.`,
      '__proto__',
      '../../x',
    ])
      expect
        .soft((await decide(sandbox, { interaction: wrong, cookie: open.cookie })).headers.get('location'))
        .toBeNull();
    await sandbox.advance(31 * 60);
    expect((await decide(sandbox, open, { action: 'auto', scope: 'notes:read' })).headers.get('location')).toBeNull();
  });

  test('a scope that is not on the form, an extra field, a repeated one: nothing more is granted', async () => {
    const open = await visit(sandbox, client, { scope: 'notes:read' });
    const answer = await decide(sandbox, open, [
      ['action', 'auto'],
      ['scope', 'notes:read'],
      ['scope', 'admin'],
      ['redirect_uri', 'https://evil.example/'],
      ['client_id', 'other'],
      ['resource', 'https://evil.example/'],
      ['code_challenge', 'x'.repeat(43)],
      ['auto_approve', 'true'],
    ]);
    const url = redirectOf(answer);
    expect(url.origin + url.pathname).toBe(CALLBACK);
    const { body } = await sandbox.redeem(client, {
      code: url.searchParams.get('code')!,
      code_verifier: open.verifier,
    });
    expect(body.scope).toBe('notes:read');
    const twice = await visit(sandbox, client);
    expect(
      (
        await decide(sandbox, twice, [
          ['action', 'auto'],
          ['action', 'deny'],
          ['scope', 'notes:read'],
        ])
      ).headers.get('location'),
    ).toBeNull();
  });
});

describe('leaks by Referer and by the cache (§4.2, §4.3)', () => {
  test(
    'what carries a code says no-referrer and no-store, and no page on the way loads anything from ' + 'elsewhere',
    async () => {
      const open = await visit(sandbox, client);
      for (const answer of [
        await sandbox.authorize(client, { auto_approve: 'true' }),
        await decide(sandbox, open, { action: 'auto', scope: 'notes:read' }),
      ]) {
        expect
          .soft([answer.headers.get('referrer-policy'), answer.headers.get('cache-control')])
          .toEqual(['no-referrer', 'no-store']);
        expect.soft(answer.text).toBe('');
      }
      for (const page of [
        await sandbox.authorize('nobody', {}, { accept: 'text/html' }),
        await sandbox.get('/activate', { accept: 'text/html' }),
      ]) {
        for (const [, address] of page.text.matchAll(/(?:src|href|action)="([^"]*)"/g))
          expect
            .soft(address)
            .toMatch(new RegExp(`^(?:/(?!/)|#|http://localhost:3000/|https://(?:${DOCUMENTS.join('|')})/)`));
      }
    },
  );
});

/** Where a page of this server may link to, other than itself. */
const DOCUMENTS = ['datatracker.ietf.org', 'www.rfc-editor.org', 'openid.net', 'modelcontextprotocol.io'].map((host) =>
  host.replaceAll('.', String.raw`\.`),
);

describe('redirects that carry a password on (§4.12)', () => {
  test('are 303, so that no browser posts the form again', async () => {
    const open = await visit(sandbox, client);
    expect(
      (
        await decide(sandbox, open, {
          action: 'login',
          email: 'eve@example.com',
          password: 'secret',
          scope: 'notes:read',
        })
      ).status,
    ).toBe(303);
    const posted = await instance.ask(
      `${sandbox.issuer}/oauth/authorize`,
      form({
        client_id: client.client_id,
        response_type: 'code',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
        auto_approve_email: 'eve@example.com',
        auto_approve_password: 'secret',
      }),
    );
    expect([302, 303]).toContain(posted.status);
    expect(posted.headers.get('location')).not.toContain('secret');
  });
});

describe('a client that passes for a user (§4.15)', () => {
  test('a token of a client never reads as one of a user, whatever the client is called', async () => {
    const victim = (await sandbox.introspect((await sandbox.tokens(client, { scope: 'openid' })).access_token))
      .sub as string;
    const place = await instance.sandbox(
      {},
      {
        users: [{ email: 'victim@example.com', sub: victim, password: 'x' }],
        clients: [
          {
            client_id: victim,
            client_secret: 'secret',
            auth_method: 'client_secret_basic',
            grant_types: ['client_credentials'],
            scope: 'openid profile notes:read',
          },
        ],
      },
    );
    const { body } = await place.token(
      { grant_type: 'client_credentials', scope: 'notes:read' },
      { authorization: `Basic ${btoa(`${victim}:secret`)}` },
    );
    expect([401, 403]).toContain(
      (await place.get('/oauth/userinfo', { authorization: `Bearer ${body.access_token}` })).status,
    );
    expect(
      (
        await place.token(
          { grant_type: 'client_credentials', scope: 'openid' },
          { authorization: `Basic ${btoa(`${victim}:secret`)}` },
        )
      ).body.error,
    ).toBe('invalid_scope');
    expect((await place.get('/api/resource', { authorization: `Bearer ${body.access_token}` })).body.sub).toBeNull();
  });

  test('nobody chooses an identifier by registering', async () => {
    for (const member of ['client_id', 'sub', 'client_id_issued_at']) {
      const made = await sandbox.json('POST', '/oauth/register', { redirect_uris: [CALLBACK], [member]: 'u_victim' });
      expect.soft(made.body.client_id).toMatch(/^c_/);
    }
    expect(
      (await sandbox.token({ grant_type: 'client_credentials' }, basicOf(await sandbox.confidential()))).status,
    ).toBe(200);
  });
});

describe('clickjacking (§4.16)', () => {
  test('no page of the way can be framed', async () => {
    for (const { headers } of [
      await sandbox.authorize('nobody', {}, { accept: 'text/html' }),
      await sandbox.authorize(client),
      await sandbox.get('/activate', { accept: 'text/html' }),
      await sandbox.get('/oauth/logout', { accept: 'text/html' }),
      await sandbox.get('/mcp', { accept: 'text/html' }),
    ]) {
      expect.soft(headers.get('x-frame-options')).toBe('DENY');
    }
  });
});
