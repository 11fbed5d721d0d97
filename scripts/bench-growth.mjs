/** `npm run bench:growth`: what a lookup takes among 10³ and among 10⁶ rows, on SQLite and on PostgreSQL. */
import { ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
process.exit(run(['--disable-warning=ExperimentalWarning', 'bench/growth.ts', ...process.argv.slice(2)]));
