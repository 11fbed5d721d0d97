/** oidc-client-ts, as it comes from npm, in a real browser. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';
import { type ClientSite, openClientSite } from './browser.ts';
import { failures } from './verdicts.ts';

let server: RunningServer;
let site: ClientSite;
beforeAll(async () => {
  [server, site] = await Promise.all([startServer(), openClientSite()]);
});
afterAll(async () => {
  const { fails, passed } = await failures(server.made);
  await site.close();
  await server.close();
  expect(fails).toEqual([]);
  expect(passed).toBeGreaterThan(10);
});

test('oidc-client-ts signs in, renews in silence as the same user, and signs out', async () => {
  const sandbox = await server.sandbox({ config: { 'consent.outcome': 'approve' } });
  const settings = {
    authority: sandbox.issuer,
    client_id: await site.register(sandbox),
    redirect_uri: `${site.origin}/`,
    silent_redirect_uri: `${site.origin}/silent`,
    post_logout_redirect_uri: `${site.origin}/`,
    scope: 'openid profile email',
    loadUserInfo: true,
  };
  const { page, errors } = await site.open();
  const load = async () => {
    await page.addScriptTag({ url: '/oidc-client-ts.js' });
    await page.evaluate((given) => {
      const { oidc } = window as never as { oidc: { UserManager: new (options: unknown) => unknown } };
      Object.assign(window, { manager: new oidc.UserManager(given) });
    }, settings);
  };
  const run = (body: string) => page.evaluate(body) as Promise<Record<string, unknown>>;
  await load();
  await run('void manager.signinRedirect()');
  await page.waitForURL(`${site.origin}/?**code=**`);
  await load();
  const user = await run(
    'manager.signinRedirectCallback().then((user) => ({ profile: user.profile, access: user.access_token }))',
  );
  expect(user.profile).toMatchObject({ name: expect.any(String), email: expect.stringContaining('@') });
  // Without a refresh token the library renews in a frame, by prompt=none.
  const renewed = await run(`(async () => {
    const user = await manager.getUser();
    user.refresh_token = undefined;
    await manager.storeUser(user);
    const fresh = await manager.signinSilent();
    return { sub: fresh.profile.sub, access: fresh.access_token };
  })()`);
  expect(renewed.sub).toBe((user.profile as { sub: string }).sub);
  expect(renewed.access).not.toBe(user.access);
  await run('void manager.signoutRedirect()');
  await page.waitForURL(`${site.origin}/`);
  expect(errors).toEqual([]);
});
