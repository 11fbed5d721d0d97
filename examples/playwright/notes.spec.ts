import { expect, test } from 'authwalk/playwright';

test('says so when the user refuses', async ({ page, sandbox }) => {
  await sandbox.consent.next('deny');
  await page.goto(`/?issuer=${sandbox.issuer}`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('You did not agree.');
  await expect(sandbox).not.toHaveReceived('token');
});

test('the user signs in on the consent page', async ({ page, sandbox }) => {
  await page.goto(`/?issuer=${sandbox.issuer}`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page.getByRole('status')).toHaveText('You are signed in.');
  await expect(sandbox).toHaveReceived('token', { grant_type: 'authorization_code' }, { status: 200, times: 1 });
});
