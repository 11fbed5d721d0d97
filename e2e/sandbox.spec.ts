/** A sandbox as a client's developer uses it: a real MCP client arrives, is watched, is led astray, and recovers. */
import type { Page } from '@playwright/test';
import { connect, run } from './lib/client.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';
import { byKeyboard, tabTo } from './lib/walk.ts';

const ledger = (page: Page) => page.getByRole('listbox', { name: /^Exchanges/ });
const rows = (page: Page) =>
  ledger(page)
    .getByRole('option')
    .filter({ has: page.locator('.rq') });
const changes = (page: Page) =>
  ledger(page)
    .getByRole('option')
    .filter({ has: page.locator('.ch') });
const tray = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const turn = (page: Page, name: string) =>
  page.getByRole('region', { name: 'This sandbox' }).getByRole('button', { name: new RegExp(`^${name}`) });

test('one click makes a sandbox, and a real client’s requests appear and are explained', async ({ page }) => {
  await page.goto('/sandbox');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make a sandbox' }).click();
  await expect(page).toHaveURL(/\/sandbox\/[a-z2-7]{26}$/);
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Cursor', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Add to Cursor' })).toHaveAttribute('href', /^cursor:\/\/anysphere/);
  await page.getByRole('button', { name: 'VS Code', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Add to VS Code' })).toHaveAttribute('href', /^vscode:mcp\/install\?/);
  await expectAccessible(page);

  const { client } = await connect((await page.locator('.con .url').textContent())!);
  await client.listTools();
  await expect(rows(page).filter({ hasText: 'tools/list' })).toBeVisible();
  await rows(page).filter({ hasText: '/oauth/token' }).click();
  await expect(page).toHaveURL(/#exchange-\d+$/);
  await expect(page.getByRole('heading', { name: 'The token request' })).toBeVisible();
  await expect(page.getByText('SHA-256 of the verifier is the challenge')).toBeVisible();
  await expect(page.getByText(/&code_verifier=masked-/)).toBeVisible();
  await page.getByRole('button', { name: 'Show secrets' }).click();
  await expect(page.getByText(/&code_verifier=masked-/)).toHaveCount(0);
  await page.getByRole('button', { name: 'decode' }).first().click();
  await expect(page.getByText('Verified against the keys of this sandbox.')).toBeVisible();
  await page.getByRole('tab', { name: 'curl' }).click();
  await expect(page.getByText(/^curl -i -X POST/)).toBeVisible();
  // The arrow keys go on from the view that was pressed, once they have been loaded.
  await expect(page.getByRole('tab', { name: 'curl' })).toHaveAttribute('data-active', '');
  await expect(page.getByRole('tab', { name: 'curl' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab', { name: 'HTTP' })).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
  await client.close();

  expect((await page.goto('/sandbox/aaaaaaaaaaaaaaaaaaaaaaaaaa'))?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'This sandbox is gone.' })).toBeVisible();
});

test('the control token leaves the address; a share shows what came, without secrets and controls', async ({
  page,
  sandbox,
  browser,
  baseURL,
}) => {
  const { client } = await connect(sandbox.mcp.oauth);
  await client.close();
  await page.goto(sandbox.inspectUrl!);
  await expect(rows(page).first()).toBeVisible();
  expect(page.url()).not.toContain('#control');
  const stranger = await (await browser.newContext({ baseURL })).newPage();
  await stranger.goto(sandbox.inspectUrl!.replace(/#.*/, ''));
  await expect(stranger.getByRole('heading', { name: 'This sandbox belongs to somebody.' })).toBeVisible();
  await expect(stranger.getByText('no client yet')).toHaveCount(0);
  await expectAccessible(stranger);
  await stranger.getByLabel('Control token').fill('wrong');
  await stranger.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(stranger.getByText('That is not the control token of this sandbox.')).toBeVisible();

  const exporting = page.getByRole('button', { name: 'Export' });
  await exporting.press('Enter');
  const asHar = page.getByRole('button', { name: /HAR/ });
  await page.keyboard.press('Tab');
  await expect(asHar).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(asHar).toBeHidden();
  await expect(exporting).toBeFocused();
  await exporting.press('Enter');
  const download = page.waitForEvent('download');
  await asHar.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/\.har$/);

  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('link', { name: /#share=/ }).getAttribute('href');
  // The report comes last, and nothing moves under the pointer.
  const released = Promise.withResolvers<void>();
  await stranger.route('**/report?*', async (route) => {
    await released.promise;
    await route.continue();
  });
  await stranger.goto(`${link}&exchange-1`);
  await expect(stranger.getByText('Exchange 1', { exact: true })).toBeVisible();
  const tokens = rows(stranger).filter({ hasText: '/oauth/token' });
  const before = await tokens.boundingBox();
  released.resolve();
  await expect(stranger.getByRole('heading', { name: 'Report' })).toBeVisible();
  expect(await tokens.boundingBox()).toEqual(before);
  await tokens.click();
  await expect(stranger.getByText(/masked-/).first()).toBeVisible();
  await expect(stranger).toHaveURL(/#share=[^&]+&exchange-\d+$/);
  await expect(stranger.getByRole('button', { name: /Show secrets|Reset|^Clock/ })).toHaveCount(0);
  await expectAccessible(stranger);
  await stranger.context().close();
});

test('an hour, a fault, a race: what is done to the sandbox is in its ledger, and the family tells', async ({
  page,
  sandbox,
}) => {
  const { client } = await connect(sandbox.mcp.oauth);
  await page.goto(sandbox.inspectUrl!);
  await page.getByRole('button', { name: '+1 h on the clock' }).click();
  await expect(turn(page, 'Clock')).toContainText('+1 h');
  await expect(changes(page).filter({ hasText: 'Clock +1 h' })).toBeVisible();
  await client.callTool({ name: 'whoami', arguments: {} });
  await expect(rows(page).filter({ hasText: 'refresh' })).toBeVisible();

  await turn(page, 'Faults').click();
  const faults = tray(page, 'Faults');
  await faults.getByRole('button', { name: 'Token endpoint busy, once' }).press('Enter');
  await expect(faults.getByText('waits', { exact: true })).toBeVisible();
  await expect(faults.getByRole('button', { name: 'Token endpoint busy, once' })).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: /^Fault armed/ })).toBeAttached();
  await expectAccessible(page);
  await page.getByRole('button', { name: '+1 h on the clock' }).click();
  await expect(turn(page, 'Clock')).toContainText('+2 h');
  await client.callTool({ name: 'whoami', arguments: {} }).catch(() => undefined);
  await expect(rows(page).filter({ hasText: 'refresh, fault' })).toBeVisible();
  await expect(faults.getByText('acted once')).toBeVisible();

  await turn(page, 'Tokens').click();
  const tokens = tray(page, 'Tokens');
  await expect(tokens.getByText(/no\. 1, used/)).toBeVisible();
  await tokens.getByRole('button', { name: 'held, the second first' }).click();
  await expect(
    tokens.getByText(
      'Both were held, and the second was let through first. The first: 400, invalid_grant. The second: ' +
        '200, new tokens.',
    ),
  ).toBeVisible();
  await expect(tokens.getByText(/A used refresh token came back/)).toBeVisible();
  await tokens.getByRole('button', { name: /^Exchange \d+$/ }).click();
  await expect(page.getByRole('heading', { name: 'A refresh request' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(tokens).toHaveCount(0);
  await expect(turn(page, 'Tokens')).toBeFocused();
  await client.close();
});

test('by keyboard alone; and filters, flows and pause show what was asked for', async ({ page, sandbox }) => {
  const { client } = await connect(sandbox.mcp.oauth);
  await page.goto(sandbox.inspectUrl!);
  await expect(rows(page).first()).toBeVisible();
  await tabTo(ledger(page));
  await page.keyboard.press('Home');
  await expect(rows(page).first()).toHaveAttribute('aria-selected', 'true');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'The registration' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'The registration' })).toBeFocused();

  const all = await rows(page).count();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('combobox', { name: 'Endpoint' }).selectOption('token');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'show all' }).click();
  await page.getByLabel('Text that travelled').fill('code_challenge_methods_supported');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'show all' }).click();
  await expect(rows(page)).toHaveCount(all);
  await page.getByRole('button', { name: 'Pause' }).click();
  await client.listTools();
  await expect(page.getByText(/paused, \d+ more since/)).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(rows(page)).toHaveCount(all + 1);
  await page.getByRole('button', { name: 'By flow' }).click();
  await expect(page.locator('.flow-head')).toHaveCount(1);
  await client.close();
});

