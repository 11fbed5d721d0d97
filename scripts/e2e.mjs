/**
 * `npm run e2e [FILES]`: the journeys in a real Chromium, against a build of the sources as they are. With
 * `--every-way`, each track, lab and level by mouse, by keyboard alone and at 360 px, in place of one way for each.
 */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
const { ensureChromium } = await import('./lib/services.mjs');
const chromium = ensureChromium();
if (!chromium) {
  console.error('There is no Chromium, and none could be installed. Set CHROMIUM_PATH to one.');
  process.exit(1);
}
const everyWay = process.argv.includes('--every-way');
const args = process.argv.slice(2).filter((one) => one !== '--every-way');
process.exit(
  ensureBuilt()
    ? run([binOf('@playwright/test', 'playwright'), 'test', ...args], {
        env: { CHROMIUM_PATH: chromium, ...(everyWay ? { E2E_EVERY_WAY: '1' } : {}) },
      })
    : 1,
);
