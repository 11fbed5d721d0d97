/** Runs the Playwright examples: `node scripts/examples.mjs [--repeat N]`, N tests of each side by side. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureChromium } = await import('./lib/services.mjs');
const chromium = ensureChromium();
if (!chromium) {
  console.error('There is no Chromium, and none could be installed (set CHROMIUM_PATH).');
  process.exit(1);
}
/** Workers side by side, each with a server and a browser. */
const MOST_WORKERS = 4;
const repeat = process.argv.includes('--repeat') ? Number(process.argv[process.argv.indexOf('--repeat') + 1]) : 1;
process.exit(
  run(
    [
      ...[binOf('@playwright/test', 'playwright'), 'test', '--config', 'examples/playwright/playwright.config.ts'],
      ...['--repeat-each', String(Math.ceil(repeat / 2)), '--fully-parallel', '--reporter', 'line'],
      // Without it, a machine of two cores runs one test after the other.
      ...['--workers', String(Math.min(repeat, MOST_WORKERS)), '--timeout', '120000'],
    ],
    { env: { CHROMIUM_PATH: chromium } },
  ),
);
