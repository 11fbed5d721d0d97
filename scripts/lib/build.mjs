/** Builds the pages and the engine when the build is older than the sources, and only then. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prepareStatic } from './browser-files.mjs';
import { binOf, root, run } from './toolchain.mjs';

/** What a build is made from. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation-client.ts',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/lib/engine.config.ts',
];
const IGNORED = /\.test\.tsx?$|^\./;
const stampFile = join(root, '.next', 'authwalk-sources');

/** A digest of every source's path, size and time of change: quick, because no file is read. */
function sourcesStamp() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const whole = join(root, path);
    const stat = statSync(whole, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) {
      hash.update(`${path}\0${stat.size}\0${Math.trunc(stat.mtimeMs)}\n`);
      return;
    }
    for (const name of readdirSync(whole).sort())
      if (!IGNORED.test(name) || name === '.well-known') visit(join(path, name));
  };
  for (const source of SOURCES) visit(source);
  return hash.digest('hex');
}

/** Whether the build stands for the sources as they are. */
export function isBuilt() {
  return (
    existsSync(join(root, '.next', 'BUILD_ID')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === sourcesStamp()
  );
}

/** @returns whether there is a build of these sources now */
export function ensureBuilt() {
  if (isBuilt()) return true;
  console.log('Building …');
  if (run([binOf('next'), 'build'], { env: { NODE_ENV: 'production' } }) !== 0) return false;
  if (run([binOf('tsdown'), '--config', 'scripts/lib/engine.config.ts', '--log-level', 'error']) !== 0) return false;
  prepareStatic(join(root, '.next', 'static'));
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, sourcesStamp());
  return true;
}
