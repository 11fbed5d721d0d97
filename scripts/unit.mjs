/** `npm run unit [FILES]`: the Vitest suites, all or those that are named. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
process.exit(run([binOf('vitest'), 'run', ...process.argv.slice(2)], { env: { NODE_ENV: 'test' } }));
