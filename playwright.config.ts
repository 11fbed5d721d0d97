import { defineConfig } from '@playwright/test';
import type { ServerFixtures } from 'authwalk/playwright';

const port = Number(process.env.E2E_PORT ?? 3417);
/** A server that runs already, such as the one of the package. */
const running = process.env.E2E_URL;
const url = running ?? `http://localhost:${port}`;
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig<object, ServerFixtures>({
  testDir: 'e2e',
  // Some journeys type a whole walk by keyboard: a machine with other work may need a while.
  timeout: 240_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  outputDir: 'test-results',
  use: {
    baseURL: url,
    // The kit takes the server of these journeys in the place of one of its own.
    authwalkOptions: { url },
    viewport: { width: 1440, height: 900 },
    // A trace of every journey takes a third of all the work: only the second try of one that failed has one.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // A closed network: nothing of the browser's own may try to leave.
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
  ...(running === undefined && {
    webServer: {
      // What `npm start` runs: the engine from its bundle, so that a bundle that does not start is noticed.
      command: `"${process.execPath}" scripts/serve.mjs`,
      url: `${url}/health`,
      env: { NODE_ENV: 'production', PORT: String(port), DATABASE_URL: ':memory:' },
      timeout: 60_000,
      stdout: 'ignore',
      stderr: 'pipe',
    },
  }),
});
