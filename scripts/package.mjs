/**
 * `npm run package`: builds what is published into `dist/`: prebuilt, without dependencies and without install
 * scripts. With `--pack` it also makes the archive that npm would upload; `--same-pages` takes the pages as they were
 * built last. Nothing is published here.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { spawnSync } from 'node:child_process';
import { binOf, ensureInstalled, nodeEnv, root, run } from './lib/toolchain.mjs';

ensureInstalled();
const { notices } = await import('./lib/notices.mjs');
const { trim } = await import('./lib/trim.mjs');
const { prepareStatic } = await import('./lib/browser-files.mjs');
const { packageReadme } = await import('./lib/readme.mjs');
const { mergeChunks } = await import('./lib/merge-chunks.mjs');

const dist = join(root, 'dist');
const web = join(dist, 'web');
const build = join(root, '.next-package');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Parts of Next that no page here loads: the metrics of fonts that it would fetch, the edge runtime (`proxy.ts` runs
 * in Node), React's experimental build, and the pages router's own runtimes.
 */
const NEVER_LOADED = [
  'server/capsize-font-metrics.json',
  'compiled/@edge-runtime/primitives',
  'compiled/@edge-runtime/ponyfill',
  'compiled/edge-runtime',
  'compiled/next-server/app-page-turbo-experimental.runtime.prod.js',
  'compiled/next-server/app-route-turbo-experimental.runtime.prod.js',
];

/** What the build writes for each page and merges into one of the same name for all: only the merged one is read. */
const MERGED = new Set(['app-paths', 'build', 'next-font', 'server-reference'].map((name) => `${name}-manifest.json`));

const TESTING_README = `# @authwalk/testing

What tests need of [authwalk](https://www.npmjs.com/package/authwalk), without its pages: \`createAuthwalk\` starts an
OAuth 2.1 server with MCP servers behind it in the process of your test, and each test gets a sandbox.

\`\`\`js
import { createAuthwalk } from '@authwalk/testing';
\`\`\`

The entries are those of \`authwalk\`: \`@authwalk/testing/vitest\`, \`/playwright\`, \`/jest\`, \`/matchers\`.
The command \`authwalk check\` is here, too.
`;

/** Ends with what went wrong. */
function must(ok, what) {
  if (ok) return;
  console.error(`npm run package: ${what}`);
  process.exit(1);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(web, { recursive: true });

console.log('── the pages');
must(
  process.argv.includes('--same-pages') ||
    run([binOf('next'), 'build'], { env: { NODE_ENV: 'production', AUTHWALK_PACKAGE: '1' } }) === 0,
  'the pages could not be built.',
);
const standalone = findStandalone(join(build, 'standalone'));
copyTree(join(standalone, '.next-package'), join(web, '.next'));
cpSync(join(build, 'static'), join(web, '.next', 'static'), { recursive: true });
copyTree(join(standalone, 'node_modules'), join(web, 'node_modules'));
cpSync(join(root, 'public'), join(web, 'public'), { recursive: true });
// What Next wrote into its own server file: a server of one's own has to hand it over.
const [, config] = /const nextConfig = (\{.*\})\n/.exec(readFileSync(join(standalone, 'server.js'), 'utf8')) ?? [];
must(config !== undefined, 'the configuration of the standalone build was not found.');
writeFileSync(join(web, 'next.config.json'), JSON.stringify({ ...JSON.parse(config), distDir: '.next' }));
writeFileSync(join(web, 'package.json'), '{ "type": "module" }\n');
// Browsers get them compressed, and the server can undo it for what takes nothing compressed.
const files = join(web, '.next', 'static');
prepareStatic(files);
for (const path of readdirSync(files, { recursive: true })) if (/\.(?:js|css)$/.test(path)) rmSync(join(files, path));
for (const name of ['@img', 'sharp', 'typescript'])
  rmSync(join(web, 'node_modules', name), { recursive: true, force: true });
prune(web);
const pagesOf = join(web, '.next', 'server', 'app');
for (const path of readdirSync(pagesOf, { recursive: true }))
  if (MERGED.has(basename(path))) rmSync(join(pagesOf, path));
mergeChunks(join(web, '.next', 'server'));
for (const path of NEVER_LOADED)
  rmSync(join(web, 'node_modules', 'next', 'dist', path), { recursive: true, force: true });

console.log('── the engine');
must(run([binOf('tsdown'), '--config', 'kit/build/tsdown.config.ts']) === 0, 'the engine could not be bundled.');

console.log('── data, schemas, papers');
must(run(['kit/build/data.ts', dist]) === 0, 'the data could not be written.');
for (const [from, to, kind] of [
  [['lib', 'guide', 'tracks'], 'tracks', '.yaml'],
  [['lib', 'labs', 'levels'], 'levels', '.yaml'],
  [['docs'], 'docs', '.md'],
])
  cpSync(join(root, ...from), join(dist, 'data', to), {
    recursive: true,
    filter: (path) => lstatSync(path).isDirectory() || path.endsWith(kind),
  });
cpSync(join(root, 'lib', 'labs', 'levels'), join(dist, 'data', 'levels'), {
  recursive: true,
  filter: (file) => !file.endsWith('.ts'),
});
// The clients under test, and each snippet of the documents as a whole file.
cpSync(join(root, 'examples'), join(dist, 'data', 'examples'), {
  recursive: true,
  filter: (path) => basename(path) !== 'DEPS',
});
cpSync(join(root, 'bin', 'authwalk.cjs'), join(dist, 'bin', 'authwalk.cjs'));
for (const paper of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, paper), join(dist, paper));
writeFileSync(join(dist, 'README.md'), packageReadme(readFileSync(join(root, 'README.md'), 'utf8')));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES'), notices(root, Object.keys(manifest.dependencies)));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`);

