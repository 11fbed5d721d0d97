/** `npm run bench`: the benchmarks, side by side with the peers, as ratios of one run. */
import { ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
process.exit(ensureBuilt() ? run(['bench/run.ts', ...process.argv.slice(2)]) : 1);
