/**
 * Authwalk in tests, for Vitest, Jest, node:test and everything else: a server in this process or one that runs
 * already, a sandbox a test, and assertions on what arrived. Loads neither Next nor React.
 */
export { assertReceived, assertReport } from './assert.ts';
export { connectAuthwalk } from './connect.ts';
export { createAuthwalk } from './create.ts';
export { AuthwalkError } from './errors.ts';
export type * from './types.ts';
