/** The walk as a reader takes it, by the texts of the track. */
import type { Locator, Page } from '@playwright/test';
import { loadTrack } from '#lib/guide/load.ts';
import { expect } from './test.ts';

interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly opens?: string;
  readonly options?: readonly { readonly text: string; readonly right?: boolean }[];
  readonly expected?: { readonly status: number; readonly error?: string };
}
interface Step {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly action: string;
  readonly experiments: readonly Experiment[];
}

/** The main track, as the pages have it. */
export const track = loadTrack('authorization-code') as {
  readonly id: string;
  readonly steps: readonly Step[];
};

export const stepOf = (id: string): Step => track.steps.find((step) => step.id === id)!;

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A primary action by what it does; its name begins with who speaks to whom. */
export function action(page: Page, label: string): Locator {
  return page.getByRole('button', { name: new RegExp(`${literally(label)}( again)?$`) });
}

/** The rail, or the strip of a narrow screen, says that the step with this title is done. */
export async function expectTitleDone(page: Page, title: string): Promise<void> {
  await expect(
    page
      .getByRole('navigation', { name: /^Steps/ })
      .getByRole('link', { name: new RegExp(`${literally(title)} ?, done`) }),
    // The way back from the consent page is two pages and three requests long.
  ).toBeVisible({ timeout: 30_000 });
}

/** The same for a step of the main track. */
export async function expectDone(page: Page, id: string): Promise<void> {
  await expectTitleDone(page, stepOf(id).title);
}

export type Press = (target: Locator) => Promise<void>;
export const byMouse: Press = (target) => target.click();
export const byKeyboard: Press = async (target) => {
  await tabTo(target);
  await target.page().keyboard.press('Enter');
};

/** Presses Tab until the target has the focus: it can be reached, and in order. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 150; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The Tab key does not lead there.');
}

/** Takes one step by its primary action. The authorization step ends at the consent page. */
export async function takeStep(page: Page, id: string, press: Press = byMouse): Promise<void> {
  const button = action(page, stepOf(id).action);
  await expect(button).toBeVisible();
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
  await press(button);
  if (id !== 'authorization') await expectDone(page, id);
}

/** From an empty guide up to the consent page. */
export async function walkToConsent(page: Page, press: Press = byMouse): Promise<void> {
  await page.goto(`/guide/${track.id}`);
  for (const id of ['challenge', 'discovery', 'registration', 'authorization']) await takeStep(page, id, press);
  await expect(page).toHaveURL(/\/consent\//);
}

/** Approves as the user that was made up, and waits to be back in the guide. */
export async function approve(page: Page, press: Press = byMouse): Promise<void> {
  await press(page.getByRole('button', { name: /^Approve as/ }));
  await expectDone(page, 'authorization');
}
