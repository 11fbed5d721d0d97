/** Every level's solution in a real browser, and one level played by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moveSource } from '#lib/labs/levels/moves.ts';
import type { Page } from '@playwright/test';
import { ask, freePort, startScript } from './lib/server.ts';
import { byKeyboard, type Press, tabTo } from './lib/walk.ts';
import { EVERY_WAY, WAYS } from './lib/ways.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

const folder = join(import.meta.dirname, '..', 'lib', 'labs', 'levels');
interface LevelFile {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly par: number;
  readonly solution: readonly {
    readonly move: string;
    readonly set?: Readonly<Record<string, unknown>>;
    readonly without?: readonly string[];
    readonly seconds?: number;
  }[];
}
const levels = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as LevelFile)
  .sort((a, b) => a.number - b.number);

for (const part of [0, 1])
  test(`the solution of every ${part === 0 ? 'odd' : 'even'} level, typed in, reaches its goal`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const { id, par } of levels.filter((level) => level.number % 2 === 1 - part)) {
      await page.goto(`/levels/${id}`);
      await page.getByRole('button', { name: 'Type in the solution' }).click();
      const result = page.getByRole('heading', { name: /^Seen in \d+, par/ });
      await expect(result, id).toBeFocused({ timeout: 20_000 });
      await expect(result).toHaveText(`Seen in ${par}, par ${par}`);
      await expect(page.locator('.trouble-bar')).toHaveCount(0);
    }
  });

/** Makes the moves of the solution by hand, as a player who knows it. */
async function playByHand(page: Page, { solution }: LevelFile, press: Press): Promise<void> {
  const go = page.locator('[data-action]');
  for (const [index, { move, set = {}, without = [], seconds }] of solution.entries()) {
    const choice = page.getByRole('listitem').getByRole('button', { name: new RegExp(`${moveSource(move)!.title}$`) });
    await expect(choice).not.toHaveAttribute('aria-disabled', 'true');
    if ((await choice.getAttribute('aria-pressed')) !== 'true') await press(choice);
    await expect(choice).toHaveAttribute('aria-pressed', 'true');
    // With the first choice the start runs; until it has, nothing can be sent.
    await expect(go).not.toHaveAttribute('aria-disabled', 'true');
    await expect(go).not.toHaveAttribute('aria-busy', 'true');
    const more = page.getByRole('button', { name: /more parameters?, as in the walk$/ });
    const named = [...Object.keys(set), ...without];
    for (const name of named)
      if ((await page.getByRole('textbox', { name, exact: true }).count()) === 0) await press(more);
    for (const [name, value] of Object.entries(set)) {
      const field = page.getByRole('textbox', { name, exact: true });
      if (press === byKeyboard) {
        await tabTo(field);
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.type(String(value));
      } else await field.fill(String(value));
    }
    for (const name of without) {
      const tick = page.getByRole('checkbox', { name: `Send ${name}`, exact: true });
      if (press === byKeyboard) {
        await tabTo(tick);
        await page.keyboard.press('Space');
      } else await page.locator('.tick', { has: tick }).click();
      await expect(tick).not.toBeChecked();
    }
    if (seconds !== undefined) await page.getByRole('spinbutton', { name: 'Seconds' }).fill(String(seconds));
    await press(go);
    await expect(page.getByText(new RegExp(`Move ${index + 1} made|Solved in`)).first()).toBeAttached();
  }
}

