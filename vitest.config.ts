import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * Takes one check out, for `npm run mutate`: the named file of `lib/oauth/checks` no longer throws, or
 * with `name:2` no longer at its second place. A test has to fail then, or nothing holds it in place.
 */
function withoutCheck(named: string): Plugin {
  const [name, place] = named.split(':');
  return {
    name: `without-check-${named}`,
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/lib/oauth/checks/${name}.ts`)) return undefined;
      let at = 0;
      return code.replaceAll(/\bthrow (?!error)/g, (kept) => {
        at += 1;
        return place === undefined || at === Number(place) ? 'void ' : kept;
      });
    },
  };
}

const removed = process.env.AUTHWALK_WITHOUT_CHECK;

export default defineConfig({
  plugins: removed ? [withoutCheck(removed)] : [],
  test: {
    include: ['lib/**/*.test.ts', 'kit/**/*.test.ts', 'components/**/*.test.ts', 'tests/**/*.test.ts'],
    environment: 'node',
    // A test that expects nothing cannot fail.
    expect: { requireAssertions: true },
    // Two cores: more workers only make the timing of races worse.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
