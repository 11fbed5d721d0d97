/** A start with workers, in processes of its own: the engine alone, everything else from the environment. */
import { start } from '#lib/server/start.ts';

await start({ dir: new URL('../..', import.meta.url).pathname, dev: false, pages: false });
