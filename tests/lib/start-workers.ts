/** A start with workers, in processes of its own: the engine alone, everything else from the environment. */
import module from 'node:module';

// Three processes load the same modules.
module.enableCompileCache();

const { start } = await import('#lib/server/start.ts');
await start({ dir: new URL('../..', import.meta.url).pathname, dev: false, pages: false });
