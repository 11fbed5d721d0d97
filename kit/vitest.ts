/** Registers the matchers with Vitest, and exports `test` with a server a worker and a sandbox a test. */
import { test as base, expect } from 'vitest';
import { type AuthwalkMatchers, toHaveFired, toHaveReceived, toHaveVerdict, toPassReport } from './matchers.ts';
import { openAuthwalk } from './testing/open.ts';
import type { Authwalk, AuthwalkOptions, Sandbox, SandboxSetup } from './testing/types.ts';

declare module 'vitest' {
  interface Matchers<R, T> extends AuthwalkMatchers<R> {}
}

expect.extend({ toHaveFired, toHaveReceived, toHaveVerdict, toPassReport });

/** What the fixtures give a test. */
export interface AuthwalkFixtures {
  /** The server: one a worker. */
  authwalk: Authwalk;
  /** One a test. */
  sandbox: Sandbox;
  /** How each sandbox begins: `test.extend({ sandboxOptions: { … } })`. */
  sandboxOptions: SandboxSetup;
  /** How the server is started; `url` takes one that runs already, as `AUTHWALK_URL` does. */
  authwalkOptions: AuthwalkOptions & { url?: string };
}

export const test = base.extend<AuthwalkFixtures>({
  sandboxOptions: {},
  authwalkOptions: [{}, { scope: 'worker' }],
  authwalk: [
    async ({ authwalkOptions }, use) => {
      const authwalk = await openAuthwalk(authwalkOptions);
      await use(authwalk);
      await authwalk.close();
    },
    { scope: 'worker' },
  ],
  sandbox: async ({ authwalk, sandboxOptions }, use) => {
    const sandbox = await authwalk.sandbox(sandboxOptions);
    await use(sandbox);
    await sandbox.delete();
  },
});

export { expect };
export { afterAll, afterEach, beforeAll, beforeEach, describe, vi } from 'vitest';
