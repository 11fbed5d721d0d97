import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

// axe runs as a script, which the policy of protocol pages forbids; its absence is what another test checks.
test.describe('each page', () => {
  test.use({ bypassCSP: true });
  const pages = [
    '/',
    '/guide',
    '/guide/authorization-code',
    '/reference',
    '/mcp',
    '/no-auth',
    '/nothing-here',
    '/sandbox',
    '/oauth/authorize?client_id=nobody',
    '/activate',
  ];

  for (const path of pages) {
    test(`${path} is accessible in both themes, and fits from 360 to 1920 px`, async ({ page }) => {
      // axe takes its time over a long page.
      test.slow();
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      for (const width of [360, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoOverflow(page);
      }
    });
  }
});

test('the landing page shows its first exchange within a second, and transfers at most 180 kB', async ({ page }) => {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  let bytes = 0;
  client.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  expect(bytes).toBeLessThanOrEqual(180_000);
  // The best of five: what else the machine does meanwhile is not the page's.
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = Date.now();
    await page.goto('/', { waitUntil: 'commit' });
    await expect(page.getByText('401 Unauthorized').first()).toBeVisible();
    times.push(Date.now() - began);
  }
  expect(Math.min(...times)).toBeLessThan(1000);
});

test('error_uri leads to the explanation of that error', async ({ page, request }) => {
  const refused = await request.post('/oauth/token', { form: { grant_type: 'made-up' } });
  const { error_uri } = (await refused.json()) as { error_uri: string };
  await page.goto(error_uri);
  await expect(page.locator(new URL(error_uri).hash)).toBeInViewport();
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
