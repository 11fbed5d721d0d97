/** `npm run watch`: the tests of what changed since the last commit, and again of what is saved, until it is ended. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const args = ['watch', '--changed', '--passWithNoTests', ...process.argv.slice(2)];
process.exit(run([binOf('vitest'), ...args], { env: { NODE_ENV: 'test' } }));
