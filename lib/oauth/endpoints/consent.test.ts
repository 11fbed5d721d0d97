import { afterEach, describe, expect, test } from 'vitest';
import { type Browser, type Engine, openEngine, ORIGIN, type Params, pkce } from '#lib/testing/engine.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { sandboxOfInteraction, scopeOfInteraction } from '../interaction/interaction.ts';
import { consentView, type ConsentView } from '../interaction/view.ts';
import { sha256 } from '../hash.ts';
import { authorize } from './authorize.ts';
import { decide } from './consent.ts';

const CALLBACK = 'https://client.example.com/callback';
const FORM = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin', origin: ORIGIN, accept: 'text/html' };

let engine: Engine;
afterEach(() => engine.close());

interface Visit {
  readonly client: ClientRecord;
  readonly browser: Browser;
  readonly interaction: string;
}

/** Sends the user to the consent page. */
async function visit(
  change: Params = {},
  metadata: Partial<ClientRecord['metadata']> = {},
  browser: Browser = { id: null },
): Promise<Visit> {
  const client = await engine.client(metadata);
  const response = await engine.call(authorize, {
    path: '/oauth/authorize',
    browser,
    query: {
      client_id: client.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      state: 'xyz',
      scope: 'notes:read notes:write',
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      ...change,
    },
  });
  return { client, browser, interaction: response.headers.get('location')!.split('/consent/')[1]! };
}

/** Answers as the page of the interaction does. */
function submit(
  { interaction, browser }: Visit,
  form: Params,
  headers: Record<string, string> = FORM,
): Promise<Response> {
  return engine.call(decide, { path: '/oauth/authorize', form: { interaction, ...form }, browser, headers });
}

async function view({ interaction, browser }: Visit): Promise<ConsentView> {
  const shown = await consentView(engine.tenant, interaction, browser.id);
  if ('gone' in shown || 'foreign' in shown) throw new Error(JSON.stringify(shown));
  return shown;
}

function answer(response: Response): Record<string, string> {
  return Object.fromEntries(new URL(response.headers.get('location') ?? 'about:blank').searchParams);
}

async function grantOf(response: Response) {
  return (await engine.tenant.store.findCode(sha256(answer(response).code ?? '')))?.grant;
}

const reason = () => engine.trace.facts.reason;
const auto = { action: 'auto', scope: ['notes:read', 'notes:write'] };
const login = { action: 'login', email: 'ada@example.com', password: 'engine', scope: 'notes:read' };

