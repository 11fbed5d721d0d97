/** `npm start`: installs what is missing, builds when the build is older than the sources, and serves. */
import { become, ensureInstalled } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
if (!ensureBuilt()) {
  console.error('The build failed: see the lines above.');
  process.exit(1);
}
become(['--disable-warning=ExperimentalWarning', 'server.ts'], { env: { NODE_ENV: 'production' } });
