/** A class: the wall in one browser, a participant in another. */
import { plainText } from '#lib/guide/text.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { action } from './lib/walk.ts';
import { scan } from './lib/scan.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';

test('a participant joins, walks, is seen on the wall without a name, and leaves', async ({
  page,
  browser,
  request,
}) => {
  test.slow();
  await page.goto('/class');
  await page.getByRole('button', { name: 'Begin a class' }).click();
  await expect(page.getByRole('heading', { name: '0 here, and where they are' })).toBeVisible();
  await expect(page).toHaveURL(/\/class\/[a-z]+-\d+$/);
  const id = page.url().split('/').at(-1)!;
  const code = page.getByRole('img', { name: 'The address as a QR code' });
  expect(await scan(code), 'what a phone reads').toBe(new URL(`/c/${id}`, page.url()).href);

  const other = await browser.newContext();
  const participant = await other.newPage();
  await participant.goto(new URL(`/c/${id}`, page.url()).href);
  await expect(participant.getByRole('main')).toContainText('Nothing else: no token, no parameter');
  await expectAccessible(participant);
  await participant.getByRole('button', { name: 'Join' }).click();
  await expect(participant.getByText(/The wall of class/)).toBeVisible();
  await expect(page.getByRole('img', { name: 'step 1, moving' })).toBeVisible();
  const [first, second] = loadTrack('authorization-code')!.steps;
  await action(participant, first!.action).click();
  await expect(page.getByRole('img', { name: 'step 2, moving' })).toBeVisible({ timeout: 30_000 });

  // Three more guess, and are refused, as the participant is.
  const experiment = second!.experiments.find((one) => one.opens === null)!;
  const api = new URL(`/api/classes/${id}/members`, page.url()).href;
  const members: { readonly authorization: string }[] = [];
  const places: object[] = [];
  for (const option of [0, 1, 1]) {
    const joined = await request.post(api, { data: {} });
    const { member_token: token } = (await joined.json()) as { member_token: string };
    const refused = { step: second!.id, state: 'stuck', reason: 'metadata-unknown' };
    const headers = { authorization: `Bearer ${token}` };
    const place = { ...refused, guesses: { [experiment.id]: option } };
    expect((await request.put(`${api}/me`, { data: place, headers })).status()).toBe(204);
    members.push(headers);
    places.push(place);
  }

  // The wall asks to see such a refusal; its owner sees what would be shown, and agrees.
  await participant.goto(new URL(`/guide/authorization-code/${second!.id}`, page.url()).href);
  const address = participant.getByRole('textbox', { name: 'url', exact: true }).first();
  await expect(address).toBeEditable();
  await address.fill(`${await address.inputValue()}/odd`);
  for (const refusals of [1, 2]) {
    await action(participant, second!.action).click();
    await expect(participant.getByText(`exchange ${refusals + 1}`).first()).toBeVisible();
  }
  // Two requests, what the server recorded of them, and the way to the wall.
  await expect(page.getByRole('img', { name: 'step 2, stuck: refused twice or more' })).toHaveCount(4, {
    timeout: 30_000,
  });
  await page.getByRole('button', { name: 'Show one, without its owner' }).click();
  const asks = participant.getByRole('complementary', { name: 'The class asks' });
  await expect(asks).toContainText('/s/…/mcp/odd', { timeout: 30_000 });
  await expectAccessible(participant);
  await asks.getByRole('button', { name: 'Show mine' }).click();
  await expect(page.getByText('/s/…/mcp/odd')).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoOverflow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Put it away' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Where they are stuck' })).toBeFocused();

  // Time runs out for three: the wall stops the clocks, and the participant's page that of its own sandbox.
  for (const headers of members)
    await request.put(`${api}/me`, { data: { step: 'token', state: 'stuck', reason: 'code-expired' }, headers });
  await page.getByRole('button', { name: 'Freeze all clocks' }).click();
  await expect(page.getByText('All clocks are stopped.')).toBeVisible();
  await expect(participant.getByText(/Your class has stopped the clocks/)).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Let them run' }).click();
  await expect(page.getByText('All clocks are stopped.')).toBeHidden();
  await expect(participant.getByText(/Your class has stopped the clocks/)).toBeHidden({ timeout: 30_000 });
  for (const [index, headers] of members.entries()) await request.put(`${api}/me`, { data: places[index], headers });

  // Presented: how many have guessed, and what once it is shown.
  await expect(page.getByRole('heading', { name: '4 here, and where they are' })).toBeVisible();
  await page.getByRole('button', { name: 'Present step 2 to all' }).click();
  const guesses = page.getByRole('region', { name: 'Guesses of the class' });
  await expect(guesses).toContainText(`Class ${id}: 4 here`);
  await page.getByRole('button', { name: plainText(experiment.title), exact: true }).click();
  await expect(guesses).toContainText('3 of 4 have guessed. Hidden until you say so.');
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('g');
  await expect(guesses.getByRole('listitem')).toHaveText([/1$/, /2$/, /0$/]);
  await expectAccessible(page);
  await expect(participant.getByText(/Your class is shown step 2/)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await page.goto(`/class/${id}`);
  await expect(participant.getByText(/Your class is shown step/)).toBeHidden({ timeout: 30_000 });

  await participant.getByRole('button', { name: 'Leave it' }).click();
  await expect(page.getByRole('heading', { name: '3 here, and where they are' })).toBeVisible();
  await page.getByRole('button', { name: 'End the class' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('heading', { name: 'The class has ended' })).toBeVisible();
  await other.close();
});