describe('approving', () => {
  test('as the made-up user that the page named', async () => {
    engine = await openEngine();
    const open = await visit();
    const { invention } = await view(open);
    const response = await submit(open, auto);
    expect(response.status).toBe(302);
    expect(answer(response)).toEqual({ code: expect.any(String), state: 'xyz', iss: ORIGIN });
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const grant = await grantOf(response);
    expect(grant?.scope).toEqual(['notes:read', 'notes:write']);
    expect(await engine.tenant.store.getUser(grant!.sub!)).toMatchObject({ email: invention.email, temporary: true });
  });

  test('with less than was asked, never with more [#authorize.scope-never-more]', async () => {
    engine = await openEngine();
    expect(
      (await grantOf(await submit(await visit(), { action: 'auto', scope: ['notes:read', 'admin', 'offline_access'] })))
        ?.scope,
    ).toEqual(['notes:read']);
  });

  test('with nothing ticked is a denial', async () => {
    engine = await openEngine();
    expect(answer(await submit(await visit(), { action: 'auto' }))).toMatchObject({ error: 'access_denied' });
  });

  test('by a script, which has no boxes to untick, grants what was asked', async () => {
    engine = await openEngine();
    expect((await grantOf(await submit(await visit(), { action: 'auto' }, {})))?.scope).toEqual([
      'notes:read',
      'notes:write',
    ]);
  });

  test('with an email and a password creates the user, and is answered by 303 [#authorize.no-307]', async () => {
    engine = await openEngine();
    const response = await submit(await visit(), login);
    expect(response.status).toBe(303);
    expect(await engine.tenant.store.getUser((await grantOf(response))!.sub!)).toMatchObject({
      email: 'ada@example.com',
      temporary: false,
    });
  });

  test('a second time with the same email and password is the same user', async () => {
    engine = await openEngine();
    const one = await grantOf(await submit(await visit(), login));
    const two = await grantOf(await submit(await visit(), { ...login, email: 'Ada@Example.com' }));
    expect(two?.sub).toBe(one?.sub);
  });

  test('as whoever is signed in with this browser', async () => {
    engine = await openEngine();
    const browser: Browser = { id: null };
    const first = await grantOf(await submit(await visit({}, {}, browser), login));
    engine.advance(30);
    const again = await visit({}, {}, browser);
    expect((await view(again)).login).toMatchObject({ email: 'ada@example.com', temporary: false });
    const second = await grantOf(await submit(again, { action: 'continue', scope: 'notes:read' }));
    expect(second?.sub).toBe(first?.sub);
    expect(second?.details).toMatchObject({ authTime: engine.tenant.now() - 30_000 });
  });

  test.each([{ prompt: 'login' }, { max_age: '10' }])('anew, where the request demands it: %o', async (change) => {
    engine = await openEngine();
    const browser: Browser = { id: null };
    await submit(await visit({}, {}, browser), login);
    engine.advance(30);
    const again = await visit(change, {}, browser);
    expect((await view(again)).login).toBeNull();
    expect((await submit(again, { action: 'continue', scope: 'notes:read' })).headers.get('location')).toContain(
      '/consent/',
    );
  });
});

describe('a wrong password', () => {
  test('shows the form again, with the address that was typed, and can be followed by the right one', async () => {
    engine = await openEngine();
    await submit(await visit(), login);
    const open = await visit();
    const response = await submit(open, { ...login, password: 'other' });
    expect([response.status, response.headers.get('location')]).toEqual([303, `${ORIGIN}/consent/${open.interaction}`]);
    expect(await view(open)).toMatchObject({ email: 'ada@example.com', failed: { problem: 'password', times: 1 } });
    expect(JSON.stringify(engine.trace.checks)).not.toContain('other');
    expect(answer(await submit(open, login))).toHaveProperty('code');
  });

  test.each([{ email: '' }, { email: 'ada' }, { password: '' }, { password: 'x'.repeat(1025) }])(
    'neither does half an answer: %o',
    async (change) => {
      engine = await openEngine();
      const open = await visit();
      expect((await submit(open, { ...login, ...change })).status).toBe(303);
      expect((await view(open)).failed?.problem).toBe('credentials');
    },
  );
});

describe('denying', () => {
  test('says so to the client, with state and iss, and ends the visit [#consent.denied]', async () => {
    engine = await openEngine();
    const open = await visit();
    const response = await submit(open, { action: 'deny' });
    expect(response.status).toBe(302);
    expect(answer(response)).toEqual({
      error: 'access_denied',
      error_description: expect.any(String),
      state: 'xyz',
      iss: ORIGIN,
    });
    expect(await consentView(engine.tenant, open.interaction, open.browser.id)).toEqual({ gone: true });
  });
});

