/** `npm run e2e [FILES]`: the journeys in a real Chromium, against a build of the sources as they are. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
const { ensureChromium } = await import('./lib/services.mjs');
const chromium = ensureChromium();
if (!chromium) {
  console.error('There is no Chromium, and none could be installed. Set CHROMIUM_PATH to one.');
  process.exit(1);
}
process.exit(
  ensureBuilt()
    ? run([binOf('@playwright/test', 'playwright'), 'test', ...process.argv.slice(2)], {
        env: { CHROMIUM_PATH: chromium },
      })
    : 1,
);
