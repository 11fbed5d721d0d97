/**
 * `npm run image`: builds the container image and starts it, without a daemon: `buildah` on a root file system by
 * `mmdebstrap`, both from Debian. Then the same for arm64, emulated by `qemu-user-static` where that can be had.
 * Needs root, because it makes file systems; without, it says so and skips. `--packaged` takes the archive that lies
 * in `dist`; `--keep FILE` writes the image there as an OCI archive.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVolume, startContainer } from './lib/container.mjs';
import { ensureInstalled, nodeEnv, nodePath, root, run } from './lib/toolchain.mjs';
import { check, endOfChecks } from './lib/checks.mjs';

/** ms until a container has to answer; an emulated one takes several times as long. */
const PATIENCE = { amd64: 60_000, arm64: 180_000 };
/** How often a runtime asks before it calls a container unhealthy. An emulated one on a busy machine may be late. */
const RETRIES = 3;
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const OWN = ARCHITECTURES[process.arch];

const skip = (why) => {
  console.log(`npm run image: skipped, because ${why}.`);
  process.exit(0);
};
if (process.platform !== 'linux') skip('it needs Linux');
if (OWN === undefined) skip(`there is no image for ${process.arch}`);
if (process.getuid?.() !== 0) skip('it needs root to make file systems');

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
/** Installs packages from Debian. @returns whether they are there now */
function install(names) {
  if (!has('apt-get')) return false;
  console.log(`Installing ${names.join(', ')} …`);
  spawnSync('apt-get', ['update'], { stdio: 'ignore' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['install', '-y', '--no-install-recommends', ...names];
  return spawnSync('apt-get', options, { stdio: 'ignore', env }).status === 0;
}
const missing = ['buildah', 'mmdebstrap'].filter((command) => !has(command));
if (missing.length > 0 && !install([...missing, 'debian-archive-keyring']))
  skip(`${missing.join(' and ')} could not be installed`);

ensureInstalled();
if (!process.argv.includes('--packaged') && run(['scripts/package.mjs', '--pack']) !== 0) process.exit(1);

const work = mkdtempSync(join(tmpdir(), 'authwalk-image-'));
const store = ['--storage-driver', 'vfs', '--root', join(work, 'storage'), '--runroot', join(work, 'run')];
const keep = process.argv.includes('--keep') ? process.argv[process.argv.indexOf('--keep') + 1] : null;
/** Runs a command, and ends with what it said if it failed. */
function must(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${done.stderr ?? done.error}`);
  return done.stdout;
}
const buildah = (...args) => must('buildah', [...store, ...args]);

try {
  const archive = readdirSync(join(root, 'dist')).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('There is no package in dist: npm run package -- --pack makes it.');
  const own = buildImage(OWN, nodePath(), archive);
  if (keep !== null) buildah('push', own, `oci-archive:${keep}:authwalk`);
  await tryImage(own, OWN, null);

  const emulator = '/usr/bin/qemu-aarch64-static';
  const why =
    OWN !== 'amd64'
      ? 'this machine is no amd64'
      : !existsSync(emulator) && !install(['qemu-user-static'])
        ? 'qemu-user-static could not be installed'
        : null;
  if (why !== null) console.log(`── arm64: skipped, because ${why}`);
  else await tryImage(buildImage('arm64', fetchNode('arm64'), archive), 'arm64', emulator);
} catch (error) {
  check('nothing else went wrong', false, error.message);
} finally {
  spawnSync('buildah', [...store, 'rm', '--all'], { stdio: 'ignore' });
  rmSync(work, { recursive: true, force: true });
}
endOfChecks();

/** Node for another processor, from npm, in the version that this project uses. */
function fetchNode(processor) {
  const name = `node-linux-${processor}`;
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(work, name);
  mkdirSync(folder);
  const [file] = must('npm', ['pack', '--silent', `${name}@${optionalDependencies[name]}`], {
    cwd: folder,
    env: nodeEnv(),
  })
    .trim()
    .split('\n')
    .slice(-1);
  must('tar', ['-xzf', join(folder, file), '-C', folder]);
  return join(folder, 'package', 'bin', 'node');
}

/** Builds the base, and the image on it. @returns its name */
function buildImage(architecture, node, archive) {
  console.log(`── ${architecture}: base and image`);
  const platform = ['--platform', `linux/${architecture}`, '--isolation', 'chroot', '--format', 'docker'];
  const base = join(work, `base-${architecture}`);
  mkdirSync(base);
  const packages = '--include=libstdc++6,ca-certificates';
  must('mmdebstrap', [
    '--variant=extract',
    `--architectures=${architecture}`,
    packages,
    'bookworm',
    join(base, 'base.tar'),
  ]);
  cpSync(node, join(base, 'node'));
  writeFileSync(join(base, 'Dockerfile'), 'FROM scratch\nADD base.tar /\nCOPY node /usr/local/bin/node\n');
  buildah('bud', ...platform, '-t', `authwalk-base-${architecture}`, base);

  const context = join(work, `context-${architecture}`);
  mkdirSync(join(context, 'data'), { recursive: true });
  must('tar', ['-xzf', join(root, 'dist', archive), '-C', context]);
  cpSync(join(root, 'container', 'Dockerfile'), join(context, 'Dockerfile'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const revision = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim() || 'unknown';
  const values = { BASE: `localhost/authwalk-base-${architecture}`, VERSION: version, REVISION: revision };
  const parameters = Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const name = `authwalk-${architecture}`;
  buildah('bud', ...platform, ...parameters, '-t', name, context);
  return name;
}

/** Starts the image as an orchestrator would, twice on the same volume. */
async function tryImage(image, architecture, emulator) {
  console.log(`── ${architecture}: start${emulator === null ? '' : ', emulated'}`);
  const { config } = JSON.parse(buildah('inspect', '--type', 'image', image)).Docker;
  check('it runs as 65532', config.User === '65532:65532', config.User);
  check('its labels name title, licence, version and revision', labelled(config.Labels), JSON.stringify(config.Labels));
  const container = buildah('from', '--pull-never', image).trim();
  const rootFolder = buildah('mount', container).trim();
  const volume = makeVolume(rootFolder, join(work, `volume-${architecture}`));
  const port = 39_000 + (process.pid % 900);
  const origin = `http://127.0.0.1:${port}`;
  const begin = () => startContainer({ rootFolder, config, volume, emulator, env: { PORT: String(port) } });
  const patience = PATIENCE[architecture];

  const first = begin();
  let made = null;
  try {
    const ready = await waitFor(`${origin}/ready`, first, patience);
    check('it answers /ready', ready, first.said());
    if (!ready) return;
    const status = first.status();
    check('the process is of user 65532', /^Uid:\t65532\t65532\t65532\t65532$/m.test(status), status);
    check('it holds no capability', /^CapEff:\t0+$/m.test(status) && /^CapPrm:\t0+$/m.test(status), status);
    check('its root is read-only, but for /data', readOnly(first.inside()));
    const healthy = Array.from({ length: RETRIES }).some(() => first.health() === 0);
    check('its health check ends with 0', healthy);
    const page = await fetch(`${origin}/guide`);
    check('it has its pages', page.status === 200, `${page.status} ${first.said()}`);
    await page.body?.cancel();
    const response = await fetch(`${origin}/api/sandboxes`, { method: 'POST' });
    made = await response.json();
    check('a sandbox is made', response.status === 201, JSON.stringify(made));
    first.stop();
    const code = await within(first.ended, 15_000);
    check('it ends with 0 on SIGTERM', code === 0, `${code} ${first.said()}`);
  } finally {
    first.kill();
  }

  const second = begin();
  try {
    check('it starts again on the same volume', await waitFor(`${origin}/ready`, second, patience), second.said());
    const headers = { authorization: `Bearer ${made?.control_token}` };
    const kept = await fetch(`${origin}/api/sandboxes/${made?.id}`, { headers });
    check('the sandbox is still there', kept.status === 200, String(kept.status));
    await kept.body?.cancel();
    second.stop();
    check('and ends with 0', (await within(second.ended, 15_000)) === 0, second.said());
  } finally {
    second.kill();
  }
  buildah('umount', container);
}

function labelled(labels) {
  const named = (name) => (labels?.[`org.opencontainers.image.${name}`] ?? '') !== '';
  return ['title', 'licenses', 'version', 'revision'].every(named);
}

/** Whether even root cannot write into the container's root, and can into its volume. */
function readOnly(pid) {
  const written = (path) => {
    const file = `/proc/${pid}/root/${path}/probe`;
    try {
      writeFileSync(file, '');
      rmSync(file);
      return 'written';
    } catch (error) {
      return error.code;
    }
  };
  return written('app') === 'EROFS' && written('etc') === 'EROFS' && written('data') === 'written';
}

async function waitFor(url, container, patience) {
  const until = Date.now() + patience;
  let over = false;
  void container.ended.then(() => (over = true));
  while (Date.now() < until && !over) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

function within(promise, ms) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve('still running'), ms).unref())]);
}
