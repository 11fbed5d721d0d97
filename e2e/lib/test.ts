/**
 * The kit's `test`, with a sandbox of its own for each journey, and what every journey watches for: errors in the
 * console, and what axe finds.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test as base } from 'authwalk/playwright';

export { expect };

interface Watch {
  /** What the browser itself has to say, because the lesson is that it refuses; null: nothing. */
  readonly refusals: RegExp | null;
  readonly quietConsole: undefined;
}

export const test = base.extend<Watch>({
  refusals: [null, { option: true }],
  quietConsole: [
    async ({ page, refusals }, use) => {
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(String(error)));
      page.on('console', (message) => {
        // The walk's own refusals are lessons, and Chromium writes every 4xx that a page fetches into the console.
        const text = message.text();
        if (message.type() === 'error' && !text.startsWith('Failed to load resource') && !refusals?.test(text))
          said.push(text);
      });
      await use(undefined);
      expect(said, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

/** Fails on anything that axe finds on the page, in both themes. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only colours differ between the themes.
    const axe = new AxeBuilder({ page });
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    const { violations } = await axe.analyze();
    expect(
      violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target.join(' ')) })),
      `axe, ${colorScheme}`,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Fails where the page is wider than the window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    'horizontal overflow',
  ).toBeLessThanOrEqual(0);
}
