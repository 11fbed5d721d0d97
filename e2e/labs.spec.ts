/** Every lab in a real browser: off the damage is done, on it is not, and nothing leaves the sandbox. */
import { labs } from '#lib/labs/attacks/index.ts';
import { plainText } from '#lib/guide/text.ts';
import type { Lab } from '#lib/labs/types.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';
import { EVERY_WAY, WAYS, type Way } from './lib/ways.ts';
import type { Page } from '@playwright/test';

test.use({ reducedMotion: 'reduce' });

/** What a screen reader is told of the lab. */
const said = (page: Page) => page.getByRole('main').getByRole('status');

/** Runs what is left of the position, and waits for the goal. */
async function toTheEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run to the end' }).click();
  await expect(page.getByRole('button', { name: 'Run it again' })).toBeVisible({ timeout: 20_000 });
}

/** The frame of the attacker's page: a click of the reader lands in it, unless the browser refuses to fill it. */
async function clickTheStar(page: Page, is: 'shown' | 'refused'): Promise<void> {
  const plate = page.getByRole('region', { name: 'Mallory’s page, in your browser' });
  const approve = page.frameLocator('iframe').getByRole('button', { name: 'Approve as you@home.example' });
  await page.getByRole('button', { name: /Frame the consent page$/ }).click();
  if (is === 'refused') {
    await expect(plate).toContainText('The browser refuses to show the page');
    await expect(approve).toHaveCount(0);
    return;
  }
  await expect(approve).toBeVisible();
  await plate.getByRole('button', { name: 'Opacity 0, as she has it' }).click();
  const star = (await plate.locator('.star').boundingBox())!;
  await page.mouse.click(star.x + star.width / 2, star.y + star.height / 2);
  await expect(plate).toContainText('The click landed on Approve');
  await expect(said(page)).toHaveText('Moment 2 of 3 done. Next: Look at what came back.');
}

test.describe('labs', () => {
  // The lesson of one is that the browser refuses to fill a frame, and it says so in the console.
  test.use({ refusals: /frame-ancestors/ });
  for (const lab of labs) playBothWays(lab);
  if (EVERY_WAY) for (const lab of labs) for (const way of [WAYS.keyboard, WAYS.phone]) stepThrough(lab, way);
});

/** Moment by moment, in both positions, and on to what the lab leads to. */
function stepThrough(lab: Lab, { name, press, width }: Way): void {
  test(`lab ${lab.number}, ${lab.id}: moment by moment ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/lab/${lab.id}`);
    for (const position of ['off', 'on'] as const) {
      if (position === 'on') {
        await press(page.getByRole('button', { name: 'Switch it on, attack again' }));
        await expect(page.getByRole('radio', { name: 'On' })).toBeChecked();
      }
      const moments = lab.moments.filter(({ only }) => only === undefined || only === position);
      for (const { title } of moments) {
        const next = page.locator('[data-action]');
        await expect(next).toContainText(plainText(title));
        await expect(next).not.toHaveAttribute('aria-busy', 'true');
        await press(next);
        await expectNoOverflow(page);
      }
      await expect(said(page)).toContainText(position === 'off' ? 'Goal not met.' : 'Goal met.');
    }
    await expectAccessible(page);
  });
}

function playBothWays(lab: Lab): void {
  const isFramed = lab.moments.some((moment) => moment.acts.some((act) => act.act === 'page' && act.framed));
  test(`lab ${lab.number}, ${lab.id}: damage without the defence, none with it`, async ({ page, baseURL }) => {
    const outside: string[] = [];
    const note = (url: string): void => {
      const { origin, protocol } = new URL(url);
      if (protocol.startsWith('http') && origin !== new URL(baseURL!).origin) outside.push(url);
    };
    // Chromium tells of a redirect that nobody follows as of a request; one that is followed has a response.
    page.on('request', (request) => {
      if (request.redirectedFrom() === null) note(request.url());
    });
    page.on('response', (response) => note(response.url()));
    await page.goto(`/lab/${lab.id}`);
    if (isFramed) await clickTheStar(page, 'shown');
    await toTheEnd(page);
    await expect(page.getByText('Goal not met', { exact: true })).toBeVisible();
    await page.getByRole('radio', { name: 'On' }).check();
    if (isFramed) await clickTheStar(page, 'refused');
    await toTheEnd(page);
    await expect(page.getByText('Goal met', { exact: true })).toBeVisible();
    await expect(said(page)).toContainText('Goal met. Stopped by this check:');
    await expect(page.locator('tr.hit')).toHaveCount(1);
    await expect(page.getByRole('heading', { name: 'In your client' })).toBeVisible();
    await page.setViewportSize({ width: 360, height: 800 });
    await expectNoOverflow(page);
    expect(outside, 'requests that left the site').toEqual([]);
  });
}

test('a lab by keyboard, moment by moment; what was seen stays over a reload and stands in the index', async ({
  page,
}) => {
  await page.goto('/lab/code-interception');
  const action = page.locator('[data-action]');
  await action.focus();
  for (const [title, words] of [
    ['Approve as usual', 'Moment 1 of 5 done. Next: Read the redirect.'],
    ['Read the redirect', 'Moment 2 of 5 done. Next: Redeem it first.'],
    ['Redeem it first', 'Moment 3 of 5 done. Next: Call the tool.'],
    ['Call the tool', 'Moment 4 of 5 done. Next: Redeem it second.'],
    ['Redeem it second', 'Goal not met. Mallory has read your notes.'],
  ] as const) {
    await expect(action).toContainText(title);
    await page.keyboard.press('Enter');
    await expect(said(page)).toHaveText(words);
  }
  await expect(page.getByText('Spare key: under the third flowerpot')).toBeVisible();
  await page.keyboard.press('Enter');
  const off = page.getByRole('radio', { name: 'Off' });
  const on = page.getByRole('radio', { name: 'On' });
  await expect(on).toBeChecked();
  await on.press('ArrowLeft');
  await expect(off).toBeChecked();
  await expect(page.getByText('Goal not met', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Goal not met', { exact: true })).toBeVisible();
  await page.goto('/lab');
  await expect(page.getByRole('listitem').filter({ hasText: 'Steal the code' })).toContainText('off');
});

test.describe('the pages of the labs', () => {
  test.use({ bypassCSP: true });
  test('are accessible in both themes, before and after, and fit from 360 px', async ({ page }) => {
    test.slow();
    await page.goto('/lab');
    await expectAccessible(page);
    await page.goto('/lab/code-interception');
    await expectAccessible(page);
    await page.getByRole('radio', { name: 'On' }).check();
    await toTheEnd(page);
    await expectAccessible(page);
    for (const width of [320, 360, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoOverflow(page);
    }
    await page.goto('/lab');
    await expectNoOverflow(page);
  });
});
