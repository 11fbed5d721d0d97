/** What `npm run package` bundles: every entry that users import, with all that it needs. */
import { join } from 'node:path';
import { defineConfig } from 'tsdown';

const common = {
  cwd: join(import.meta.dirname, '..', '..'),
  outDir: 'dist/web/dist',
  platform: 'node' as const,
  target: 'node22.16',
  sourcemap: false,
  clean: false,
  fixedExtension: false,
};
/** The runners that the user brings, and Next, which lies beside the bundle. */
const OUTSIDE = ['vitest', /^@?playwright/, 'pg-native', /^next(\/|$)/, /^react(-dom)?(\/|$)/];
const deps = { alwaysBundle: [/^(?!node:)/], neverBundle: OUTSIDE };

export default defineConfig([
  {
    ...common,
    format: 'esm',
    minify: true,
    deps,
    entry: {
      cli: 'kit/cli/main.ts',
      testing: 'kit/testing/index.ts',
      matchers: 'kit/matchers.ts',
      jest: 'kit/jest.ts',
      vitest: 'kit/vitest.ts',
      playwright: 'kit/playwright.ts',
    },
  },
  {
    ...common,
    // The declarations of CommonJS are a build of their own inside this one.
    dts: {},
    format: 'cjs',
    minify: true,
    deps,
    entry: { testing: 'kit/testing/index.ts', matchers: 'kit/matchers.ts', jest: 'kit/jest.ts' },
  },
  {
    ...common,
    format: 'esm',
    deps,
    dts: { dtsOnly: true },
    entry: {
      testing: 'kit/testing/index.ts',
      matchers: 'kit/matchers.ts',
      jest: 'kit/jest.ts',
      vitest: 'kit/vitest.ts',
      playwright: 'kit/playwright.ts',
    },
  },
]);
