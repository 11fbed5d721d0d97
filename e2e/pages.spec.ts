import { run } from './lib/client.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

// axe runs as a script, which the policy of protocol pages forbids; its absence is what another test checks.
test.describe('each page', () => {
  test.use({ bypassCSP: true });
  const pages = [
    ['/', '/guide', '/guide/authorization-code', '/mcp', '/activate'],
    ['/reference', '/reference/oauth', '/reference/knobs', '/scenarios', '/scenarios/iss-wrong-issuer'],
    ['/docs', '/docs/configuration', '/docs?q=refresh', '/swagger-ui'],
    ['/sandbox', '/compare', '/nothing-here', '/reference/nothing-here', '/oauth/authorize?client_id=nobody'],
  ];

  for (const some of pages) {
    test(`is accessible in both themes, and fits from 360 to 1920 px: ${some.join(', ')}`, async ({ page }) => {
      // axe takes its time over a long page.
      test.slow();
      for (const path of some) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectAccessible(page);
        for (const width of [360, 768, 1280, 1920]) {
          await page.setViewportSize({ width, height: 900 });
          await expectNoOverflow(page);
        }
      }
    });
  }
});

test('the reference: error_uri leads to its error, and a search sends on; the documents have one, too', async ({
  page,
  request,
}) => {
  const refused = await request.post('/oauth/token', { form: { grant_type: 'made-up' } });
  const { error_uri } = (await refused.json()) as { error_uri: string };
  await page.goto(error_uri);
  await expect(page).toHaveURL(/\/reference\/errors#error-unsupported_grant_type$/);
  await expect(page.locator(new URL(error_uri).hash)).toBeInViewport();

  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('renew');
  await expect(page.getByText('renew, see refresh. That is what the specifications call it.')).toBeVisible();
  await page.getByRole('combobox').fill('give back');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/reference\/oauth#revoke$/);
  await expect(page.getByRole('heading', { name: 'Revocation' })).toBeInViewport();

  await page.goto('/docs');
  await page.getByRole('searchbox', { name: 'Search the documents' }).fill('refresh race');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Found' }).getByRole('link', { name: 'A refresh race' }).click();
  await expect(page).toHaveURL(/\/docs\/cookbook#a-refresh-race$/);
  await expect(page.getByRole('heading', { name: 'A refresh race' })).toBeInViewport();
});

test('the reference sends a request, by keyboard, and links to its exchange', async ({ page }) => {
  const asked: URL[] = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/swagger-ui');
  await page.getByRole('link', { name: 'Authorization server', exact: true }).first().click();
  await expect(page).toHaveURL(/\/reference\/oauth$/);
  await expect(page.locator('script[src^="/_next/"]')).toHaveCount(0);
  expect(asked.filter(({ pathname }) => pathname.startsWith('/try'))).toEqual([]);
  const opener = page.locator('[data-try=registerClient]');
  await opener.focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Try it' });
  await expect(form.getByLabel('Address of a sandbox')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(form.getByLabel('Address of a sandbox')).toHaveValue(/\/s\/[a-z2-7]{26}$/);
  await form.getByLabel('client_name').fill('<img src=x onerror=alert(1)>');
  await page.keyboard.press('Enter');
  const panel = page.locator('#try-registerClient');
  await expect(panel.getByRole('status')).toHaveText(/^201 Created in \d+ ms$/);
  await expect(panel.getByRole('region', { name: 'Request' })).toContainText('POST /s/');
  await expect(panel.getByRole('region', { name: 'Answer' })).toContainText(
    '"client_name": "<img src=x onerror=alert(1)>"',
  );
  await expect(panel.locator('img')).toHaveCount(0);
  await expectNoOverflow(page);

  // What was answered fills the next form. It can be sent again while the record is still asked for the exchange.
  await page.route(/\/exchanges/, (route) => void held.then(() => route.continue()));
  await page.locator('[data-try=requestToken]').click();
  const token = page.locator('#try-requestToken');
  await token.getByRole('button', { name: 'Send' }).click();
  await expect(token.getByRole('status')).toHaveText(/^200 OK in/);
  await token.getByLabel('Address of a sandbox').fill('https://evil.example/s/abc');
  await token.getByRole('button', { name: 'Send' }).click();
  await expect(token.getByRole('status')).toContainText('Requests go to this server only.');
  goOn();
  await expect(token.getByRole('link', { name: /^Exchange 2 / })).toBeVisible();
  await panel.getByRole('link', { name: 'Exchange 1 in the sandbox’s page' }).click();
  await expect(page).toHaveURL(/\/sandbox\/[a-z2-7]{26}#exchange-1/);
  const { origin } = new URL(page.url());
  expect(asked.filter((url) => url.protocol.startsWith('http') && url.origin !== origin)).toEqual([]);
});

test('the scenarios: found by what goes wrong, filtered, and started', async ({ page }) => {
  await page.goto('/scenarios');
  await page.getByRole('searchbox').fill('somebody else');
  await expect(page.getByRole('link', { name: 'iss is somebody else’s' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'A server that does everything right' })).toBeHidden();
  await page.getByRole('searchbox').fill('');
  await page.getByLabel('of the conformance suite').check();
  await expect(page.getByRole('status')).toContainText(/^\d\d of 1\d\d$/);
  await page.getByRole('link', { name: 'iss is somebody else’s', exact: true }).click();
  await page.getByRole('button', { name: 'Start a sandbox like this' }).click();
  await expect(page).toHaveURL(/\/sandbox\/[a-z2-7]{26}$/);
  await expect(page.getByRole('button', { name: /^Scenario iss-wrong-issuer/ })).toBeVisible();
  // A client that redeems the code all the same: the page of the scenario shows it beside what a conforming one does.
  await run((await page.locator('.con .url').textContent())!, { resource: true });
  const asked = page.getByRole('region', { name: 'What the scenario asks' });
  await expect(asked.getByRole('img', { name: 'warning' })).toBeVisible();
  await page.goto('/scenarios/iss-wrong-issuer');
  const wire = page.getByRole('figure', { name: 'Who sends what' });
  await expect(wire.getByRole('listitem').last()).toContainText('authorize.iss: "other-issuer"');
  await expect(wire).toContainText('Here the client stops');
  const last = page.getByRole('region', { name: 'Your last run' });
  await expect(last).toContainText('fieldnotes');
  await expect(last.getByRole('listitem').first()).toHaveText(/warning$/);
  await expect(last.getByRole('link', { name: 'The page of this run' })).toHaveAttribute('href', /^\/sandbox\/\w{26}$/);
});

test('a page that is not found has the switch of the theme', async ({ page }) => {
  await page.goto('/guide/nope');
  await expect(page.getByRole('heading', { name: 'Page not found.' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^(?:Theme|Light theme|Dark theme)/ })).toBeVisible();
});

test('every page forbids scripts that are not its own', async ({ request }) => {
  for (const path of ['/', '/guide', '/reference']) {
    const policy =
      (await request.get(path, { headers: { accept: 'text/html' } })).headers()['content-security-policy'] ?? '';
    const scripts = policy.split(';').find((directive) => directive.trim().startsWith('script-src')) ?? '';
    expect(scripts, path).toContain("'nonce-");
    expect(scripts, path).not.toContain("'unsafe-inline'");
    expect(scripts, path).not.toContain("'unsafe-eval'");
  }
});

test.describe('a connect page', () => {
  // Its sandbox lets no script run, those that the test runner tries included.
  test.use({ refusals: /^Blocked script execution in / });

  test('one click asks for Cursor, and one for VS Code', async ({ page }) => {
    const answer = await page.goto('/mcp');
    // Chromium hands a link of a whole page on whatever its sandbox says: the word is for browsers that heed it.
    expect(answer?.headers()['content-security-policy']).toContain('allow-top-navigation-to-custom-protocols');
    const browser = await page.context().newCDPSession(page);
    await browser.send('Page.enable');
    const asked: URL[] = [];
    browser.on('Page.frameRequestedNavigation', ({ url }) => asked.push(new URL(url)));
    for (const editor of ['Cursor', 'VS Code']) {
      const before = asked.length;
      await page.getByRole('link', { name: `Add to ${editor}`, exact: true }).click();
      await expect.poll(() => asked.length).toBe(before + 1);
    }
    const [cursor, code] = asked as [URL, URL];
    expect([cursor.protocol, code.protocol]).toEqual(['cursor:', 'vscode:']);
    const address = new URL('/mcp', page.url()).href;
    expect(JSON.parse(atob(cursor.searchParams.get('config')!))).toEqual({ url: address });
    expect(JSON.parse(decodeURIComponent(code.search.slice(1)))).toMatchObject({ type: 'http', url: address });
    await expect(page).toHaveURL('/mcp');
  });
});

test('every link of every page leads to something that exists', async ({ request }) => {
  const html = { accept: 'text/html' };
  const ids = new Map<string, ReadonlySet<string>>();
  const links = new Set<string>();
  const broken: string[] = [];
  const waiting = ['/', '/docs', '/guide', '/levels', '/lab', '/scenarios', '/reference', '/mcp', '/sandbox'];
  const asked = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const answer = await request.get(path, { headers: html });
    if (answer.status() >= 400) broken.push(`${path}: ${answer.status()}`);
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    const text = await answer.text();
    ids.set(path, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)));
    for (const [, href] of text.matchAll(/<a\b[^>]*?\shref="(\/(?!\/)[^"]*)"/g)) {
      const [page, fragment] = href!.replaceAll('&amp;', '&').split('#') as [string, string?];
      if (!asked.has(page)) waiting.push(page);
      asked.add(page);
      if (fragment) links.add(`${page}#${fragment}`);
    }
  }
  // `/reference` sends on to the page of its anchors, and a link may hold a state.
  for (const link of links) {
    const [page, fragment] = link.split('#') as [string, string];
    const there = ids.get(page);
    if (page === '/reference' || /=|^bring$/.test(fragment) || there === undefined) continue;
    if (!there.has(decodeURIComponent(fragment))) broken.push(link);
  }
  expect(broken).toEqual([]);
  expect(asked.size).toBeGreaterThan(100);
});
