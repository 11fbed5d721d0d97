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
const OURS = /[\\/](?:lib|kit)[\\/]/;
const JEST = /[\\/]kit[\\/]jest\.ts$/;
/**
 * Two chunks for CommonJS: what an entry loads at once, and what our code loads later. Without them each endpoint is
 * a file, a second time beside the ES modules. PostgreSQL and what packages load later stay on their own: a test in
 * memory does not pay for them.
 */
const FEW_CHUNKS = {
  groups: [
    // The entry for Jest does its work when it is loaded, and only Jest may load it.
    { name: 'engine', tags: ['$initial' as const], test: (id: string) => !JEST.test(id), priority: 2 },
    {
      name: 'later',
      test: (id: string) => OURS.test(id) && !JEST.test(id) && !/[\\/]node_modules[\\/]|postgres/.test(id),
      priority: 1,
    },
  ],
};

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
    outputOptions: (options, _format, { cjsDts }) => (cjsDts ? options : { ...options, codeSplitting: FEW_CHUNKS }),
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
