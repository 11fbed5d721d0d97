/** `npm start`: installs what is missing, builds when the build is older than the sources, and serves. */
import { become, ensureInstalled, isProjectNode, nodeEnv, whenLeftBehind } from './lib/toolchain.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./lib/build.mjs');
if (!ensureBuilt()) {
  console.error('The build failed: see the lines above.');
  process.exit(1);
}
if (isProjectNode()) {
  Object.assign(process.env, nodeEnv({ NODE_ENV: 'production' }));
  whenLeftBehind(() => process.kill(process.pid, 'SIGTERM'));
  await import('./serve.mjs');
} else become(['scripts/serve.mjs'], { env: { NODE_ENV: 'production' } });
