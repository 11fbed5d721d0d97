/**
 * The built server: the engine from its bundle (`scripts/lib/engine.config.ts`), in front of the pages that Next built.
 * Plain JavaScript, so that nothing has to be compiled before the compile cache is on.
 */
import module from 'node:module';
import { join } from 'node:path';
import { root } from './lib/toolchain.mjs';

module.enableCompileCache(join(root, 'node_modules', '.cache', 'authwalk-compile'));

// SQLite of Node warns that it is experimental: that is known, and every other warning stays.
const printers = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') for (const print of printers) print(warning);
});

const { start } = await import('../.next/engine/start.mjs');
await start({ dir: root, dev: false, entry: import.meta.filename });
