/** keycloak-js, as it comes from npm, in a real browser. It sends cookies along, hence `cors: credentials`. */
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

test('keycloak-js signs in by fragment, reads the user and signs out, under cors: credentials', async () => {
  const sandbox = await server.sandbox({
    config: { 'consent.outcome': 'approve', cors: 'credentials' },
  });
  // It reads a refresh token as a JWT, as only its own server issues them: the client does without.
  const clientId = await site.register(sandbox, { grant_types: ['authorization_code'] });
  const { page, errors } = await site.open();
  // As text: vitest would put its own import in place of this one.
  const run = (body: string) => page.evaluate(body) as Promise<unknown>;
  const start = () =>
    run(`(async () => {
      const { default: Keycloak } = await import('/keycloak.js');
      const settings = { oidcProvider: ${JSON.stringify(sandbox.issuer)}, clientId: ${JSON.stringify(clientId)} };
      window.keycloak = new Keycloak(settings);
      return keycloak.init({ onLoad: 'login-required', checkLoginIframe: false, pkceMethod: 'S256' });
    })()`);
  // The first start leaves for the server, and its page with it.
  await start().catch(() => undefined);
  await page.waitForURL(`${site.origin}/#**code=**`);
  expect(await start()).toBe(true);
  expect(await run('[keycloak.authenticated, keycloak.tokenParsed.iss, keycloak.idTokenParsed.aud]')).toEqual([
    true,
    sandbox.issuer,
    clientId,
  ]);
  expect(await run('keycloak.loadUserInfo()')).toMatchObject({ sub: expect.stringMatching(/^u_/) });
  await run('void keycloak.logout()');
  await page.waitForURL(`${site.origin}/`);
  expect(errors).toEqual([]);
});