console.log('── what no page loads');
console.log(`${await trim(dist)} files went.`);
rmSync(join(dist, 'web', 'node_modules', '.cache'), { recursive: true, force: true });

console.log('── @authwalk/testing');
const testing = join(dist, 'testing');
for (const part of ['bin', 'web/dist', 'web/package.json', 'schemas', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES'])
  cpSync(join(dist, part), join(testing, part), { recursive: true });
// The consent page, for browsers in tests; its faces stay with the pages.
mkdirSync(join(testing, 'web', 'public'));
cpSync(join(dist, 'web', 'public', 'consent.css'), join(testing, 'web', 'public', 'consent.css'));
writeFileSync(join(testing, 'README.md'), TESTING_README);
writeFileSync(join(testing, 'package.json'), `${JSON.stringify(publishedTesting(), null, 2)}\n`);

if (process.argv.includes('--pack')) for (const folder of [dist, testing]) pack(folder);

/** Makes the archive that npm would upload. */
function pack(folder) {
  const packed = spawnSync('npm', ['pack', '--silent'], {
    cwd: folder,
    encoding: 'utf8',
    env: nodeEnv(),
    shell: process.platform === 'win32',
  });
  must(packed.status === 0, `npm pack failed: ${packed.stderr}`);
  const file = join(folder, packed.stdout.trim().split('\n').at(-1));
  console.log(`${relative(root, file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

/** The same for those who only test: no pages, nothing of Next. */
function publishedTesting() {
  const { exports, ...rest } = published();
  return {
    ...rest,
    name: '@authwalk/testing',
    description: 'An OAuth 2.1 server with MCP servers behind it, in the process of your test.',
    files: ['bin', 'web', 'schemas', 'THIRD-PARTY-NOTICES'],
    exports: { '.': exports['./testing'], ...exports },
  };
}

/** `package.json` of what is published; the clone's own stays private. */
function published() {
  const both = (name) => ({
    import: { types: `./web/dist/${name}.d.ts`, default: `./web/dist/${name}.js` },
    require: { types: `./web/dist/${name}.d.cts`, default: `./web/dist/${name}.cjs` },
  });
  const esm = (name) => ({ types: `./web/dist/${name}.d.ts`, default: `./web/dist/${name}.js` });
  const { version, description, license } = manifest;
  return {
    name: 'authwalk',
    version,
    description,
    license,
    keywords: ['oauth', 'oauth2.1', 'openid-connect', 'mcp', 'mock', 'testing', 'playwright', 'vitest'],
    type: 'module',
    engines: { node: '>=22.16' },
    bin: { authwalk: 'bin/authwalk.cjs' },
    files: ['bin', 'web', 'data', 'schemas', 'THIRD-PARTY-NOTICES'],
    dependencies: {},
    exports: {
      './testing': both('testing'),
      './matchers': both('matchers'),
      './jest': both('jest'),
      './vitest': esm('vitest'),
      './playwright': esm('playwright'),
      './schemas/*': './schemas/*',
      './package.json': './package.json',
    },
    peerDependencies: { vitest: '>=4.1', '@playwright/test': '>=1.39', jest: '>=30' },
    peerDependenciesMeta: {
      vitest: { optional: true },
      '@playwright/test': { optional: true },
      jest: { optional: true },
    },
  };
}

/** Next repeats the path of the project below `standalone` when a lockfile lies above it. */
function findStandalone(folder) {
  if (existsSync(join(folder, 'server.js'))) return folder;
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || !lstatSync(join(folder, name)).isDirectory()) continue;
    const found = findStandalone(join(folder, name));
    if (found !== null) return found;
  }
  return null;
}

/** Copies a folder; a symbolic link becomes what it leads to, since `npm pack` drops links. */
function copyTree(from, to) {
  cpSync(from, to, { recursive: true, dereference: true, filter: (path) => existsSync(realpathSync(path)) });
}

/** Takes out what only a build needs. */
function prune(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) prune(path);
    else if (/\.(?:map|d\.ts|d\.mts|d\.cts|md|nft\.json)$/.test(name) && !/^license/i.test(name)) rmSync(path);
  }
}