describe('where the answer may come from [#consent.own-page-only]', () => {
  const refusedAs: readonly [string, Record<string, string>, 'own' | 'none' | 'other'][] = [
    ['another origin', { ...FORM, origin: 'https://attacker.example.com' }, 'own'],
    ['nowhere', { ...FORM, origin: 'null' }, 'own'],
    ['another site that sends no Origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'own'],
    ['another subdomain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }, 'own'],
    ['the page, in a browser without the cookie', FORM, 'none'],
    ['the page, in another browser', FORM, 'other'],
    ['a browser that only says where to', { 'sec-fetch-dest': 'document' }, 'none'],
  ];
  test.each(refusedAs)('not from %s', async (_name, headers, cookie) => {
    engine = await openEngine();
    const open = await visit();
    const browser = cookie === 'own' ? open.browser : { id: cookie === 'none' ? null : 'z'.repeat(43) };
    const response = await submit({ ...open, browser }, auto, headers);
    expect([response.status, response.headers.get('location'), reason()]).toEqual([403, null, 'interaction-foreign']);
    expect(answer(await submit(open, auto))).toHaveProperty('code');
  });

  test.each([[{}], [{ 'sec-fetch-mode': 'cors' }]])(
    'but from a script, which has no such headers: %o',
    async (headers) => {
      engine = await openEngine();
      expect(
        answer(await submit({ ...(await visit()), browser: { id: null } }, auto, headers as Record<string, string>)),
      ).toHaveProperty('code');
    },
  );

  test('the page is shown to its own browser only', async () => {
    engine = await openEngine();
    const open = await visit();
    expect(await consentView(engine.tenant, open.interaction, null)).toEqual({ foreign: true });
    expect(await consentView(engine.tenant, open.interaction, 'z'.repeat(43))).toEqual({ foreign: true });
    expect(await consentView(engine.tenant, 'default.nothing', open.browser.id)).toEqual({ gone: true });
  });
});

describe('an interaction', () => {
  test('is answered once, however many answers come at once [#consent.once]', async () => {
    engine = await openEngine();
    const open = await visit();
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(open, auto)));
    expect(answers.filter((response) => response.status === 302)).toHaveLength(1);
    expect(answers.filter((response) => response.status === 400)).toHaveLength(19);
    expect(await engine.tenant.store.listUsers({ limit: 100 })).toHaveLength(1);
  });

  test('ends after half an hour', async () => {
    engine = await openEngine();
    const open = await visit();
    engine.advance(1801);
    expect((await submit(open, auto)).status).toBe(400);
    expect(reason()).toBe('interaction-gone');
  });

  test.each([{ action: undefined }, { action: 'approve' }])('takes no other answers: %o', async (change) => {
    engine = await openEngine();
    expect((await submit(await visit(), { ...auto, ...change })).status).toBe(400);
  });

  test('takes no field twice, the boxes apart', async () => {
    engine = await openEngine();
    expect((await submit(await visit(), { ...auto, action: ['auto', 'deny'] })).status).toBe(400);
    expect(reason()).toBe('parameter-repeated');
  });

  test('of a client that was deleted meanwhile gives no code', async () => {
    engine = await openEngine();
    const open = await visit();
    await engine.tenant.store.deleteClient(open.client.clientId, engine.tenant.now());
    expect((await submit(open, auto)).status).toBe(400);
  });

  test('names its sandbox', async () => {
    engine = await openEngine({ sandboxId: 'k3v9_-x' });
    const { interaction } = await visit();
    expect(sandboxOfInteraction(interaction)).toBe('k3v9_-x');
    expect(scopeOfInteraction(`k3v9.as2.${'r'.repeat(43)}`)).toBe('k3v9/as2');
    expect(sandboxOfInteraction('../etc')).toBeNull();
  });
});

describe('on a public instance', () => {
  test('what was approved goes straight to the client, what was denied is shown first', async () => {
    engine = await openEngine({ origin: 'https://authwalk.dev', isPublic: true });
    const headers = { ...FORM, origin: 'https://authwalk.dev' };
    expect((await submit(await visit(), auto, headers)).status).toBe(302);
    const denied = await submit(await visit(), { action: 'deny' }, headers);
    expect(denied.status).toBe(200);
    expect(await denied.text()).toContain('client.example.com');
  });

  test('nobody can make the shared sandbox misbehave', async () => {
    engine = await openEngine({ origin: 'https://authwalk.dev', isPublic: true });
    const open = await visit();
    expect((await view(open)).misbehaviours).toEqual([]);
    expect(answer(await submit(open, { ...auto, misbehave: 'no-iss' }, {})).iss).toBe('https://authwalk.dev');
  });
});

