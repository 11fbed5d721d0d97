/** A sandbox as a client's developer uses it: a real MCP client arrives, is watched, is led astray, and recovers. */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';
import { tabTo } from './lib/walk.ts';

const redirectUrl = 'http://127.0.0.1:33418/callback';

/** What an application keeps for the SDK; a made-up user approves. */
class Kept {
  readonly redirectUrl = redirectUrl;
  readonly clientMetadata = {
    client_name: 'fieldnotes',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  readonly values: Record<string, unknown> = {};
  answer: URL | undefined;
  state() {
    return crypto.randomUUID();
  }
  clientInformation() {
    return this.values.client as never;
  }
  saveClientInformation(client: unknown) {
    this.values.client = client;
  }
  tokens() {
    return this.values.tokens as never;
  }
  saveTokens(tokens: unknown) {
    this.values.tokens = tokens;
  }
  saveDiscoveryState(state: unknown) {
    this.values.discovery = state;
  }
  discoveryState() {
    return this.values.discovery as never;
  }
  codeVerifier() {
    return this.values.verifier as string;
  }
  saveCodeVerifier(verifier: string) {
    this.values.verifier = verifier;
  }
  async redirectToAuthorization(url: URL) {
    url.searchParams.set('auto_approve', 'true');
    this.answer = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location')!);
  }
}

/** Connects a client of its own making, with everything that it takes. */
async function connect(mcp: string, kept = new Kept()): Promise<{ client: Client; kept: Kept }> {
  const url = new URL(mcp);
  const authProvider = kept as never;
  const first = new StreamableHTTPClientTransport(url, { authProvider });
  const client = new Client({ name: 'fieldnotes', version: '0.9.2' });
  if (!kept.values.tokens) {
    await expect(new Client({ name: 'fieldnotes', version: '0.9.2' }).connect(first)).rejects.toBeInstanceOf(
      UnauthorizedError,
    );
    await first.finishAuth(kept.answer!.searchParams);
  }
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
  return { client, kept };
}

interface Made {
  readonly id: string;
  readonly control_token: string;
  readonly inspect_url: string;
  readonly mcp: { readonly oauth: string };
}

async function make(page: Page, config: Record<string, unknown> = {}): Promise<Made> {
  return (await (await page.request.post('/api/sandboxes', { data: { config } })).json()) as Made;
}

const ledger = (page: Page) => page.getByRole('listbox', { name: /^Exchanges/ });
const rows = (page: Page) => ledger(page).getByRole('option');
const addressOf = async (page: Page) => (await page.locator('.con .url').textContent())!;

test('one click makes a sandbox, and a real client’s requests appear and are explained', async ({ page }) => {
  await page.goto('/sandbox');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make a sandbox' }).click();
  await expect(page).toHaveURL(/\/sandbox\/[a-z2-7]{26}$/);
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  await expectAccessible(page);

  const { client } = await connect(await addressOf(page));
  const asked = Date.now();
  await client.listTools();
  await expect(rows(page).filter({ hasText: 'tools/list' })).toBeVisible();
  expect(Date.now() - asked, 'ms until it is seen').toBeLessThan(2_000);

  await rows(page).filter({ hasText: '/oauth/token' }).click();
  await expect(page.getByRole('heading', { name: 'The token request' })).toBeVisible();
  await expect(page.getByText('SHA-256 of the verifier is the challenge')).toBeVisible();
  await expect(page.getByText('A form, not JSON.')).toBeVisible();
  await expect(page.getByText(/&code_verifier=masked-/)).toBeVisible();
  await page.getByRole('button', { name: 'Show secrets' }).click();
  await expect(page.getByText(/&code_verifier=masked-/)).toHaveCount(0);
  await page.getByRole('tab', { name: 'curl' }).click();
  await expect(page.getByText(/^curl -i -X POST/)).toBeVisible();
  await expectAccessible(page);
  await client.close();
});

test('the control token leaves the address, is kept, and without it nothing is shown', async ({ page, browser }) => {
  const made = await make(page);
  await page.goto(made.inspect_url);
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  expect(page.url()).not.toContain('#');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(made.inspect_url.replace(/#.*/, ''));
  await expect(stranger.getByRole('heading', { name: 'What arrives here is for its owner.' })).toBeVisible();
  await expectAccessible(stranger);
  await stranger.getByLabel('Control token').fill('wrong');
  await stranger.getByRole('button', { name: 'Show it' }).click();
  await expect(stranger.getByText('That is not this sandbox’s control token.')).toBeVisible();
  await stranger.getByLabel('Control token').fill(made.control_token);
  await stranger.getByRole('button', { name: 'Show it' }).click();
  await expect(stranger.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  await stranger.context().close();
});

test('a link to look shows what came, without secrets and without controls', async ({ page, browser, baseURL }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('link', { name: /#share=/ }).getAttribute('href');
  const guest = await (await browser.newContext({ baseURL })).newPage();
  await guest.goto(link!);
  await rows(guest).filter({ hasText: '/oauth/token' }).click();
  await expect(guest.getByText(/masked-/).first()).toBeVisible();
  await expect(guest.getByRole('button', { name: 'Show secrets' })).toHaveCount(0);
  await expect(guest.getByRole('button', { name: 'Reset' })).toHaveCount(0);
  await expectAccessible(guest);
  await guest.context().close();
});

test('a lost answer, then an hour: the clock is moved, the client refreshes, the family is shown', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await page.goto(made.inspect_url);
  await page.getByRole('button', { name: '+1 h on the clock' }).click();
  await expect(page.getByRole('button', { name: /now \+1 h/ })).toBeVisible();
  await client.callTool({ name: 'whoami', arguments: {} });
  await expect(rows(page).filter({ hasText: 'refresh' })).toBeVisible();
  const controls = page.getByRole('region', { name: 'Controls' });
  await expect(controls.getByText(/no\. 1, used/)).toBeVisible();
  await expect(controls.getByText(/no\. 2, good until/)).toBeVisible();

  await controls.getByRole('tab', { name: 'Faults' }).click();
  await controls.getByRole('button', { name: 'Token endpoint busy, once' }).click();
  await expect(controls.getByText('waits', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '+1 h on the clock' }).click();
  await client.callTool({ name: 'whoami', arguments: {} }).catch(() => undefined);
  await expect(rows(page).filter({ hasText: 'refresh, fault' })).toBeVisible();
  await expect(controls.getByText('acted once')).toBeVisible();
  await expectAccessible(page);
  await client.close();
});

test('a race of two refreshes ends the family, and the tree says of what', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  const controls = page.getByRole('region', { name: 'Controls' });
  await controls.getByRole('button', { name: 'the first answer lost' }).click();
  await expect(
    controls.getByText('The first: acted upon, its answer lost. The second: 400, invalid_grant.'),
  ).toBeVisible();
  await expect(controls.getByText(/A refresh token that was used before came back/)).toBeVisible();
  await controls.getByRole('button', { name: /^Exchange \d+$/ }).click();
  await expect(page.getByRole('heading', { name: 'A refresh' })).toBeVisible();
  await expectAccessible(page);
});

test('two refreshes are held at a barrier, and let through in the other order', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  const controls = page.getByRole('region', { name: 'Controls' });
  await controls.getByRole('button', { name: 'held, the second first' }).click();
  await expect(
    controls.getByText(
      'Both were held, and the second was let through first. The first: 400, invalid_grant. The second: 200, new tokens.',
    ),
  ).toBeVisible();
});

test('with a grace period the same race does no harm', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  const controls = page.getByRole('region', { name: 'Controls' });
  await controls.getByRole('button', { name: '10 s' }).click();
  await expect(controls.getByRole('button', { name: '10 s' })).toHaveAttribute('aria-pressed', 'true');
  await controls.getByRole('button', { name: 'at once' }).click();
  await expect(controls.getByText('The first: 200, new tokens. The second: 200, new tokens.')).toBeVisible();
  await expect(controls.getByText(/no\. 2, good until/)).toHaveCount(1);
});

test('by keyboard alone: into the list, along it, and into an exchange', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  await expect(rows(page).first()).toBeVisible();
  await tabTo(ledger(page));
  await page.keyboard.press('Home');
  await expect(rows(page).first()).toHaveAttribute('aria-selected', 'true');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'The registration' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'The registration' })).toBeFocused();
  await tabTo(page.getByRole('button', { name: /^Faults|0.*open them/ }).first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Faults' })).toBeFocused();
});

