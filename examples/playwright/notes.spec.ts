import { test as authwalkTest, expect } from 'authwalk/playwright';
import { startApp } from './app.js';

const test = authwalkTest.extend<{ app: { origin: string } }>({
  sandboxOptions: { clients: [{ client_id: 'field-notes', redirect_uris: ['http://127.0.0.1/callback'] }] },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that a fixture needs from its pattern
  app: async ({}, use) => {
    const app = await startApp();
    await use(app);
    await app.close();
  },
});

test('says so when the user refuses', async ({ page, sandbox, app }) => {
  await sandbox.consent.next('deny');
  await page.goto(`${app.origin}/?issuer=${sandbox.issuer}`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('You did not agree.');
  await expect(sandbox).not.toHaveReceived('token');
});

test('the user signs in on the consent page', async ({ page, sandbox, app }) => {
  await page.goto(`${app.origin}/?issuer=${sandbox.issuer}`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page.getByRole('status')).toHaveText('You are signed in.');
  await expect(sandbox).toHaveReceived('token', { grant_type: 'authorization_code' }, { status: 200, times: 1 });
});
