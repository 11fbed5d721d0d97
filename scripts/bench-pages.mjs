/** `npm run bench:pages`: weight and processor time of the pages in a real Chromium. */
import { ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
const { ensureChromium } = await import('./lib/services.mjs');
const chromium = ensureChromium();
if (!chromium) {
  console.error('There is no Chromium, and none could be installed. Set CHROMIUM_PATH to one.');
  process.exit(1);
}
process.exit(ensureBuilt() ? run(['bench/pages.ts'], { env: { CHROMIUM_PATH: chromium } }) : 1);
