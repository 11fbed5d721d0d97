/** Every level's solution in a real browser, and one level played by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

const folder = join(import.meta.dirname, '..', 'lib', 'labs', 'levels');
interface LevelFile {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly par: number;
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

test('a level by keyboard: a move, undo on the server too, solved, and a link to the run', async ({ page }) => {
  test.slow();
  await page.goto('/levels/one-refusal');
  const status = page.getByRole('status').filter({ hasText: /reached|made|Solved/ });
  const press = async (name: RegExp | string) => {
    const button = page.getByRole('button', { name });
    await expect(button.first()).not.toHaveAttribute('aria-disabled', 'true');
    await button.first().focus();
    await page.keyboard.press('Enter');
  };
  const go = async () => {
    await expect(page.locator('[data-action]')).toBeEnabled();
    await expect(page.locator('[data-action][aria-busy]')).toHaveCount(0);
    await page.locator('[data-action]').focus();
    await page.keyboard.press('Enter');
  };
  await press(/Add a note$/);
  await go();
  await expect(status).toHaveText(/Move 1 made: 403 scope="notes:write". 1 of 3 reached/);
  await go();
  await expect(page.getByRole('row', { name: /refused with 403/ })).toContainText('twice, in moves 1 and 2');
  await press('Undo');
  await expect(page.getByRole('row', { name: /refused with 403/ })).toContainText('once, in move 1');
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
  await page.goto(link);
  await page.getByRole('button', { name: 'Play them' }).click();
  await expect(page.getByRole('heading', { name: 'Seen in 5, par 5' })).toBeVisible({ timeout: 20_000 });
});
