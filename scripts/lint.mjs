/** `npm run lint`: Biome's formatter and the rules for imports. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
process.exit(run([binOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', ...process.argv.slice(2)]));
