/** `npm run typecheck`. Next writes the types of its routes first, or dot folders of app/ are not seen. */
import { binOf, ensureInstalled, run } from './lib/toolchain.mjs';

ensureInstalled();
process.exit(run([binOf('next'), 'typegen']) || run([binOf('typescript', 'tsc'), '--noEmit', '-p', '.']));
