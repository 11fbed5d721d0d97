/**
 * Takes out of the packaged Next what it never loads. Next traces far more than it runs: its runtimes for production
 * are bundles, and the modules that they were made of lie beside them.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeEnv, nodePath } from './toolchain.mjs';

/** Folders of `web/node_modules` whose modules are also in a bundle, or only serve development and builds. */
const SPARE = [
  'next/dist/build',
  'next/dist/client',
  'next/dist/compiled/@mswjs',
  'next/dist/compiled/conf',
  'next/dist/compiled/fast-jwt',
  'next/dist/compiled/tar',
  'next/dist/compiled/ws',
  'next/dist/lib/metadata',
  'next/dist/server/app-render',
  'next/dist/server/dev',
  'next/dist/server/mcp',
  'next/dist/server/route-modules',
  'next/dist/server/typescript',
  'next/dist/server/use-cache',
  'react-dom/cjs',
  '@opentelemetry/api',
];
/** One page of each kind, and what is no page. */
const PATHS = ['/', '/guide', '/guide/authorization-code', '/sandbox', '/sandbox/default', '/scenarios', '/reference'];
const MORE = ['/reports/none', '/nothing-here', '/docs', '/docs/testing', '/scenarios/index.json', '/icon.svg'];

/** Writes down what was loaded when the process ends. */
const HOOK = `
const { writeFileSync } = require('node:fs');
process.on('exit', () => writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require('node:module')._cache))));
`;

/**
 * @param dist the package as it is built so far
 * @returns how many files went
 */
export async function trim(dist) {
  const hook = join(dist, 'hook.cjs');
  const list = join(dist, 'loaded.json');
  writeFileSync(hook, HOOK);
  const port = 38_000 + (process.pid % 900);
  const command = ['--require', hook, join(dist, 'bin', 'authwalk.cjs'), 'serve', '--memory', '-p', String(port)];
  const server = spawn(nodePath(), command, { env: nodeEnv({ LOADED: list }), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await new Promise((resolve) => {
    server.stdout.on('data', (text) => String(text).includes('listens on') && resolve());
    void ended.then(resolve);
  });
  for (const path of [...PATHS, ...MORE]) {
    for (const headers of [{ accept: 'text/html' }, { rsc: '1' }, { accept: '*/*' }]) {
      const signal = AbortSignal.timeout(30_000);
      const response = await fetch(`http://localhost:${port}${path}`, { headers, signal, redirect: 'manual' });
      await response.arrayBuffer();
      if (response.status >= 500) throw new Error(`${path} answers ${response.status} in the package.`);
    }
  }
  server.kill('SIGTERM');
  await ended;
  const loaded = new Set(JSON.parse(readFileSync(list, 'utf8')));
  for (const file of [hook, list]) rmSync(file);

  let gone = 0;
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.js') && !loaded.has(path)) {
        rmSync(path);
        gone++;
      }
    }
  };
  for (const folder of SPARE) visit(join(realpathSync(dist), 'web', 'node_modules', ...folder.split('/')));
  return gone;
}
