/**
 * The entry, for development (`--dev`, with reload) and production: protocol paths go straight to
 * `lib/http`, the rest to Next. What it loads is loaded after the compile cache is on.
 */
import module from 'node:module';
import { join } from 'node:path';

module.enableCompileCache(join(import.meta.dirname, 'node_modules', '.cache', 'authwalk-compile'));

// `node --watch` has every process below it report what it loads; Next's workers would be confused by that.
delete process.env.WATCH_REPORT_DEPENDENCIES;

const { start } = await import('#lib/server/start.ts');
await start({ dir: import.meta.dirname, dev: process.argv.includes('--dev') });
