/** The guide follows a client that is not this page: the same steps, from its requests. */
import { McpClient } from '../tests/lib/mcp-client.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

async function addressIn(page: import('@playwright/test').Page): Promise<string> {
  const shown = page.locator('.follow-url b');
  await expect(shown).toHaveText(/\/s\/[a-z0-9]+\/mcp$/);
  return shown.innerText();
}

test('the steps advance by the requests of a real MCP client, and go back to the page’s own', async ({ page }) => {
  await page.goto('/guide/authorization-code');
  const rail = page.getByRole('navigation', { name: 'Steps of this track' });
  const own = rail.getByRole('radio', { name: 'your own client' });
  await expect(own).toBeEnabled();
  await own.press('Space');
  await expect(page.getByRole('heading', { name: 'Where your client connects' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Waits for your client' })).toHaveAttribute('aria-disabled', 'true');
  const client = new McpClient(await addressIn(page), { name: 'a real client' });
  await expect(page.getByText('Listening.')).toBeVisible();
  const transport = await client.begin();
  await expect(rail.getByRole('link', { name: /Get refused.*401 with a signpost/ })).toBeVisible();
  await expect(rail.getByRole('link', { name: /under way/ })).toBeVisible();
  await client.redeem(transport);
  await client.call('notes_list');
  await expect(rail.getByRole('link', { name: /200, 3 notes/ })).toBeVisible();
  await expect(rail.getByText('6 of 8 steps done')).toBeVisible();

  // The exchange is the client's own, byte for byte, with what the server did between.
  await page.getByRole('button', { name: /Go to step 6, where your client is/ }).click();
  await expect(page).toHaveURL(/\/call$/);
  await expect(page.locator('.exch')).toContainText(client.accessToken.slice(0, 20));
  await client.refresh();
  await expect(rail.getByRole('link', { name: /renewed, generation 2/ })).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await expect(rail.getByText('7 of 8 steps done')).toBeVisible();
  await own.press('ArrowUp');
  await expect(rail.getByText('0 of 8 steps done')).toBeVisible();
  await page.goto('/guide/authorization-code/challenge');
  await page.getByRole('button', { name: /Ask without a token/ }).click();
  await expect(rail.getByRole('link', { name: /Get refused.*401 with a signpost/ })).toBeVisible();
  await client.close();
});

test('on a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/guide/authorization-code/challenge');
  await page.locator('.made-by.narrow').getByRole('radio', { name: 'your own client' }).check();
  const address = await addressIn(page);
  await expectNoOverflow(page);
  const client = new McpClient(address);
  await client.redeem(await client.begin());
  await expect(
    page
      .getByRole('navigation', { name: 'Steps', exact: true })
      .getByRole('link', { name: /Redeem.*done|, done/ })
      .first(),
  ).toBeVisible();
  await expectNoOverflow(page);
  await expectAccessible(page);
});