test('filters, flows, pause: what is shown is what was asked for', async ({ page }) => {
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await page.goto(made.inspect_url);
  await expect(rows(page).first()).toBeVisible();
  const all = await rows(page).count();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Endpoint').selectOption('token');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'show all' }).click();
  await page.getByLabel('Text that travelled').fill('code_challenge_methods_supported');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'show all' }).click();
  await expect(rows(page)).toHaveCount(all);
  await page.getByRole('button', { name: 'Pause' }).click();
  await client.listTools();
  await expect(page.getByText(/paused, \d+ more since/)).toBeVisible();
  await expect(rows(page)).toHaveCount(all);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(rows(page)).toHaveCount(all + 1);
  await page.getByRole('button', { name: 'By flow' }).click();
  await expect(page.locator('.flow-head')).toHaveCount(1);
  await client.close();
});

test('a knob is turned, and one that is refused says why', async ({ page }) => {
  const made = await make(page);
  await page.goto(made.inspect_url);
  const controls = page.getByRole('region', { name: 'Controls' });
  await controls.getByRole('tab', { name: 'Behaviour' }).click();
  await controls.getByLabel('Find a knob').fill('refresh.rotate');
  await controls.getByRole('button', { name: /^refresh\.rotate/ }).click();
  await controls.getByLabel('off').check();
  await expect(page.getByRole('button', { name: /1 turned/ })).toBeVisible();
  await controls.getByLabel('Find a knob').fill('code.lifetime');
  await controls.getByRole('button', { name: /^code\.lifetime/ }).click();
  await controls.getByRole('textbox', { name: /^code\.lifetime/ }).fill('-1');
  await controls.getByRole('button', { name: 'Set' }).click();
  await expect(controls.getByRole('alert').filter({ hasText: 'code.lifetime' })).toBeVisible();
  await expectAccessible(page);
});

