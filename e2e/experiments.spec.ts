import { expect, test } from './lib/test.ts';
import { approve, stepOf, takeStep, track } from './lib/walk.ts';

/** The first experiment of a step that runs, with a plain refusal to show. */
const chosen = {
  registration: 'authorization-code.registration.fragment',
  authorization: 'authorization-code.authorization.no-challenge',
  token: 'authorization-code.token.no-verifier',
  call: 'authorization-code.call.tampered',
} as const;

test('the experiments of four steps: predict, run, and see what was promised', async ({ page }) => {
  test.slow();
  await page.goto(`/guide/${track.id}`);
  for (const { id } of track.steps) {
    await takeStep(page, id);
    if (id === 'authorization') await approve(page);
    if (!(id in chosen)) continue;
    await page.goto(`/guide/${track.id}/${id}`);
    const wanted = chosen[id as keyof typeof chosen];
    const experiment =
      stepOf(id).experiments.find((one) => one.id === wanted) ??
      stepOf(id).experiments.find((one) => one.expected?.error)!;
    const right = experiment.options!.find((option) => option.right)!;
    const plain = (text: string) => text.replaceAll('`', '').replaceAll("'", '’');
    await page.getByRole('button', { name: plain(experiment.title), exact: true }).click();
    await expect(page.getByRole('button', { name: 'Copy the link to this state' })).toBeVisible();
    await page.getByRole('radio', { name: plain(right.text), exact: true }).check();
    await page.getByRole('button', { name: /Run and see/ }).press('Enter');
    await expect(page.getByRole('radio', { name: /this one/ })).toBeVisible({ timeout: 20_000 });
    // The button is gone: the keyboard goes on from what came.
    await expect(page.locator('.reveal > p').first()).toBeFocused();
    if (experiment.expected?.error) await expect(page.getByRole('main')).toContainText(experiment.expected.error);
    if (id === 'call') break;
  }
});
