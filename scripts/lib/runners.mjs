/** The examples as they stand, under each runner, against the package as it was packed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './services.mjs';
import { nodeEnv, root } from './toolchain.mjs';

/** The oldest Vitest that the kit takes; the newest is the one of this repository. */
const OLDEST_VITEST = '4.1.0';

/** Milliseconds that a test may take: a busy machine is slow. */
const PATIENCE = '60000';

/** What each runner is started with, below its folder. */
const RUNS = [
  ['node:test', 'newest', ['--test', 'examples/node-test/*.test.mjs']],
  ['Vitest', 'newest', ['node_modules/vitest/vitest.mjs', 'run', 'examples/vitest', '--testTimeout', PATIENCE]],
  [
    'Vitest, the oldest',
    'oldest',
    ['node_modules/vitest/vitest.mjs', 'run', 'examples/vitest', '--testTimeout', PATIENCE],
  ],
  [
    'Jest',
    'newest',
    [
      ...['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--rootDir', 'examples/jest'],
      ...['--testMatch', '**/*.test.mjs', '--testTimeout', PATIENCE],
    ],
  ],
  [
    'Playwright',
    'newest',
    ['node_modules/@playwright/test/cli.js', 'test', '--config', 'examples/playwright/playwright.config.ts'],
  ],
];

/**
 * @param folder an empty one
 * @param archive the packed package
 * @param node the Node that runs the runners
 * @param check says what was seen
 */
export function runExamples(folder, archive, node, check) {
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const versions = { ...dependencies, ...devDependencies };
  const named = (name, version = versions[name]) => `${name}@${version}`;
  const places = {
    newest: [named('vitest'), named('jest'), named('@playwright/test'), named('jose')],
    oldest: [named('vitest', OLDEST_VITEST), named('jose')],
  };
  for (const [place, packages] of Object.entries(places)) {
    const at = join(folder, place);
    mkdirSync(at);
    writeFileSync(join(at, 'package.json'), '{ "private": true, "type": "module" }\n');
    cpSync(join(root, 'examples'), join(at, 'examples'), { recursive: true });
    const installed = spawnSync('npm', ['install', archive, ...packages, '--no-audit', '--no-fund'], {
      cwd: at,
      encoding: 'utf8',
      env: nodeEnv({ PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }),
    });
    check(`${packages[0]} and the package install beside each other`, installed.status === 0, installed.stderr);
  }
  // `await using` is syntax of Node 24.
  const major = Number(spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.split('.')[0]);
  if (major < 24) rmSync(join(folder, 'newest', 'examples', 'node-test', 'my-client.test.mjs'));
  const env = nodeEnv({ NODE_ENV: 'test', CI: '1', CHROMIUM_PATH: ensureChromium() ?? '' });
  // Which Node a runner's workers take is which one it was started by.
  for (const [name, place, command] of RUNS) {
    const done = spawnSync(node, command, { cwd: join(folder, place), encoding: 'utf8', env, timeout: 300_000 });
    check(`the examples pass under ${name}`, done.status === 0, `${done.stdout}${done.stderr}`.slice(-3_000));
  }
}
