/**
 * The engine as `npm start` runs it: few files instead of nine hundred, since finding and linking each costs a third of
 * a millisecond. `ensureBuilt` makes it with the pages; `server.ts` runs the sources themselves.
 */
import { join } from 'node:path';
import { defineConfig } from 'tsdown';

/** Loaded by few, and late; Next lies beside the pages that it built. */
const OUTSIDE = [/^next(\/|$)/, /^react(-dom)?(\/|$)/, 'pg', 'prom-client', 'rate-limiter-flexible', '@peculiar/x509'];

export default defineConfig({
  cwd: join(import.meta.dirname, '..', '..'),
  entry: { start: 'lib/server/start.ts' },
  outDir: '.next/engine',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // `.mjs`: Next says of its folder that it holds CommonJS.
  fixedExtension: true,
  deps: { alwaysBundle: [/^(?!node:)/], neverBundle: OUTSIDE },
  outputOptions: (options) => ({
    ...options,
    codeSplitting: { groups: [{ name: 'engine', tags: ['$initial' as const] }] },
  }),
});
