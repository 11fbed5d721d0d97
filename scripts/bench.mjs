/** `npm run bench`: the benchmarks, side by side with the peers, as ratios of one run. */
import { ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
if (!ensureBuilt()) process.exit(1);
const tokens = run(['bench/run.ts', ...process.argv.slice(2)]);
const grading = run(['--disable-warning=ExperimentalWarning', 'bench/grading.ts']);
const kit = run(['--disable-warning=ExperimentalWarning', 'bench/kit.ts', '--check']);
process.exit(tokens || grading || kit);
