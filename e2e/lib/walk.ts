/** The walk as a reader takes it, by the texts of the track. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { parse } from 'yaml';
import { expect } from './test.ts';

interface Step { readonly id: string; readonly title: string; readonly action: string; readonly experiments: readonly Experiment[] }
interface Experiment { readonly id: string; readonly title: string; readonly options?: readonly { readonly text: string; readonly right?: boolean }[]; readonly expected?: { readonly status: number; readonly error?: string } }

/** The main track, from the same file that the pages are made from. */
export const track = parse(readFileSync('lib/guide/tracks/authorization-code.yaml', 'utf8')) as { readonly steps: readonly Step[] };

export const stepOf = (id: string): Step => track.steps.find((step) => step.id === id)!;

/** The one primary action that is in view: who speaks to whom, then what it does. */
export function action(page: Page, label: string): Locator {
  return page.getByRole('button', { name: new RegExp(`${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) });
}

/** Takes a step by its primary action and waits until the rail says that it is done. */
export async function takeStep(page: Page, id: string, press: (button: Locator) => Promise<void> = (button) => button.click()): Promise<void> {
  const button = action(page, stepOf(id).action);
  await expect(button).toBeEnabled();
  await press(button);
  if (id !== 'authorization') await expectDone(page, id);
}

/** The rail marks the step as done. */
export async function expectDone(page: Page, id: string): Promise<void> {
  await expect(page.getByRole('navigation', { name: /steps|track/i }).getByRole('link', { name: stepOf(id).title })).toHaveAccessibleName(/done/i);
}
