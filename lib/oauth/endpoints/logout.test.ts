import { afterEach, describe, expect, test } from 'vitest';
import { type Browser, type Engine, openEngine, ORIGIN, type Params, pkce } from '#lib/testing/engine.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { loginOf } from '../interaction/session.ts';
import { sha256 } from '../hash.ts';
import { issueIdToken } from '../tokens/id-token.ts';
import { authorize } from './authorize.ts';
import { logout } from './logout.ts';

const RETURN = 'https://client.example.com/bye';
const FORM = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', accept: 'text/html' };

let engine: Engine;
afterEach(() => engine.close());

interface Scene {
  readonly client: ClientRecord;
  readonly browser: Browser;
  readonly hint: string;
}

/** Somebody is signed in, and the client holds their ID token. */
async function scene(): Promise<Scene> {
  const client = await engine.client({ post_logout_redirect_uris: [RETURN] });
  const browser: Browser = { id: 'b'.repeat(43) };
  await engine.call(authorize, {
    path: '/oauth/authorize',
    browser,
    query: {
      client_id: client.clientId,
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      auto_approve_email: 'ada@example.com',
      auto_approve_password: 'engine',
    },
  });
  const now = engine.tenant.now();
  // On a public instance a link signs nobody in: there the login is put in place.
  if (engine.tenant.isPublic) {
    const user = (await engine.tenant.store.findUser('ada@example.com'))!;
    const browserHash = sha256(browser.id!);
    await engine.tenant.store.putSession({ id: 's', browserHash, sub: user.sub, authTime: now, expiresAt: now + 1000 });
  }
  const login = await loginOf(engine.tenant, browser.id);
  const hint = await issueIdToken(engine.tenant, { client, sub: login!.user.sub, details: { sid: login!.session.id } });
  return { client, browser, hint };
}

const leave = (query: Params, browser: Browser, headers: Record<string, string> = { accept: 'text/html' }) =>
  engine.call(logout, { path: '/oauth/logout', query, browser, headers });
const signedIn = async (browser: Browser) => (await loginOf(engine.tenant, browser.id)) !== null;
const reason = () => engine.trace.facts.reason;

describe('with a hint', () => {
  test('ends the login at once, also where the hint has expired, and returns with state', async () => {
    engine = await openEngine();
    const { browser, hint } = await scene();
    engine.advance(7200);
    const response = await leave({ id_token_hint: hint, post_logout_redirect_uri: RETURN, state: 'xyz' }, browser);
    expect([response.status, response.headers.get('location')]).toEqual([302, `${RETURN}?state=xyz`]);
    expect(await signedIn(browser)).toBe(false);
  });

  test('that is of another client, or no ID token, is refused', async () => {
    engine = await openEngine();
    const { browser, hint } = await scene();
    const other = await engine.client();
    expect((await leave({ id_token_hint: hint, client_id: other.clientId }, browser)).status).toBe(400);
    expect((await leave({ id_token_hint: 'e30.e30.x' }, browser)).status).toBe(400);
    expect(reason()).toBe('logout-hint');
    expect(await signedIn(browser)).toBe(true);
  });

  test("that is somebody else's asks first", async () => {
    engine = await openEngine();
    const { client, browser } = await scene();
    const hint = await issueIdToken(engine.tenant, { client, sub: 'u_other', details: {} });
    expect((await leave({ id_token_hint: hint }, browser)).status).toBe(200);
    expect(await signedIn(browser)).toBe(true);
  });
});

describe('the address to return to [#logout.redirect-registered]', () => {
  test.each([`${RETURN}/`, 'https://elsewhere.example/', `${RETURN}?a=b`])(
    'has to be registered, letter by letter: %s',
    async (post_logout_redirect_uri) => {
      engine = await openEngine();
      const { browser, hint } = await scene();
      const response = await leave({ id_token_hint: hint, post_logout_redirect_uri }, browser);
      expect([response.status, response.headers.get('location'), reason()]).toEqual([400, null, 'logout-redirect']);
      expect(await response.text()).not.toContain('elsewhere.example');
    },
  );

  test('needs somebody whose it is', async () => {
    engine = await openEngine();
    const { browser } = await scene();
    expect((await leave({ post_logout_redirect_uri: RETURN }, browser)).status).toBe(400);
  });

  test('on a public instance is shown first to a browser that nobody has asked', async () => {
    engine = await openEngine({ origin: 'https://authwalk.dev', isPublic: true });
    const { browser, hint } = await scene();
    const response = await leave({ id_token_hint: hint, post_logout_redirect_uri: RETURN }, browser, {
      accept: 'text/html',
      'sec-fetch-mode': 'navigate',
    });
    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
  });
});

describe('without a hint', () => {
  async function question(): Promise<Scene & { ticket: string; text: string }> {
    const made = await scene();
    const response = await leave({ client_id: made.client.clientId, post_logout_redirect_uri: RETURN }, made.browser);
    const text = await response.text();
    return { ...made, text, ticket: /name="ticket" value="([^"]+)"/.exec(text)![1]! };
  }
  const reply = (form: Params, browser: Browser, headers: Record<string, string> = FORM) =>
    engine.call(logout, {
      path: '/oauth/logout',
      form: { post_logout_redirect_uri: RETURN, ...form },
      browser,
      headers,
    });

  test('asks, and goes by the answer [#logout.confirmed]', async () => {
    engine = await openEngine();
    const { client, browser, ticket, text } = await question();
    expect(text).toContain('client.example.com');
    expect((await reply({ client_id: client.clientId, ticket, answer: 'stay' }, browser)).status).toBe(302);
    expect(await signedIn(browser)).toBe(true);
    expect(
      (await reply({ client_id: client.clientId, ticket, answer: 'leave' }, browser)).headers.get('location'),
    ).toBe(RETURN);
    expect(await signedIn(browser)).toBe(false);
  });

  test.each([
    ['another origin', { ...FORM, origin: 'https://attacker.example.com' }, true],
    ['another site', { ...FORM, 'sec-fetch-site': 'cross-site' }, true],
    ['a form without its ticket', FORM, false],
  ])('takes no answer from %s', async (_name, headers, keep) => {
    engine = await openEngine();
    const { client, browser, ticket } = await question();
    expect(
      (await reply({ client_id: client.clientId, ticket: keep ? ticket : 'x', answer: 'leave' }, browser, headers))
        .status,
    ).toBe(403);
    expect(await signedIn(browser)).toBe(true);
  });

  test('where nobody is signed in there is nothing to ask', async () => {
    engine = await openEngine();
    await scene();
    expect(await (await leave({}, { id: null })).text()).toContain('You are signed out.');
  });
});
