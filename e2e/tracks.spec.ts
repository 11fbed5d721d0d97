/** Every track but the main one, walked to its end by its own texts; `walk.spec.ts` walks the main one. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { callbackRequest, opensBeside } from '#lib/guide/callback.ts';
import { listTracks, loadTrack } from '#lib/guide/load.ts';
import { plainText } from '#lib/guide/text.ts';
import type { Step, Track } from '#lib/guide/types.ts';
import { freePort, startScript } from './lib/server.ts';
import { scan } from './lib/scan.ts';
import { expect, expectAccessible, expectNoOverflow, test } from './lib/test.ts';
import { EVERY_WAY, WAYS, type Way } from './lib/ways.ts';
import { action, byMouse, expectTitleDone, type Press, stepOf } from './lib/walk.ts';

const tracks = listTracks()
  .map(({ id }) => loadTrack(id)!)
  .filter((track) => EVERY_WAY || !track.main);

/** Tracks that are walked without a mouse, and those that are walked on a phone, if each is walked one way only. */
const one: Readonly<Record<string, Way>> = {
  'client-credentials': WAYS.keyboard,
  pushed: WAYS.keyboard,
  'step-up': WAYS.phone,
  'token-exchange': WAYS.phone,
};
const waysOf = (track: Track): readonly Way[] => (EVERY_WAY ? Object.values(WAYS) : [one[track.id] ?? WAYS.mouse]);

/** Decides in the window that the page offers for it, as a person with two devices does. */
async function decideBeside(page: Page, press: Press): Promise<void> {
  const link = page.getByRole('link', { name: /another window/ });
  const address = await scan(page.getByRole('img', { name: 'QR code of the address' }));
  expect(address, 'the QR code leads where the link does').toBe(await link.getAttribute('href'));
  const opened = page.context().waitForEvent('page');
  await press(link);
  const other = await opened;
  const code = new URL(address).searchParams.get('user_code')!;
  await expect(other.getByRole('main')).toContainText(code);
  await press(other.getByRole('button', { name: 'Approve' }));
  await expect(other.getByRole('button', { name: 'Approve' })).toBeHidden();
  await other.close();
}

/** Takes a step by its primary action, with what only a browser and a person do. */
async function takeStep(page: Page, step: Step, press: Press): Promise<void> {
  await press(action(page, step.action));
  if (opensBeside(step)) {
    await decideBeside(page, press);
  } else if (callbackRequest(step)) {
    await press(page.getByRole('button', { name: /^Approve as/ }));
  }
  await expectTitleDone(page, step.title);
}

async function walk(page: Page, track: Track, press: Press): Promise<void> {
  await page.goto(`/guide/${track.id}`);
  for (const step of track.steps) {
    await takeStep(page, step, press);
    await expectNoOverflow(page);
  }
  await expectAccessible(page);
  await press(action(page, 'See the whole run'));
  await expect(page).toHaveURL(/\/done$/);
  await expect(page.getByRole('heading', { name: 'The whole run' })).toBeVisible();
}

/** The private keys that the page keeps, and whether a script of the page can read them. */
function keptKeys(page: Page): Promise<{ readonly extractable: boolean; readonly exported: boolean }[]> {
  return page.evaluate(async () => {
    const wait = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await wait(indexedDB.open('authwalk'));
    const pairs: CryptoKeyPair[] = await wait(database.transaction('keys').objectStore('keys').getAll());
    return Promise.all(
      pairs.map(async ({ privateKey }) => ({
        extractable: privateKey.extractable,
        exported: await crypto.subtle.exportKey('jwk', privateKey).then(
          () => true,
          () => false,
        ),
      })),
    );
  });
}

for (const track of tracks)
  for (const { name, press, width } of waysOf(track))
    test(`the track ${track.id} is walked to its end ${name}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await walk(page, track, press);
      if (track.steps.some((step) => step.values_made.some(({ value }) => value === 'dpop_key')))
        expect(await keptKeys(page), 'keys that no script can read').toEqual([{ extractable: false, exported: false }]);
    });

test('a step of any track, and each of its experiments, is an address that needs no walking', async ({ page }) => {
  await page.goto('/guide/device/collect');
  await page.getByRole('button', { name: 'Bring me here' }).click();
  await expectTitleDone(page, 'Show it to the user');
  await expect(action(page, 'Ask once more')).not.toHaveAttribute('aria-disabled', 'true');
  const { experiments } = loadTrack('device')!.steps.find((step) => step.id === 'poll')!;
  const { id, title } = experiments.at(-1)!;
  await page.goto(`/guide/device/poll#${id.split('.').at(-1)}`);
  await expect(page.getByRole('button', { name: plainText(title), exact: true })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await page.goto(`/guide/device/start#state=${Buffer.from('{"edits":{"show":7}}').toString('base64url')}`);
  await expect(page.getByText('What this link changes cannot be read, and nothing was changed.')).toBeVisible();
});

