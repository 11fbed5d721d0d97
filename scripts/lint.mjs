/** `npm run lint`: Biome's formatter and the rules of the house, the direction of imports among them. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
process.exit(run([binOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', ...process.argv.slice(2)]));
