/** Registers the matchers with Jest: `setupFilesAfterEnv: ['authwalk/jest']`, or an import in a test file. */
import * as matchers from './matchers.ts';
import type {} from 'expect';
import type { AuthwalkMatchers } from './matchers.ts';

// For the global `expect` of @types/jest. Without defaults the parameters agree with any that it gives.
declare global {
  namespace jest {
    interface Matchers<R, T> extends AuthwalkMatchers<R> {}
  }
}
// For the one of @jest/globals.
declare module 'expect' {
  interface Matchers<R, T> extends AuthwalkMatchers<R> {}
}

interface WithExpect {
  readonly expect?: { extend(matchers: object): void };
}
const { expect } = globalThis as WithExpect;
if (expect === undefined) throw new Error('authwalk/jest is loaded by Jest: there is no global expect here.');
const { toHaveFired, toHaveReceived, toHaveVerdict, toPassReport } = matchers;
expect.extend({ toHaveFired, toHaveReceived, toHaveVerdict, toPassReport });

export type { AuthwalkMatchers };
