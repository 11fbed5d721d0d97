/** Fixtures and matchers for Playwright: a server a worker, a sandbox a test. Nothing else is touched. */
import {
  expect as baseExpect,
  test as base,
  type Expect,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
} from '@playwright/test';
import {
  type AuthwalkMatchers,
  type MatcherResult,
  toHaveFired,
  toHaveReceived as receivedNow,
  toHaveVerdict,
  toPassReport,
} from './matchers.ts';
import { openAuthwalk } from './testing/open.ts';
import { elapsed, pause } from './testing/timers.ts';
import type { Authwalk, AuthwalkOptions, Came, EndpointName, Sandbox, SandboxSetup, Sent } from './testing/types.ts';

declare global {
  namespace PlaywrightTest {
    interface Matchers<R, T> extends AuthwalkMatchers<R> {}
  }
}

/** Milliseconds that Playwright's own matchers poll for, unless a test says otherwise. */
const PATIENCE = 5_000;

/** Milliseconds that a server may take to start. */
const START = 120_000;

export interface SandboxFixtures {
  sandbox: Sandbox;
  sandboxOptions: SandboxSetup;
}
export interface ServerFixtures {
  authwalk: Authwalk;
  /** `url` takes a server that runs already, as `AUTHWALK_URL` does. */
  authwalkOptions: AuthwalkOptions & { url?: string };
}

// The types are written out, so that they name no package but the one that users install.
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & SandboxFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & ServerFixtures
> = base.extend<SandboxFixtures, ServerFixtures>({
  sandboxOptions: [{}, { option: true }],
  authwalkOptions: [{}, { option: true, scope: 'worker' }],
  authwalk: [
    async ({ authwalkOptions }, use) => {
      const authwalk = await openAuthwalk(authwalkOptions);
      await use(authwalk);
      await authwalk.close();
    },
    // The start of a server is no part of the time that a test has.
    { scope: 'worker', timeout: START },
  ],
  sandbox: async ({ authwalk, sandboxOptions }, use, info) => {
    const sandbox = await authwalk.sandbox(sandboxOptions);
    await use(sandbox);
    if (info.status !== info.expectedStatus) await attachRun(sandbox, info);
    await sandbox.delete();
  },
});

/** What a failed test needs to be understood, with secrets masked. */
async function attachRun(sandbox: Sandbox, info: TestInfo): Promise<void> {
  const report = await sandbox.report({ final: false });
  await info.attach('authwalk-report.md', { body: report.toMarkdown(), contentType: 'text/markdown' });
  await info.attach('authwalk.har', {
    body: await sandbox.export('har', { reveal: false }),
    contentType: 'application/json',
  });
}

/** As the matcher of the same name, asked again until it holds or the expectation's time is over. */
async function toHaveReceived(
  this: { readonly timeout?: number; readonly isNot?: boolean },
  actual: unknown,
  endpoint: EndpointName,
  sent?: Sent,
  came?: Came,
): Promise<MatcherResult> {
  const until = elapsed() + (this.timeout ?? PATIENCE);
  for (;;) {
    const result = await receivedNow(actual, endpoint, sent, came);
    if (result.pass !== (this.isNot ?? false) || elapsed() >= until) return result;
    await pause(50);
  }
}

const matchers = { toHaveReceived, toHaveFired, toHaveVerdict, toPassReport };

export const expect: Expect<typeof matchers> = baseExpect.extend(matchers);
