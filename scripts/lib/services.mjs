/** What the tests need from the machine: a Chromium and a PostgreSQL. Both are looked for before they are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { binOf, nodeEnv, nodePath, root } from './toolchain.mjs';

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
const tryRun = (command, args, env = process.env) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env }).status === 0;
const isRoot = () => process.getuid?.() === 0;

/** Installs Debian packages if that is possible. @returns whether it worked */
function apt(...packages) {
  if (!onPath('apt-get')) return false;
  const sudo = isRoot() ? [] : onPath('sudo') ? ['sudo', '-n'] : null;
  if (!sudo) return false;
  const call = (...args) =>
    tryRun([...sudo, 'apt-get'][0], [...sudo, 'apt-get', ...args].slice(1), {
      ...process.env,
      DEBIAN_FRONTEND: 'noninteractive',
    });
  return call('update', '-qq') && call('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** Where Debian puts its Chromium. */
const DEBIAN_CHROMIUM = '/usr/bin/chromium';

function findChromium() {
  const named = [
    DEBIAN_CHROMIUM,
    ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath),
  ];
  return named.find((file) => file && existsSync(file));
}

/** Chromium without windows, which Playwright prefers too: a page costs less than half the processor time there. */
const headlessShell = () => onPath('chromium-headless-shell');

/** The browser that Playwright downloaded for itself, where it did. */
function playwrightChromium() {
  const asked = spawnSync(
    nodePath(),
    [
      '--input-type=module',
      '-e',
      "import { chromium } from '@playwright/test'; process.stdout.write(chromium.executablePath())",
    ],
    { cwd: root, env: nodeEnv(), encoding: 'utf8' },
  );
  return asked.status === 0 && existsSync(asked.stdout) ? asked.stdout : undefined;
}

/**
 * Finds the Chromium that tests run in: the one that `CHROMIUM_PATH` names, else a headless shell, else any other.
 * On Debian, root gets the shell installed; nobody else is asked for a password to save time.
 * @returns its path, installed if there was none; undefined if that failed
 */
export function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named && existsSync(named)) return named;
  const quick = headlessShell() ?? playwrightChromium();
  if (quick) return quick;
  const found = findChromium();
  if (found === DEBIAN_CHROMIUM && isRoot() && apt('chromium-headless-shell')) return headlessShell() ?? found;
  if (found) return found;
  console.log('No Chromium found: installing one …');
  if (tryRun(nodePath(), [binOf('@playwright/test', 'playwright'), 'install', '--with-deps', 'chromium'], nodeEnv())) {
    const own = playwrightChromium();
    if (own) return own;
  }
  return apt('chromium-headless-shell') ? headlessShell() : apt('chromium') ? findChromium() : undefined;
}

/**
 * @returns the folder of PostgreSQL's programs (`initdb`, `postgres`); undefined if there is none and none can be
 * had
 */
export function ensurePostgres() {
  const find = () => {
    const debian = '/usr/lib/postgresql';
    const versions = existsSync(debian)
      ? readdirSync(debian)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(debian, version, 'bin'))
      : [];
    const path = (process.env.PATH ?? '').split(delimiter);
    return [process.env.POSTGRES_BIN, ...versions, ...path].find(
      (folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
    );
  };
  const found = find();
  if (found) return found;
  console.log('No PostgreSQL found: installing one …');
  return apt('postgresql') ? find() : undefined;
}
