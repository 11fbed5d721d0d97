/**
 * What every command of package.json stands on: which Node runs the project, and whether what the
 * lockfile names is installed. Plain JavaScript that runs on Node 20.9, because the machine's own
 * Node may be that old.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The oldest Node that runs TypeScript and `node:sqlite` as the project uses them. */
const NEEDED_MAJOR = 24;

/** The exit status of `authwalk` for what could not run; the scripts take it over. */
const COULD_NOT_RUN = 3;

const installStamp = join(root, 'node_modules', '.authwalk-install');

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Installs what the lockfile names, unless that has been done for this very lockfile. */
export function ensureInstalled() {
  const wanted = hashOf(join(root, 'package-lock.json'));
  const isInstalled = () => existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted;
  if (isInstalled()) return;
  lockInstallation();
  // Whoever held the lock before may have done it.
  if (isInstalled()) return unlockInstallation();
  process.once('exit', unlockInstallation);
  // A dependency tree that npm itself recorded for this lockfile needs no second installation.
  // Standard output belongs to the command: `authwalk check --reporter json` prints one JSON value there.
  console.error('Installing the dependencies that package-lock.json names …');
  const npm = process.env.npm_execpath;
  const command = [...(npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']), 'ci', '--no-audit', '--no-fund'];
  // npm goes on if this process is killed: so it holds the lock as well. Windows has no shell that could say its id.
  const held =
    process.platform === 'win32' ? command : ['sh', '-c', 'echo $$ >> "$0"; exec "$@"', installLock, ...command];
  const done = spawnSync(held[0], [...held.slice(1), '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: held[0] === 'npm',
    // A production environment would leave out what the build needs.
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (done.status !== 0) {
    console.error('The dependencies could not be installed: see the lines above. Is the npm registry reachable?');
    process.exit(COULD_NOT_RUN);
  }
  mkdirSync(dirname(installStamp), { recursive: true });
  writeFileSync(installStamp, wanted);
  unlockInstallation();
}

/** Held by the process that installs: `npm ci` begins by taking away what another one just put there. */
const installLock = join(root, '.authwalk-installing');
/** ms between two looks at the lock. */
const LOCK_LOOK = 200;
/** ms that writing the lock may take. */
const MOST_WRITING = 10_000;

/** Waits until no other process installs. */
function lockInstallation() {
  for (let said = false; ; said = true) {
    try {
      writeFileSync(installLock, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isHeld()) rmSync(installLock, { force: true });
    else {
      if (!said) console.error('Another process installs the dependencies: waiting for it …');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_LOOK);
    }
  }
}

function unlockInstallation() {
  if (holdersOfLock()[0] === process.pid) rmSync(installLock, { force: true });
}

/** The processes that hold the lock, the one that took it first; none if there is no lock, or it is just being made. */
function holdersOfLock() {
  try {
    return readFileSync(installLock, 'utf8').split('\n').map(Number).filter(Boolean);
  } catch {
    return [];
  }
}

function isHeld() {
  const holders = holdersOfLock();
  if (holders.length > 0) return holders.some(isAlive);
  const lock = statSync(installLock, { throwIfNoEntry: false });
  return lock !== undefined && Date.now() - lock.mtimeMs < MOST_WRITING;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * The Node that runs the project: the one of this process if it is new enough, else the one
 * that the project brings as an optional dependency.
 * @returns the path of the executable
 */
export function nodePath() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${os}-${process.arch}`;
  const require = createRequire(join(root, 'package.json'));
  try {
    const binary = join(
      dirname(require.resolve(`${name}/package.json`)),
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    if (existsSync(binary)) return binary;
  } catch {
    /* not installed: said below */
  }
  console.error(
    `Authwalk needs Node ${NEEDED_MAJOR} or later; this is ${process.versions.node}, and there is no package ${name} ` +
      `that could bring one. Install Node ${NEEDED_MAJOR} and try again.`,
  );
  process.exit(COULD_NOT_RUN);
}

/** Whether this process is run by the Node that runs the project. */
export function isProjectNode() {
  return nodePath() === process.execPath;
}

/** The environment in which that Node, and whatever it starts by name, is the first `node`. */
export function nodeEnv(extra = {}) {
  const node = nodePath();
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  // Nothing may leave the machine: Next would report its use.
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: '1', ...extra };
}

/** The JavaScript file behind a package's command. */
export function binOf(packageName, command = packageName) {
  const file = join(root, 'node_modules', ...packageName.split('/'), 'package.json');
  const { bin } = JSON.parse(readFileSync(file, 'utf8'));
  return join(dirname(file), typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs a script under the project's Node and waits for it.
 * @returns the exit code; 1 if it was ended by a signal
 */
export function run(args, { env = {}, quiet = false } = {}) {
  const done = spawnSync(nodePath(), args, {
    cwd: root,
    env: nodeEnv(env),
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  return done.status ?? 1;
}

/** ms between looks whether whoever started us is still there. */
const LOOK = 500;

/**
 * Calls back when npm is gone, and with it whoever would have passed its signal on.
 *
 * npm runs a script through a shell, and passes SIGTERM to that shell alone. One that does not replace itself by
 * the script (Debian's) ends and leaves us behind: then our parent is another than at the start.
 */
export function whenLeftBehind(act) {
  const parent = process.ppid;
  // Only under npm: who starts us without it may well end before us on purpose.
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  setInterval(() => {
    if (process.ppid !== parent) act();
  }, LOOK).unref();
}

/** Runs a script under the project's Node in this process's place: its signals go on, its end is ours. */
export function become(args, { env = {} } = {}) {
  const child = spawn(nodePath(), args, { cwd: root, env: nodeEnv(env), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenLeftBehind(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
}
