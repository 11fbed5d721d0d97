/** A client beside its own last run: what got worse, and where its requests part. */
import type { Page } from '@playwright/test';
import { run } from './lib/client.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

/** Takes the client through a plan of one scenario, and opens the report of the plan. @returns it as a file */
async function takeThrough(page: Page, client: { readonly resource: boolean }) {
  const made = await (await page.request.post('/api/plans', { data: { scenarios: ['conforming'] } })).json();
  const request = { headers: { authorization: `Bearer ${made.control_token}` }, data: {} };
  const item = `/api/plans/${made.id}/items/conforming`;
  const started = await (await page.request.post(`${item}/start`, request)).json();
  await run(started.mcp.oauth, client);
  await page.request.post(`${item}/finish`, request);
  const report = await page.request.get(`/api/plans/${made.id}/report`, { headers: request.headers });
  await page.goto(`/plans/${made.id}/report#control=${made.control_token}`);
  return { name: `${made.id}.json`, mimeType: 'application/json', buffer: await report.body() };
}

test('two runs of a client: the first difference is open, with the request that parts them', async ({ page }) => {
  const before = await takeThrough(page, { resource: true });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('fieldnotes breaks two rules');
  const now = await takeThrough(page, { resource: false });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('fieldnotes breaks one.');
  await expect(page.getByRole('button', { name: /^a.*Names the resource in the token request/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  const fork = page.getByRole('figure', { name: 'Where the runs part in conforming' });
  await expect(fork).toContainText('exchanges 1 to 3 are the same in both');
  await expect(fork.getByText('POST /oauth/token')).toHaveCount(2);
  await expect(fork).toContainText('only before: resource');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoOverflow(page);
  await page.getByRole('combobox', { name: 'Beside' }).selectOption('nothing');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('breaks three rules');

  // The same two from their files: the later one is looked at, until they are swapped.
  await page.goto('/compare');
  await page.getByLabel('One or two files of authwalk check').setInputFiles([now, before]);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('fieldnotes breaks one.');
  await expect(fork).toContainText('only before: resource');
  await page.getByRole('button', { name: 'Swap the two' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('fieldnotes fixes one.');
});
