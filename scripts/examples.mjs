/**
 * Runs the Playwright examples: `node scripts/examples.mjs [--repeat N]`, N tests side by side. They are copies in
 * files of their own: to repeat a test, Playwright would begin a new worker, with a server and a browser, for each
 * time.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, ensureInstalled, root, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureChromium } = await import('./lib/services.mjs');
const chromium = ensureChromium();
if (!chromium) {
  console.error('There is no Chromium, and none could be installed (set CHROMIUM_PATH).');
  process.exit(1);
}
/** Workers side by side, each with a server and a browser. */
const MOST_WORKERS = 4;
const SPEC = 'notes.spec.ts';
const repeat = process.argv.includes('--repeat') ? Number(process.argv[process.argv.indexOf('--repeat') + 1]) : 1;

const examples = join(root, 'examples', 'playwright');
const tests = readFileSync(join(examples, SPEC), 'utf8').match(/^test\(/gm).length;
const results = join(root, 'test-results');
mkdirSync(results, { recursive: true });
const folder = mkdtempSync(join(results, 'examples-'));
try {
  cpSync(examples, folder, { recursive: true });
  for (let copy = 2; copy <= Math.ceil(repeat / tests); copy++)
    cpSync(join(folder, SPEC), join(folder, `${copy}-${SPEC}`));
  process.exitCode = run(
    [
      ...[binOf('@playwright/test', 'playwright'), 'test', '--config', join(folder, 'playwright.config.ts')],
      ...['--fully-parallel', '--reporter', 'line', '--output', join(results, 'examples')],
      // Without it, a machine of two cores runs one test after the other.
      ...['--workers', String(Math.min(repeat, MOST_WORKERS)), '--timeout', '120000'],
    ],
    { env: { CHROMIUM_PATH: chromium } },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