test('a scenario is started, a knob is set, and one that is refused says why', async ({ page, sandbox }) => {
  await page.goto(sandbox.inspectUrl!);
  await turn(page, 'Scenario').click();
  await tray(page, 'Scenario').getByRole('searchbox').fill('wrong issuer');
  await tray(page, 'Scenario').getByRole('button', { name: 'Start iss-wrong-issuer' }).click();
  await expect(turn(page, 'Scenario')).toContainText('iss-wrong-issuer');
  await expect(changes(page).filter({ hasText: 'iss-wrong-issuer' })).toBeVisible();

  await turn(page, 'Behaviour').click();
  const knobs = tray(page, 'Behaviour');
  await knobs.getByLabel('Find a knob').fill('refresh.rotate');
  await knobs.getByRole('button', { name: /^refresh\.rotate/ }).click();
  await knobs.getByLabel('off').check();
  await expect(turn(page, 'Behaviour')).toContainText('1 changed');
  await knobs.getByRole('button', { name: /^Back to/ }).click();
  await expect(turn(page, 'Behaviour')).toContainText('strict');
  await knobs.getByLabel('Find a knob').fill('code.lifetime');
  await knobs.getByRole('button', { name: /^code\.lifetime/ }).click();
  await knobs.getByRole('textbox', { name: /^code\.lifetime/ }).fill('-1');
  await knobs.getByRole('button', { name: 'Set' }).click();
  await expect(knobs.getByRole('alert').filter({ hasText: 'code.lifetime' })).toBeVisible();
  await expectAccessible(page);
});

