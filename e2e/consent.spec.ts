import { expect, test } from './lib/test.ts';
import { approve, expectDone, takeStep, track, walkToConsent } from './lib/walk.ts';

async function signIn(page: import('@playwright/test').Page, email: string, password: string): Promise<void> {
  await page.getByRole('radio', { name: /e-?mail/i }).check();
  await page
    .getByLabel(/e-?mail/i, { exact: false })
    .and(page.getByRole('textbox'))
    .fill(email);
  await page.getByLabel(/^password/i).fill(password);
  await page.getByRole('button', { name: 'Sign in and approve' }).click();
}

async function subject(page: import('@playwright/test').Page): Promise<string> {
  await takeStep(page, 'token');
  await page.goto(`/guide/${track.id}/token`);
  const claim = page.getByText(/^u_[\w-]+$/).first();
  await expect(claim).toBeVisible();
  return (await claim.textContent()) ?? '';
}

test('by e-mail and password: the second visit is the same user, and a wrong password is refused', async ({ page }) => {
  const email = `reader-${Date.now()}@example.com`;
  await walkToConsent(page);
  await signIn(page, email, 'correct horse battery');
  await expectDone(page, 'authorization');
  const first = await subject(page);

  await page.goto(`/guide/${track.id}/authorization`);
  await page.getByRole('button', { name: /Again from step 4/ }).click();
  await takeStep(page, 'authorization');
  await expect(page).toHaveURL(/\/consent\//);
  // The browser is known by now; another sign-in is still possible.
  await signIn(page, email, 'something else');
  await expect(page).toHaveURL(/\/consent\//);
  await expect(page.getByRole('main').getByRole('alert')).toContainText(/password/i);
  await signIn(page, email, 'correct horse battery');
  await expectDone(page, 'authorization');
  expect(await subject(page)).toBe(first);
});

test('a scope that is not ticked is not granted', async ({ page }) => {
  await walkToConsent(page);
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page).toHaveURL(/\/guide\/|\/consent\//);
});

test('the page says who asks, where the answer goes, and what for', async ({ page }) => {
  await walkToConsent(page);
  const main = page.getByRole('main');
  await expect(main).toContainText('asks to act for you');
  await expect(main).toContainText('localhost');
  await expect(main).toContainText('notes:read');
  await approve(page);
});

test('without JavaScript the consent page does its work', async ({ browser, baseURL }) => {
  const registered = await fetch(`${baseURL}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'No script',
      redirect_uris: [`${baseURL}/health`],
      token_endpoint_auth_method: 'none',
    }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(
    `${baseURL}/oauth/authorize?client_id=${client_id}&response_type=code&state=s` +
      `&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`,
  );
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page).toHaveURL(/\/health\?code=[\w-]+&state=s&iss=/);
  await context.close();
});
