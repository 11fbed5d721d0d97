import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  decide,
  type Instance,
  openInstance,
  sameSite,
  type TestClient,
  type TestSandbox,
  visit,
} from '../lib/sandbox.ts';

const BYE = 'https://client.example/bye?x=1';
let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register({ post_logout_redirect_uris: [BYE] });
});
afterAll(() => instance.close());

async function signIn(place = sandbox, one = client, email = 'ada@example.com') {
  const open = await visit(place, one, { scope: 'openid' });
  const answer = await decide(place, open, { action: 'login', email, password: 'secret', scope: 'openid' });
  const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
  const { body } = await place.redeem(one, { code, code_verifier: open.verifier });
  return { cookie: open.cookie, id_token: body.id_token as string };
}
const leave = (parameters: Record<string, string>, cookie?: string, place = sandbox) =>
  place.get(`/oauth/logout?${new URLSearchParams(parameters)}`, { accept: 'text/html', ...(cookie ? { cookie } : {}) });
const signedIn = async (cookie: string) =>
  (await sandbox.answerOf(client, { auto_approve: undefined, scope: 'openid', prompt: 'none' }, { cookie })).has(
    'code',
  );

describe('with a hint that names the session', () => {
  test(
    'the session ends, and the user goes only where the client registered, with state ' +
      '[#logout.redirect-registered]',
    async () => {
      const { cookie, id_token } = await signIn();
      expect(await signedIn(cookie)).toBe(true);
      for (const wrong of [
        'https://attacker.example/',
        `${BYE}&y=2`,
        BYE.toUpperCase(),
        'https://client.example/bye',
        'https://client.example/callback',
        'javascript:alert(1)',
        '//attacker.example',
        '',
      ]) {
        const answer = await leave(
          {
            id_token_hint: id_token,
            ...(wrong ? { post_logout_redirect_uri: wrong } : { post_logout_redirect_uri: 'x' }),
          },
          cookie,
        );
        expect.soft([wrong, answer.status, answer.headers.get('location')]).toEqual([wrong, 400, null]);
      }
      expect(await signedIn(cookie)).toBe(true);
      const other = await sandbox.register();
      expect((await leave({ post_logout_redirect_uri: BYE, client_id: other.client_id }, cookie)).status).toBe(400);
      expect((await leave({ post_logout_redirect_uri: BYE }, cookie)).status).toBe(400);
      const answer = await leave({ id_token_hint: id_token, post_logout_redirect_uri: BYE, state: 'a b&c' }, cookie);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, `${BYE}&state=a+b%26c`]);
      expect(await signedIn(cookie)).toBe(false);
    },
  );

  test("also an expired one; not one of another issuer, another client, or nobody's [#logout.hint]", async () => {
    const { cookie, id_token } = await signIn();
    const other = await sandbox.register();
    expect((await leave({ id_token_hint: id_token, client_id: other.client_id }, cookie)).status).toBe(400);
    const elsewhere = await instance.sandbox();
    const foreign = await elsewhere.tokens(await elsewhere.register(), { scope: 'openid' });
    for (const hint of ['x', 'a.b.c', foreign.id_token!, `${id_token.slice(0, -5)}AAAAA`])
      expect.soft((await leave({ id_token_hint: hint }, cookie)).status).toBe(400);
    expect(await signedIn(cookie)).toBe(true);
    await sandbox.advance(7200);
    expect((await leave({ id_token_hint: id_token }, cookie)).status).toBe(200);
    expect(await signedIn(cookie)).toBe(false);
  });
});

describe('without one', () => {
  test('the user is asked before the session ends [#logout.confirmed]', async () => {
    const { cookie } = await signIn();
    const question = await leave({ client_id: client.client_id, post_logout_redirect_uri: BYE }, cookie);
    expect([question.status, question.headers.get('location')]).toEqual([200, null]);
    expect(question.text).toContain('client.example');
    expect(await signedIn(cookie)).toBe(true);
    const { id_token: another } = await sandbox.tokens(client, { scope: 'openid' });
    expect((await leave({ id_token_hint: another! }, cookie)).text).toContain('name="ticket"');
    // Nor is the token of somebody who is signed in elsewhere, though it names a session.
    const stranger = await signIn(sandbox, client, 'bob@example.com');
    expect((await leave({ id_token_hint: stranger.id_token }, cookie)).text).toContain('name="ticket"');
    expect(await signedIn(cookie)).toBe(true);
    const ticket = /name="ticket" value="([^"]+)"/.exec(question.text)![1]!;
    const fields: Record<string, string> = {
      client_id: client.client_id,
      post_logout_redirect_uri: BYE,
      answer: 'leave',
    };
    for (const [body, headers] of [
      [fields, sameSite(sandbox, cookie)],
      [{ ...fields, ticket: 'x' }, sameSite(sandbox, cookie)],
      [
        { ...fields, ticket },
        { ...sameSite(sandbox, cookie), origin: 'http://localhost:9999' },
      ],
      [
        { ...fields, ticket },
        { ...sameSite(sandbox, cookie), 'sec-fetch-site': 'cross-site' },
      ],
    ] as const) {
      expect.soft((await sandbox.post('/oauth/logout', body, headers)).status).toBe(403);
    }
    expect(await signedIn(cookie)).toBe(true);
    const stayed = await sandbox.post(
      '/oauth/logout',
      { ...fields, ticket, answer: 'stay' },
      sameSite(sandbox, cookie),
    );
    expect(stayed.status).toBe(302);
    expect(await signedIn(cookie)).toBe(true);
    const left = await sandbox.post('/oauth/logout', { ...fields, ticket }, sameSite(sandbox, cookie));
    expect([left.status, left.headers.get('location')]).toEqual([302, BYE]);
    expect(await signedIn(cookie)).toBe(false);
  });

  test('a second visit in one sandbox ends nothing in another', async () => {
    const elsewhere = await instance.sandbox();
    const { cookie } = await signIn();
    await leave({}, cookie, elsewhere);
    expect(await signedIn(cookie)).toBe(true);
  });
});

test(
  'on a public instance nobody is sent to a foreign address without a page in between, nor by a form of a ' +
    'strange page [#authorize.no-open-redirector]',
  async () => {
    const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
    const place = await site.sandbox();
    const foreign = await place.register({ post_logout_redirect_uris: ['https://attacker.example/'] });
    const parameters = { client_id: foreign.client_id, post_logout_redirect_uri: 'https://attacker.example/' };
    const navigation = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' };
    const link = await place.get(`/oauth/logout?${new URLSearchParams(parameters)}`, navigation);
    expect([link.status, link.headers.get('location')]).toEqual([200, null]);
    for (const answer of ['leave', 'stay', 'x']) {
      const posted = await place.post(
        '/oauth/logout',
        { ...parameters, answer },
        { ...navigation, origin: 'https://attacker.example' },
      );
      expect.soft([answer, posted.headers.get('location')]).toEqual([answer, null]);
    }
    await site.close();
  },
);