test('silence is told: where the client stopped, and the likeliest reasons', async ({ page }) => {
  const made = await make(page);
  await page.request.post(made.mcp.oauth, {
    data: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    headers: { accept: 'application/json, text/event-stream' },
  });
  await page.clock.install();
  await page.goto(made.inspect_url);
  await expect(rows(page)).toHaveCount(1);
  await page.clock.fastForward(42_000);
  await expect(page.getByRole('heading', { name: /^Nothing for \d+ s/ })).toBeVisible();
  await expect(
    page.getByText(/The client stopped at exchange 1, the 401 that says where to get a token/),
  ).toBeVisible();
  await expect(
    page.getByText('The client waits for the user to press a button such as Connect or Sign in.'),
  ).toBeVisible();
});

test('a stream that is cut is taken up again, without loss and without doubles', async ({ page }) => {
  const made = await make(page);
  const ping = () => page.request.post(made.mcp.oauth, { data: { jsonrpc: '2.0', id: 1, method: 'tools/list' } });
  await page.goto(made.inspect_url);
  await expect(page.getByRole('heading', { name: 'Nothing has arrived yet' })).toBeVisible();
  await ping();
  await expect(rows(page)).toHaveCount(1);
  await page.context().setOffline(true);
  for (let i = 0; i < 5; i += 1)
    await fetch(made.mcp.oauth, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    });
  await page.context().setOffline(false);
  await expect(rows(page)).toHaveCount(6, { timeout: 20_000 });
  const numbers = await page.locator('[role=option] .no').allTextContents();
  expect(numbers).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('500 exchanges and ten more a second: no task holds the page for long', async ({ page }) => {
  test.setTimeout(90_000);
  const made = await make(page);
  const ping = () =>
    fetch(made.mcp.oauth, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    }).then((response) => response.text());
  for (let i = 0; i < 25; i += 1) await Promise.all(Array.from({ length: 20 }, ping));
  await page.goto(made.inspect_url);
  await expect(page.getByText('live, 500 so far')).toBeVisible();
  expect(await rows(page).count(), 'rows that are drawn').toBeLessThan(80);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')!.value;
  };
  const before = await busy();
  for (let i = 0; i < 50; i += 1) {
    await ping();
    await page.waitForTimeout(60);
  }
  await expect(rows(page).last()).toHaveAccessibleName(/^550 /);
  // Time on the processor, which other work on the machine does not stretch as it stretches a long task.
  expect((await busy()) - before, 'seconds of processor time for fifty exchanges').toBeLessThan(2.5);
});

test('360 px wide: one column, nothing cut off', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const made = await make(page);
  const { client } = await connect(made.mcp.oauth);
  await client.close();
  await page.goto(made.inspect_url);
  await rows(page).first().click();
  await expectNoOverflow(page);
  for (const part of ['Faults', 'Behaviour', 'Clock', 'Users', 'Tokens']) {
    await page.getByRole('tab', { name: part }).click();
    await expectNoOverflow(page);
  }
  await expectAccessible(page);
});

test('a sandbox that never was, or is over, says so', async ({ page }) => {
  const answer = await page.goto('/sandbox/aaaaaaaaaaaaaaaaaaaaaaaaaa');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'This sandbox is no more.' })).toBeVisible();
  await expectAccessible(page);
});
