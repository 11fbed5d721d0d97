import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * Takes one check out, for `npm run mutate`: the named file of a folder `checks` (`oauth/code-alive`, `mcp/scope`) no
 * longer throws, or with `oauth/code-alive:2` no longer at its second place. A test has to fail then, or nothing holds
 * it in place.
 */
function withoutCheck(named: string): Plugin {
  const [path = '', place] = named.split(':');
  const [room, name] = path.split('/');
  return {
    name: `without-check-${named}`,
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/lib/${room}/checks/${name}.ts`)) return undefined;
      let at = 0;
      return code.replaceAll(/\bthrow (?!error)/g, (kept) => {
        at += 1;
        return place === undefined || at === Number(place) ? 'void ' : kept;
      });
    },
  };
}

/** Every refusal of a check tells that it is reached: `npm run mutate` runs only the tests that can notice it. */
const tellRefusals: Plugin = {
  name: 'tell-refusals',
  enforce: 'pre',
  transform(code, id) {
    const [, room, name] = /\/lib\/(oauth|mcp)\/checks\/([\w-]+)\.ts$/.exec(id) ?? [];
    if (room === undefined) return undefined;
    let at = 0;
    return code.replaceAll(/\bthrow (?!error)/g, () => {
      at += 1;
      return `throw globalThis.refusalReached?.('${room}/${name}:${at}'), `;
    });
  },
};

const removed = process.env.AUTHWALK_WITHOUT_CHECK;
const telling = process.env.AUTHWALK_REFUSALS_TO !== undefined;

export default defineConfig({
  plugins: removed ? [withoutCheck(removed)] : telling ? [tellRefusals] : [],
  test: {
    include: [
      'lib/**/*.test.ts',
      'kit/**/*.test.ts',
      'examples/vitest/*.test.ts',
      'examples/comparison/*.test.ts',
      'components/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    environment: 'node',
    setupFiles: telling ? ['tests/lib/refusals-reached.ts'] : [],
    // A test that expects nothing cannot fail.
    expect: { requireAssertions: true },
    // Two cores: more workers only make the timing of races worse.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
