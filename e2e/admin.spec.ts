import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

// axe runs as a script, which the policy of the page forbids.
test.use({ bypassCSP: true });

test('the operator’s page: found, looked into and deleted by keyboard alone; accessible, and fits 360 px', async ({
  page,
  request,
  authwalk,
}) => {
  const ids: string[] = [];
  for (let at = 0; at < 27; at += 1) {
    const { id } = await authwalk.sandbox(at === 0 ? { scenario: 'iss-wrong-issuer' } : {});
    ids.push(id);
  }
  await request.get(`/s/${ids[0]}/.well-known/jwks.json`, { headers: { 'user-agent': 'fieldnotes/1.2 (test)' } });
  await page.goto('/admin');
  await expect(page.getByText(/^1 to 25 of/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Next', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^26 to/)).toBeVisible();
  await page.getByRole('button', { name: 'Page 1', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^1 to 25 of/)).toBeVisible();

  await page.getByRole('button', { name: 'last use' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: 'last use' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('searchbox').focus();
  await page.keyboard.type(ids[0]!);
  await expect(page.getByText('1 to 1 of 1')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'fieldnotes', exact: true })).toBeVisible();
  const search = page.getByRole('searchbox');
  await search.fill('more than 400 exchanges');
  await expect(page.getByText('None', { exact: true })).toBeVisible();
  await search.fill('Fieldnotes');
  await expect(page.getByText('1 to 1 of 1')).toBeVisible();
  await page.getByRole('slider', { name: 'List sandboxes by last use' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('combobox', { name: 'Used within' })).toHaveValue('1800');
  await page.getByRole('button', { name: `Look inside ${ids[0]}` }).focus();
  await page.keyboard.press('Enter');
  await page.locator('summary', { hasText: 'GET jwks 200' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('user-agent: fieldnotes/1.2 (test)')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Keep longer' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 kept for a week.')).toBeVisible();
  await page.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Delete 1', exact: true }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await dialog.getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 deleted.')).toBeVisible();
  expect((await request.get(`/s/${ids[0]}`)).status()).toBe(404);

  await page.setViewportSize({ width: 360, height: 900 });
  await expectNoOverflow(page);
  for (const view of ['Kept reports', 'Plans', 'Users of default', 'Clients of default', 'Metrics', 'Events']) {
    await page.getByRole('button', { name: new RegExp(`^${view}`) }).click();
    await expect(page.getByRole('heading', { level: 1, name: view })).toBeAttached();
    await expectNoOverflow(page);
  }
  await expect(page.getByText('The operator deleted it').first()).toBeVisible();
});
