/** A class: the wall in one browser, a participant in another. */
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

test('a participant joins, walks, is seen on the wall without a name, and leaves', async ({ page, browser }) => {
  test.slow();
  await page.goto('/class');
  await page.getByRole('button', { name: 'Begin a class' }).click();
  await expect(page.getByRole('heading', { name: '0 here, and where they are' })).toBeVisible();
  await expect(page).toHaveURL(/\/class\/[a-z]+-\d+$/);
  const id = page.url().split('/').at(-1)!;

  const other = await browser.newContext();
  const participant = await other.newPage();
  await participant.goto(new URL(`/c/${id}`, page.url()).href);
  await expect(participant.getByRole('main')).toContainText('Nothing else: no token, no parameter');
  await expectAccessible(participant);
  await participant.getByRole('button', { name: 'Join' }).click();
  await expect(participant.getByText(/The wall of class/)).toBeVisible();
  await expect(page.getByRole('img', { name: 'step 1, moving' })).toBeVisible();
  await participant.locator('[data-action]').click();
  await expect(page.getByRole('img', { name: 'step 2, moving' })).toBeVisible({ timeout: 20_000 });

  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoOverflow(page);
  await participant.getByRole('button', { name: 'Leave it' }).click();
  await expect(page.getByRole('heading', { name: '0 here, and where they are' })).toBeVisible();
  await page.getByRole('button', { name: 'End the class' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('heading', { name: 'The class has ended' })).toBeVisible();
  await other.close();
});
