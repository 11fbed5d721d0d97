import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';
import {
  action,
  approve,
  byKeyboard,
  byMouse,
  expectDone,
  stepOf,
  takeStep,
  track,
  walkToConsent,
} from './lib/walk.ts';

// The longest comes first: begun last, it would run on while the other worker has nothing left to do.
test('every step of a whole walk is accessible, in both themes', async ({ page }) => {
  test.slow();
  await page.goto(`/guide/${track.id}`);
  for (const { id } of track.steps) {
    await expectAccessible(page);
    await takeStep(page, id);
    if (id === 'authorization') {
      await expect(page).toHaveURL(/\/consent\//);
      await expectAccessible(page);
      await approve(page);
    }
    await page.goto(`/guide/${track.id}/${id}`);
    await expectDone(page, id);
    await expectAccessible(page);
    const next = track.steps[track.steps.findIndex((step) => step.id === id) + 1];
    if (next) await page.goto(`/guide/${track.id}/${next.id}`);
  }
  await page.goto(`/guide/${track.id}/done`);
  await expectAccessible(page);
});

for (const [device, viewport] of [
  ['desk', { width: 1440, height: 900 }],
  ['phone', { width: 360, height: 740 }],
] as const) {
  for (const [how, press] of [
    ['mouse', byMouse],
    ['keyboard alone', byKeyboard],
  ] as const) {
    test(`from the landing page to done, by ${how}, on a ${device}`, async ({ page }) => {
      // Each press of Tab is a round trip to the browser, and there are hundreds of them.
      test.slow(press === byKeyboard);
      await page.setViewportSize(viewport);
      await page.goto('/');
      await expect(page.getByText('401 Unauthorized').first()).toBeVisible();
      await expectNoOverflow(page);
      await press(page.getByRole('link', { name: /Follow the signpost/ }));
      // The refusal of the first page is the first step: it is done, and the second is open.
      await expect(page).toHaveURL(/\/guide\/authorization-code\/discovery$/);
      await expectDone(page, 'challenge');
      for (const id of ['discovery', 'registration', 'authorization']) {
        await expectNoOverflow(page);
        await takeStep(page, id, press);
      }
      await expect(page).toHaveURL(/\/consent\//);
      await expectNoOverflow(page);
      await approve(page, press);
      for (const id of ['token', 'call', 'refresh', 'revoke']) {
        await takeStep(page, id, press);
        await expectNoOverflow(page);
      }
      await press(action(page, 'See the whole run'));
      await expect(page).toHaveURL(/\/done$/);
      await expect(page.getByRole('heading', { name: /run/i }).first()).toBeVisible();
      await expectNoOverflow(page);
    });
  }
}

test('a reload in the middle of each step changes nothing', async ({ page }) => {
  test.slow();
  await page.goto(`/guide/${track.id}`);
  for (const { id } of track.steps) {
    await page.reload();
    await takeStep(page, id);
    if (id === 'authorization') await approve(page);
    await page.reload();
    await expectDone(page, id);
  }
});

test('what is pressed before the scripts have come is done when they are there', async ({ page }) => {
  const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>();
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await arrival;
    await route.continue();
  });
  await page.goto(`/guide/${track.id}/challenge`, { waitUntil: 'domcontentloaded' });
  await action(page, stepOf('challenge').action).click();
  arrive();
  await expectDone(page, 'challenge');
});

test('the exchange is shown as it went: the request, what the server did, the response', async ({ page }) => {
  await page.goto(`/guide/${track.id}`);
  await takeStep(page, 'challenge');
  await page.goto(`/guide/${track.id}/challenge`);
  const main = page.getByRole('main');
  await expect(main).toContainText('401 Unauthorized');
  await expect(main).toContainText('resource_metadata');
  await expect(main).toContainText('oauth-protected-resource');
});

test('an edit that the server refuses leads to its real error, explained, and back', async ({ page }) => {
  await page.goto(`/guide/${track.id}`);
  for (const id of ['challenge', 'discovery']) await takeStep(page, id);
  await page.goto(`/guide/${track.id}/registration`);
  const field = page.getByRole('textbox', { name: /redirect_uri/ });
  const before = await field.inputValue();
  await field.fill(`${before}#done`);
  await action(page, stepOf('registration').action).click();
  await expect(page.getByRole('main')).toContainText('invalid_redirect_uri');
  await page
    .getByRole('button', { name: /restore/i })
    .first()
    .click();
  await takeStep(page, 'registration');
});

test('a denial is told as what it is, and the way back works', async ({ page }) => {
  await walkToConsent(page);
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page).toHaveURL(/\/guide\/authorization-code\/authorization/);
  await expect(page.getByRole('main')).toContainText('access_denied');
  await takeStep(page, 'authorization');
  await expect(page).toHaveURL(/\/consent\//);
  await approve(page);
});

test('a step can be restarted: what depends on it is forgotten', async ({ page }) => {
  await page.goto(`/guide/${track.id}`);
  for (const id of ['challenge', 'discovery', 'registration']) await takeStep(page, id);
  await page.goto(`/guide/${track.id}/discovery`);
  await page.getByRole('button', { name: /Again from step 2/ }).click();
  await expect(action(page, stepOf('discovery').action)).toBeVisible();
  await takeStep(page, 'discovery');
});
