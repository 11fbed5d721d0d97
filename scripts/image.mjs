/**
 * `npm run image`: builds the container image and starts it once, without a daemon: `buildah` on a root file system by
 * `mmdebstrap`, both from Debian. Needs root, because it makes file systems; without, it says so and skips.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, nodePath, root, run } from './lib/toolchain.mjs';

const skip = (why) => {
  console.log(`npm run image: skipped, because ${why}.`);
  process.exit(0);
};
if (process.platform !== 'linux') skip('it needs Linux');
if (process.getuid?.() !== 0) skip('it needs root to make file systems');

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const missing = ['buildah', 'mmdebstrap'].filter((command) => !has(command));
if (missing.length > 0) {
  if (!has('apt-get')) skip(`${missing.join(' and ')} cannot be installed here`);
  console.log(`Installing ${missing.join(', ')} …`);
  spawnSync('apt-get', ['update'], { stdio: 'ignore' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { stdio: 'ignore', env }).status !==
    0
  )
    skip(`${missing.join(' and ')} could not be installed`);
}

ensureInstalled();
if (!process.argv.includes('--packaged') && run(['scripts/package.mjs', '--pack']) !== 0) process.exit(1);

const work = mkdtempSync(join(tmpdir(), 'authwalk-image-'));
const store = ['--storage-driver', 'vfs', '--root', join(work, 'storage'), '--runroot', join(work, 'run')];

/** Runs a command, and ends with what it said if it failed. */
function must(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (done.status === 0) return done.stdout;
  console.error(`npm run image: ${command} ${args.join(' ')} failed:\n${done.stderr ?? done.error}`);
  process.exit(1);
}
const buildah = (...args) => must('buildah', [...store, ...args]);

try {
  const archive = readdirSync(join(root, 'dist')).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('There is no package in dist: npm run package -- --pack makes it.');
  console.log('── base');
  const base = join(work, 'base.tar');
  must('mmdebstrap', ['--variant=extract', '--include=libstdc++6,ca-certificates', 'bookworm', base]);
  mkdirSync(join(work, 'base'));
  cpSync(nodePath(), join(work, 'base', 'node'));
  writeFileSync(join(work, 'base', 'Dockerfile'), 'FROM scratch\nADD base.tar /\nCOPY node /usr/local/bin/node\n');
  cpSync(base, join(work, 'base', 'base.tar'));
  buildah('bud', '--isolation', 'chroot', '-t', 'authwalk-base', join(work, 'base'));

  console.log('── image');
  const context = join(work, 'context');
  mkdirSync(join(context, 'data'), { recursive: true });
  must('tar', ['-xzf', join(root, 'dist', archive), '-C', context]);
  cpSync(join(root, 'container', 'Dockerfile'), join(context, 'Dockerfile'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  buildah(
    'bud',
    '--isolation',
    'chroot',
    '--build-arg',
    'BASE=localhost/authwalk-base',
    '--build-arg',
    `VERSION=${version}`,
    '-t',
    'authwalk',
    context,
  );

  console.log('── start');
  const container = buildah('from', 'authwalk').trim();
  const port = 39_000 + (process.pid % 900);
  const serve = spawn(
    'buildah',
    [
      ...store,
      'run',
      '--isolation',
      'chroot',
      '--user',
      '65532:65532',
      '--env',
      `PORT=${port}`,
      container,
      '--',
      'node',
      '/app/bin/authwalk.cjs',
      'serve',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  const ended = new Promise((resolve) => serve.once('exit', (code) => resolve(code)));
  const ready = await waitFor(`http://127.0.0.1:${port}/ready`, 60_000);
  process.kill(-serve.pid, 'SIGTERM');
  const code = await ended;
  if (!ready) throw new Error('The container did not become ready.');
  console.log(`The container answered /ready, and ended with ${code} on SIGTERM.`);
} finally {
  spawnSync('buildah', [...store, 'rm', '--all'], { stdio: 'ignore' });
  rmSync(work, { recursive: true, force: true });
}

async function waitFor(url, patience) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}