describe('misbehaving', () => {
  test('spoils what was ticked', async () => {
    engine = await openEngine({ sandboxId: 'k3v9' });
    const headers = FORM;
    const spoilt = answer(
      await submit(await visit(), { ...auto, misbehave: ['wrong-code', 'wrong-state', 'wrong-iss'] }, headers),
    );
    expect(spoilt).toEqual({
      code: expect.any(String),
      state: expect.not.stringMatching('xyz'),
      iss: 'https://other-issuer.example',
    });
    expect(await engine.tenant.store.findCode(sha256(spoilt.code!))).toBeNull();
    expect(answer(await submit(await visit(), { ...auto, misbehave: 'no-iss' }, headers))).not.toHaveProperty('iss');
  });

  test('consent.outcome silent never comes to an end', async () => {
    engine = await openEngine({ config: { 'consent.outcome': 'silent' } });
    const open = await visit({ auto_approve: 'true' });
    expect((await view(open)).silent).toBe(true);
    expect((await submit(open, auto)).headers.get('location')).toBe(`${ORIGIN}/consent/${open.interaction}`);
  });
});

describe('what the page shows', () => {
  test('who asks, for what, and where the answer goes [#consent.redirect-host-shown]', async () => {
    engine = await openEngine();
    expect(await view(await visit({ resource: `${ORIGIN}/mcp`, login_hint: 'ada@example.com' }))).toMatchObject({
      action: `${ORIGIN}/oauth/authorize`,
      issuer: ORIGIN,
      sandboxId: 'default',
      isPublic: false,
      client: { name: 'Fieldnotes', known: 'dynamic', documentHost: null, public: true },
      redirect: { host: 'client.example.com', port: '', path: '/callback', kind: 'web', shown: true, warning: null },
      resources: [{ uri: `${ORIGIN}/mcp`, name: 'Notes' }],
      scopes: [
        { scope: 'notes:read', says: 'Read your notes', includes: [] },
        { scope: 'notes:write', includes: ['notes:read'] },
      ],
      email: 'ada@example.com',
      failed: null,
      login: null,
      framing: 'deny',
      silent: false,
    });
  });

  test("a loopback address is warned of, and so is a host unlike the client's", async () => {
    engine = await openEngine();
    const loopback = await view(
      await visit({ redirect_uri: 'http://127.0.0.1:33418/cb' }, { redirect_uris: ['http://127.0.0.1/cb'] }),
    );
    expect(loopback.redirect).toMatchObject({
      host: '127.0.0.1',
      port: ':33418',
      path: '/cb',
      kind: 'loopback',
      warning: { id: 'loopback' },
    });
    expect((await view(await visit({}, { client_uri: 'https://other.example.com/' }))).redirect.warning?.id).toBe(
      'other-host',
    );
    expect(
      (await view(await visit({ redirect_uri: 'com.example.app:/cb' }, { redirect_uris: ['com.example.app:/cb'] })))
        .redirect,
    ).toMatchObject({ kind: 'app', host: 'com.example.app:', path: '/cb' });
  });

  test('a name without what could deceive, and https links only', async () => {
    engine = await openEngine();
    const { client } = await view(
      await visit(
        {},
        {
          client_name: `\u202EFake\u0000 ${'x'.repeat(200)}`,
          client_uri: 'javascript:alert(1)',
          tos_uri: 'https://client.example.com/tos',
        },
      ),
    );
    expect(client.name).toMatch(/^Fake x+$/);
    expect([...client.name]).toHaveLength(80);
    expect(client.links).toEqual([{ rel: 'tos_uri', href: 'https://client.example.com/tos' }]);
  });
});