test('a stream that is cut is taken up again, without loss and without doubles', async ({ page, sandbox }) => {
  const ping = () =>
    fetch(sandbox.mcp.oauth, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    });
  await page.goto(sandbox.inspectUrl!);
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  await ping();
  await expect(rows(page)).toHaveCount(1);
  await page.context().setOffline(true);
  for (let i = 0; i < 5; i += 1) await ping();
  await page.context().setOffline(false);
  await expect(rows(page)).toHaveCount(6, { timeout: 20_000 });
  expect(await page.locator('[role=option] .no').allTextContents()).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('360 px wide: one view at a time, nothing cut off', async ({ page, sandbox }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { client } = await connect(sandbox.mcp.oauth);
  await client.close();
  await page.goto(sandbox.inspectUrl!);
  await rows(page).first().click();
  await expect(page.locator('.exch h2').first()).toBeVisible();
  await expectNoOverflow(page);
  await page.getByRole('button', { name: 'All exchanges' }).click();
  await expect(rows(page).first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Controls' }).click();
  for (const part of ['Faults', 'Behaviour', 'Clock', 'Users', 'Tokens']) {
    await turn(page, part).click();
    await expect(tray(page, part)).toBeVisible();
    await expectNoOverflow(page);
  }
  await expectAccessible(page);
});

test('a failing rule is found, understood and mended by keyboard alone, at 360 px', async ({ page, sandbox }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(sandbox.inspectUrl!);
  await run(sandbox.mcp.oauth, { resource: false });
  const view = (name: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) });
  await byKeyboard(view('Report'));
  const ruler = page.getByRole('list', { name: 'Verdicts, one tick a rule' });
  const tick = ruler.getByRole('button', { name: 'Names the resource in the token request: fail' });
  await expect(tick).toBeVisible();
  // The first failure opens by itself; the others are a key away.
  const rule = page.getByRole('article');
  await expect(rule).toBeVisible();
  await tabTo(ruler.getByRole('button').and(page.locator('[tabindex="0"]')));
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 150 && !(await tick.evaluate((one) => one === document.activeElement)); presses += 1)
    await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(rule).toContainText('token.resource');
  await expect(page).toHaveURL(/#rule-token\.resource$/);
  await expectNoOverflow(page);
  await expectAccessible(page);
  await byKeyboard(rule.getByRole('button', { name: /^exchange \d+$/ }).first());
  await expect(page.getByRole('heading', { name: 'The token request' })).toBeFocused();
  await expect(page.locator('.ln.ins')).toContainText('resource');
  await expectNoOverflow(page);
  await expectAccessible(page);

  await byKeyboard(view('Report'));
  await byKeyboard(page.getByRole('button', { name: 'Close the run' }));
  await byKeyboard(page.getByRole('alertdialog').getByRole('button', { name: 'Close the run' }));
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await run(sandbox.mcp.oauth, { resource: true });
  await expect(ruler.getByRole('button', { name: /^Names the resource in the token request: pass/ })).toBeVisible();
  // Side by side on a wide screen, the same report is as accessible.
  await page.setViewportSize({ width: 1440, height: 900 });
  await expectAccessible(page);
});
