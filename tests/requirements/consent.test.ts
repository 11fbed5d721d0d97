import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consentView } from '#lib/oauth/interaction/view.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import {
  CALLBACK,
  decide,
  type Instance,
  openInstance,
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
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const redirectOf = (answer: { headers: Headers }) => new URL(answer.headers.get('location')!);

/** What the page of an interaction shows. */
async function shown(interaction: string, cookie: string) {
  const { container } = instance.server;
  const live = (await container.sandboxes.find(sandbox.id))!;
  return consentView(tenantOf(container, live, sandbox.origin, null), interaction, cookie.split('=')[1] ?? null);
}

describe('who decides', () => {
  test('only the browser that the interaction was made for, and no other origin [#consent.own-page-only]', async () => {
    const open = await visit(sandbox, client);
    const others = await visit(sandbox, client);
    const attempts: Record<string, string>[] = [
      { ...sameSite(sandbox, open.cookie), origin: 'http://localhost:9999' },
      { ...sameSite(sandbox, open.cookie), origin: 'null' },
      { ...sameSite(sandbox, open.cookie), 'sec-fetch-site': 'cross-site' },
      { ...sameSite(sandbox, open.cookie), 'sec-fetch-site': 'same-site' },
      { ...sameSite(sandbox, others.cookie) },
      { ...sameSite(sandbox) },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      { origin: sandbox.origin },
      { ...sameSite(sandbox, `${open.cookie}; ${others.cookie}`) },
    ];
    for (const headers of attempts) {
      const answer = await decide(sandbox, open, { action: 'auto', scope: 'notes:read' }, headers);
      expect
        .soft([headers, answer.status >= 400 && answer.status < 500, answer.headers.get('location')])
        .toEqual([headers, true, null]);
    }
    const good = await decide(sandbox, open, { action: 'auto', scope: 'notes:read' });
    expect(redirectOf(good).searchParams.has('code')).toBe(true);
  });

  test('once [#consent.once]', async () => {
    const open = await visit(sandbox, client);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => decide(sandbox, open, { action: 'auto', scope: 'notes:read' })),
    );
    expect(answers.filter(({ headers }) => headers.get('location')?.includes('code='))).toHaveLength(1);
    for (const action of ['auto', 'deny'])
      expect.soft((await decide(sandbox, open, { action })).headers.get('location')).toBeNull();
  });

  test('the cookie is HttpOnly, SameSite=Lax, for the whole site and no other [#consent.cookie]', async () => {
    const answer = await sandbox.authorize(client);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^authwalk=[A-Za-z0-9_-]{43}; /);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect.soft(cookie.split('; ')).toContain(part);
    expect(cookie).not.toMatch(/domain/i);
    const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
    const place = await site.sandbox();
    expect((await place.authorize(await place.register())).headers.get('set-cookie')).toMatch(
      /^__Host-authwalk=.*; Secure/,
    );
    await site.close();
  });
});

describe('what is decided', () => {
  test('consent takes scopes away and never adds one [#authorize.scope-never-more]', async () => {
    const asked = { scope: 'notes:read profile' };
    const grant = async (fields: [string, string][]) => {
      const open = await visit(sandbox, client, asked);
      const answer = await decide(sandbox, open, fields);
      const code = redirectOf(answer).searchParams.get('code');
      return code === null
        ? redirectOf(answer).searchParams.get('error')
        : (await sandbox.redeem(client, { code, code_verifier: open.verifier })).body.scope;
    };
    expect(
      await grant([
        ['action', 'auto'],
        ['scope', 'notes:read'],
      ]),
    ).toBe('notes:read');
    expect(
      await grant([
        ['action', 'auto'],
        ['scope', 'notes:read'],
        ['scope', 'admin'],
        ['scope', 'openid'],
      ]),
    ).toBe('notes:read');
    expect(
      await grant([
        ['action', 'auto'],
        ['scope', 'notes:read notes:write'],
        ['scope', 'profile'],
      ]),
    ).toBe('notes:read profile');
    expect(
      await grant([
        ['action', 'auto'],
        ['scope', 'admin'],
      ]),
    ).toBe('access_denied');
    expect(await grant([['action', 'auto']])).toBe('access_denied');
  });

  test('a refusal is access_denied, with state and iss [#consent.denied]', async () => {
    const open = await visit(sandbox, client, { state: 'st' });
    const { searchParams } = redirectOf(await decide(sandbox, open, { action: 'deny' }));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'st',
      iss: sandbox.issuer,
    });
    expect(searchParams.has('code')).toBe(false);
    expect((await decide(sandbox, open, { action: 'auto', scope: 'notes:read' })).headers.get('location')).toBeNull();
  });

  test('a password is verified, and a wrong one grants nothing', async () => {
    const fields = (password: string) => ({ action: 'login', email: 'ada@example.com', password, scope: 'notes:read' });
    const first = await visit(sandbox, client);
    expect(redirectOf(await decide(sandbox, first, fields('correct horse'))).searchParams.has('code')).toBe(true);
    const second = await visit(sandbox, client);
    for (const wrong of ['wrong', '', 'correct horse ', 'CORRECT HORSE']) {
      const again = await decide(sandbox, second, fields(wrong));
      expect
        .soft([wrong, again.status, redirectOf(again).pathname])
        .toEqual([wrong, 303, `/consent/${second.interaction}`]);
    }
    expect(redirectOf(await decide(sandbox, second, fields('correct horse'))).searchParams.has('code')).toBe(true);
  });

  test('the redirect after a form is never 307, and 303 after a password [#authorize.no-307]', async () => {
    const auto = await visit(sandbox, client);
    expect((await decide(sandbox, auto, { action: 'auto', scope: 'notes:read' })).status).toBe(302);
    const login = await visit(sandbox, client);
    expect(
      (
        await decide(sandbox, login, {
          action: 'login',
          email: 'bob@example.com',
          password: 'secret',
          scope: 'notes:read',
        })
      ).status,
    ).toBe(303);
    const wrong = await visit(sandbox, client);
    expect(
      (
        await decide(sandbox, wrong, {
          action: 'login',
          email: 'bob@example.com',
          password: 'wrong',
          scope: 'notes:read',
        })
      ).status,
    ).toBe(303);
    const denied = await visit(sandbox, client);
    expect([302, 303]).toContain((await decide(sandbox, denied, { action: 'deny' })).status);
  });
});

