/**
 * `npm test`: installs what is missing, then type check, lint, unit and integration tests, build,
 * and the end-to-end tests in a real Chromium. The last line is `N passed, N failed`.
 */
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, binOf, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
const { ensureChromium, ensurePostgres } = await import('./lib/services.mjs');

const folder = mkdtempSync(join(tmpdir(), 'authwalk-test-'));
let passed = 0;
let failed = 0;
const failures = [];

/** A stage that is one check: it passes or fails as a whole. */
function check(name, work) {
  const began = Date.now();
  console.log(`\n── ${name}`);
  const ok = work();
  console.log(`── ${name}: ${ok ? 'passed' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (ok) passed++;
  else {
    failed++;
    failures.push(name);
  }
  return ok;
}

/**
 * A stage of many tests: `count` reads its own report. A runner that fails without a failed test counts as one
 * failure.
 */
function suite(name, report, work, count) {
  const began = Date.now();
  console.log(`\n── ${name}`);
  const code = work(report);
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 };
  if (code !== 0 && counted.failed === 0) {
    counted.failed = 1;
    failures.push(`${name}: the runner ended with ${code}`);
  }
  if (code === 0 && counted.passed === 0) {
    counted.failed = 1;
    failures.push(`${name}: no test ran`);
  }
  passed += counted.passed;
  failed += counted.failed;
  if (counted.failed > 0) failures.push(`${name}: ${counted.failed} failed`);
  console.log(
    `── ${name}: ${counted.passed} passed, ${counted.failed} failed in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
}

/** Names the journeys that passed only at the second try: each is a race, in the journey or in the page. */
function tellFlaky(report) {
  const names = (suite) => [
    ...(suite.suites ?? []).flatMap(names),
    ...(suite.specs ?? [])
      .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
      .map(({ file, line, title }) => `  ${file}:${line} ${title}`),
  ];
  const flaky = report.suites.flatMap(names);
  if (flaky.length > 0) console.log(`\nPassed only at the second try:\n${flaky.join('\n')}`);
}

const chromium = ensureChromium();
const postgres = ensurePostgres();
const services = { ...(chromium ? { CHROMIUM_PATH: chromium } : {}), ...(postgres ? { POSTGRES_BIN: postgres } : {}) };

check(
  'types',
  () => run([binOf('next'), 'typegen']) === 0 && run([binOf('typescript', 'tsc'), '--noEmit', '-p', '.']) === 0,
);
check('lint', () => run(['scripts/lint.mjs']) === 0);
suite(
  'unit and integration',
  join(folder, 'vitest.json'),
  (report) =>
    run([binOf('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
      env: { ...services, NODE_ENV: 'test' },
    }),
  (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
);
const built = check('build', () => ensureBuilt());
if (!chromium) {
  failed++;
  failures.push('end to end: there is no Chromium, and none could be installed (set CHROMIUM_PATH)');
} else if (built) {
  suite(
    'end to end',
    join(folder, 'playwright.json'),
    (report) =>
      run([binOf('@playwright/test', 'playwright'), 'test', '--retries=1', '--reporter=list,json'], {
        env: { ...services, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      }),
    (report) => {
      tellFlaky(report);
      return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected };
    },
  );
}

rmSync(folder, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nWhat failed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
