/**
 * Takes out of the packaged Next what it never loads. Next traces far more than it runs: its runtimes for production
 * are bundles, and the modules that they were made of lie beside them.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeEnv, nodePath } from './toolchain.mjs';

/** Folders of `web/node_modules` that are trimmed: what Next's bundles hold a second time, and what builds need. */
const SPARE = ['next/dist', 'react-dom/cjs', '@opentelemetry/api', 'semver', 'detect-libc'];
/** Bundles are kept whole, whether they were loaded or not: what answers an error is among them. */
const KEPT = 'next/dist/compiled';
/** But for those that only serve development and builds. */
const UNUSED = ['@mswjs', 'conf', 'fast-jwt', 'tar', 'ws'].map((name) => `${KEPT}/${name}`);

/** One page of each kind, and what is no page. */
const PATHS = ['/', '/guide', '/guide/authorization-code', '/sandbox', '/sandbox/default', '/scenarios', '/reference'];
const MORE = ['/reports/none', '/nothing-here', '/docs', '/docs/testing', '/scenarios/index.json', '/icon.svg'];
/** What browsers and probes ask Next for beside its pages. */
const ODD = ['/_next/image?url=%2Ficon.svg&w=64&q=75', '/_next/static/none.js', '/_next/data/none/guide.json', '/%5Cx'];

/** How each is asked: as a browser, its router and a program do, and as an action of a page that there is none of. */
const ASKED = [
  { headers: { accept: 'text/html' } },
  { headers: { rsc: '1' } },
  { headers: { accept: '*/*' } },
  { method: 'HEAD', headers: { accept: 'text/html' } },
  { method: 'POST', headers: { 'next-action': '0'.repeat(42), 'content-type': 'text/plain' }, body: '[]' },
];

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
  const server = spawn(nodePath(), command, { env: nodeEnv({ LOADED: list }), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stderr.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await new Promise((resolve) => {
    server.stdout.on('data', (text) => String(text).includes('listens on') && resolve());
    void ended.then(resolve);
  });
  for (const path of [...PATHS, ...MORE, ...ODD]) {
    for (const init of ASKED) {
      const signal = AbortSignal.timeout(30_000);
      const response = await fetch(`http://localhost:${port}${path}`, { ...init, signal, redirect: 'manual' });
      await response.arrayBuffer();
      const broken = response.status >= 500 && init.method === undefined;
      if (broken) throw new Error(`${path} answers ${response.status} in the package: ${said.slice(-2_000)}`);
    }
  }
  server.kill('SIGTERM');
  await ended;
  const loaded = new Set(JSON.parse(readFileSync(list, 'utf8')));
  for (const file of [hook, list]) rmSync(file);

  let gone = 0;
  const modules = join(realpathSync(dist), 'web', 'node_modules');
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === join(modules, KEPT)) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.js') && !loaded.has(path)) {
        rmSync(path);
        gone++;
      }
    }
  };
  for (const folder of [...SPARE, ...UNUSED].map((name) => join(modules, name))) if (existsSync(folder)) visit(folder);
  return gone;
}