if (EVERY_WAY)
  for (const level of levels)
    for (const { name, press, width } of [WAYS.keyboard, WAYS.phone])
      test(`level ${level.number}, ${level.id}: solved ${name}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`/levels/${level.id}`);
        await playByHand(page, level, press);
        await expect(page.getByRole('heading', { name: `Solved in ${level.par}, par ${level.par}` })).toBeFocused();
        await expectNoOverflow(page);
        await expectAccessible(page);
      });

test('a level of one’s own is written, checked by line, proven and played; on a public instance it is not', async ({
  page,
}) => {
  await page.goto('/guide/editor');
  const text = page.getByRole('textbox', { name: 'The level, in YAML' });
  const check = page.locator('#faults');
  await expect(check).toHaveText('Nothing is wrong with the text.');
  await page.getByRole('button', { name: 'Play the solution' }).click();
  await expect(page.getByText(/^It holds\. The solution reaches the goal in 5, par 5/)).toBeVisible();
  const good = await text.inputValue();
  await text.fill(good.replace('par: 5', 'par: many'));
  const line = good.split('\n').findIndex((one) => one.startsWith('par: ')) + 1;
  await expect(check).toContainText(`Line ${line} par: it has to be a number`);
  await page.getByRole('button', { name: `Line ${line}` }).click();
  await expect(text).toBeFocused();
  const shot = '<img src=/x onerror=alert(1)>';
  await text.fill(good.replace(/^title: .*$/m, `title: '${shot}'`));
  await expect(check).toHaveText('Nothing is wrong with the text.');
  const preview = page.getByRole('region', { name: 'The level, as it is played' });
  await expect(preview).toContainText(shot);
  await expect(preview.locator('img')).toHaveCount(0);
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoOverflow(page);
  for (const link of ['/levels/own#level=AAAA', '/levels/own#level=%00', `/levels/own#level=${'A'.repeat(30_000)}`]) {
    await page.goto('/levels');
    await page.goto(link);
    await expect(page.getByRole('main')).toContainText(/brings no level|cannot be played/);
  }

  const port = await freePort();
  const host = 'walk.example';
  const env = { PORT: String(port), PUBLIC_URL: `https://${host}`, DATABASE_URL: ':memory:', NODE_ENV: 'production' };
  const server = await startScript('server.ts', env);
  try {
    for (const path of ['/guide/editor', '/levels/own']) {
      const { text: said } = await ask(port, host, path);
      expect(said, path).toContain('On your own machine only');
      expect(said, path).not.toContain('The level, in YAML');
    }
    expect(await ask(port, host, '/guide/editor/check', good)).toMatchObject({ status: 403 });
  } finally {
    server.kill();
  }
});

test('a level by keyboard: a move, undo on the server too, solved, and a link to the run', async ({ page }) => {
  test.slow();
  await page.goto('/levels/one-refusal');
  const status = page.getByRole('status').filter({ hasText: /reached|made|Solved/ });
  const press = async (name: RegExp | string) => {
    const button = page.getByRole('button', { name });
    // While a move is under way the buttons are disabled, and a press would be lost.
    await expect(button.first()).toBeEnabled({ timeout: 20_000 });
    await button.first().focus();
    await page.keyboard.press('Enter');
  };
  const go = async () => {
    await expect(page.locator('[data-action]')).toBeEnabled({ timeout: 20_000 });
    await expect(page.locator('[data-action][aria-busy]')).toHaveCount(0, { timeout: 20_000 });
    await page.locator('[data-action]').focus();
    await page.keyboard.press('Enter');
  };
  await press(/Add a note$/);
  await go();
  await expect(status).toHaveText(/Move 1 made: 403 scope="notes:write". 1 of 3 reached/);
  await go();
  await expect(page.getByRole('row', { name: /refused with 403/ })).toContainText('twice, in moves 1 and 2');
  await press('Undo');
  // The server's side is taken back as well: the start runs again, and the first move.
  await expect(page.getByRole('row', { name: /refused with 403/ })).toContainText('once, in move 1', {
    timeout: 20_000,
  });
  await expect(page.getByRole('button', { name: 'Redo' })).toBeVisible();
  await press(/Authorize$/);
  await page.getByRole('textbox', { name: 'scope' }).fill('notes:read notes:write');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoOverflow(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await go();
  await expect(status).toHaveText(/Move 2 made: 302 to the consent page/);
  await press(/Approve$/);
  await go();
  await expect(status).toHaveText(/Move 3 made: 302 with code/);
  await press(/Redeem$/);
  await go();
  await expect(status).toHaveText(/Move 4 made/);
  await page.reload();
  await press(/Add a note$/);
  await go();
  await expect(page.getByRole('heading', { name: 'Solved in 5, par 5' })).toBeFocused();
  await expectAccessible(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy a link to this run' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/levels\/one-refusal#moves=/);
  await page.goto('/levels');
  await expect(page.getByRole('main')).toContainText('solved in 5, at par');
  await expectAccessible(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const bent = JSON.stringify([{ move: 'authorize', without: [{ toString: 1, valueOf: 1 }] }]);
  for (const moves of ['<script>', Buffer.from(bent).toString('base64url')]) {
    await page.goto('/levels');
    await page.goto(`/levels/one-refusal#moves=${moves}`);
    await expect(page.getByRole('alert').filter({ hasText: 'The moves of this link are not played' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Play them' })).toBeHidden();
  }
  await page.goto('/levels');
  await page.goto(link);
  await page.getByRole('button', { name: 'Play them' }).click();
  await expect(page.getByRole('heading', { name: 'Seen in 5, par 5' })).toBeVisible({ timeout: 20_000 });
});