test('a server of the reader stands in for ours, and is walked to the end', async ({ page }) => {
  const track = loadTrack('own-server')!;
  const port = await freePort();
  const server = `http://localhost:${port}/mcp`;
  await page.goto('/guide/own-server/describe');
  await page.getByText('Let your own server stand in for ours').click();
  const field = page.getByRole('textbox', { name: 'Address of your MCP server' });
  await field.fill('http://192.168.0.7/mcp');
  await page.getByRole('button', { name: 'Walk to it' }).click();
  await expect(page.getByText(/on your own machine only/)).toBeVisible();
  await field.fill(server);
  await page.getByRole('button', { name: 'Walk to it' }).click();
  await expect(page.getByText(`Your server stands in: ${server}`)).toBeVisible();
  await expectAccessible(page);
  const command = await page.getByText(/^ISSUER=/).textContent();
  const issuer = /^ISSUER=(\S+)/.exec(command!)![1]!;
  const child = await startScript('examples/own-server/server.mjs', { ISSUER: issuer, PORT: String(port) });
  try {
    for (const step of track.steps) await takeStep(page, step, byMouse);
    await page.goto('/guide/own-server/accept');
    await expect(page.getByRole('main')).toContainText('notes_list');
  } finally {
    child.kill();
  }
});

test('a step is sent as of another revision, and the run is gone through again', async ({ page }) => {
  const track = loadTrack('client-credentials')!;
  await page.goto('/guide/client-credentials');
  for (const step of track.steps) await takeStep(page, step, byMouse);
  await page.getByRole('button', { name: '2025-06-18', exact: true }).click();
  const compared = page.getByRole('region', { name: 'At other revisions of MCP' });
  await expect(compared.getByText('only at 2025-06-18, answered 200')).toBeVisible();
  await expect(compared.getByText('mcp-protocol-version: 2025-06-18').first()).toBeVisible();
  await expectAccessible(page);
  await action(page, 'See the whole run').click();
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('Before the first request')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '1 of 3: Register');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save this figure as SVG' }).click();
  const svg = await readFile(await (await saved).path(), 'utf8');
  expect(svg).toMatch(/^<svg xmlns/);
  expect(svg).toContain('POST /register');
  expect(svg, 'what has not travelled yet is dotted').toContain('stroke-dasharray');
  await expect(page).toHaveURL(/#moment-1$/);
  await expectAccessible(page);
});

test('the figure of each track has an address, and is an SVG without scripts', async ({ page }) => {
  await page.goto('/guide/figures');
  await expectAccessible(page);
  const file = await page.request.get('/guide/figures/device.svg');
  expect(file.headers()['content-type']).toBe('image/svg+xml; charset=utf-8');
  const svg = await file.text();
  expect(svg).toContain('POST /token');
  expect(svg).toContain('>200<');
  expect((await page.request.get('/guide/figures/nothing.svg')).status()).toBe(404);
  await page.goto('/guide/figures/device.svg');
  await expect(page.locator('svg text').first()).toHaveText('Device');
});

test('a walk is presented by one key: line by line, the request, the answer, and hands are counted', async ({
  page,
}) => {
  await page.goto('/guide/authorization-code/challenge');
  await page.getByRole('button', { name: 'Present, line by line' }).click();
  const bar = page.getByRole('complementary', { name: 'Presenting' });
  const says = bar.getByRole('status');
  await expect(says).toHaveText(/^Line 1 of \d+$/);
  await expect(page.locator('[data-veiled]').first()).toBeHidden();
  const lines = Number(/of (\d+)/.exec((await says.textContent())!)![1]);
  for (let line = 1; line < lines; line++) await page.keyboard.press('ArrowRight');
  await expect(says).toHaveText(`Next: ${stepOf('challenge').action}`);
  await page.keyboard.press('PageDown');
  await expectTitleDone(page, stepOf('challenge').title);
  await expect(says).toHaveText(new RegExp(`^Line ${lines} of`));
  await page.keyboard.press('ArrowRight');
  await expect(says).toHaveText(new RegExp(`^Line ${lines + 1} of`));
  await page.keyboard.press('ArrowLeft');
  await expect(says).toHaveText(new RegExp(`^Line ${lines} of`));
  await page.getByRole('button', { name: plainText(stepOf('challenge').experiments[0]!.title), exact: true }).click();
  await page.getByRole('heading', { level: 1 }).focus();
  for (const key of ['1', '2', '2']) await page.keyboard.press(key);
  await expect(bar.getByRole('list', { name: /Hands raised/ })).toContainText('2');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-veiled]')).toHaveCount(0);
});