describe('what is shown', () => {
  test(
    "the host that the answer goes to, loud, and a warning of what is unlike a site of the client's own " +
      '[#consent.redirect-host-shown]',
    async () => {
      const web = await visit(sandbox, client);
      expect(await shown(web.interaction, web.cookie)).toMatchObject({
        redirect: { host: 'client.example', kind: 'web', shown: true, warning: null },
      });
      const native = await sandbox.register({
        redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'],
        application_type: 'native',
      });
      const loopback = await visit(sandbox, native, { redirect_uri: 'http://127.0.0.1:4711/cb' });
      expect(await shown(loopback.interaction, loopback.cookie)).toMatchObject({
        redirect: { host: '127.0.0.1', port: ':4711', kind: 'loopback', warning: { id: 'loopback' } },
      });
      const app = await visit(sandbox, native, { redirect_uri: 'com.example.app:/cb' });
      expect(await shown(app.interaction, app.cookie)).toMatchObject({
        redirect: { kind: 'app', warning: { id: 'app' } },
      });
      const posing = await sandbox.register({ client_name: 'Bank', client_uri: 'https://bank.example/' });
      const elsewhere = await visit(sandbox, posing);
      expect(await shown(elsewhere.interaction, elsewhere.cookie)).toMatchObject({
        redirect: { host: 'client.example', warning: { id: 'other-host' } },
      });
    },
  );

  test("nothing of another browser's visit", async () => {
    const open = await visit(sandbox, client);
    const other = await visit(sandbox, client);
    expect(await shown(open.interaction, other.cookie)).toEqual({ foreign: true });
    expect(await shown(open.interaction, '')).toEqual({ foreign: true });
    expect(await shown(`${open.interaction}x`, open.cookie)).toEqual({ gone: true });
  });

  test('a name that cannot pass for other text', async () => {
    const sly = await sandbox.register({ client_name: `Good\u202Ebad\u0000\u200B${'x'.repeat(200)}` });
    const open = await visit(sandbox, sly);
    const view = await shown(open.interaction, open.cookie);
    if (!('client' in view)) throw new Error('gone');
    expect(view.client.name).toMatch(/^Goodbadx+$/);
    expect([...view.client.name].length).toBeLessThanOrEqual(80);
  });

  test('in no frame, on every page on the way [#authorize.no-framing]', async () => {
    const open = await visit(sandbox, client);
    const page = await instance.ask(`${sandbox.origin}/consent/${open.interaction}`, {
      headers: { accept: 'text/html', cookie: open.cookie },
    });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('form-action');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    const error = await sandbox.authorize('nobody', { redirect_uri: CALLBACK }, { accept: 'text/html' });
    const activate = await sandbox.get('/activate', { accept: 'text/html' });
    const logout = await sandbox.get('/oauth/logout', { accept: 'text/html' });
    for (const { headers } of [error, activate, logout]) {
      expect.soft(headers.get('x-frame-options')).toBe('DENY');
      expect.soft(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect.soft(headers.get('content-security-policy')).not.toContain('allow-scripts');
    }
  });
});
