/**
 * Run after adding or updating a dependency: `node scripts/complete-lockfile.mjs`.
 *
 * npm can leave optional packages of other platforms out of the lockfile, and `npm ci` then refuses that lockfile. What
 * is missing is entered here, from what its parent asks for: the exact version, the platform that its name says, and
 * the hash of the package that the registry tells (`integrity`). Without the hash, npm would take any package of that
 * name.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const OS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  win32: 'win32',
  win: 'win32',
  openharmony: 'openharmony',
};
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'ppc64le', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** Which platform a package is for, by the words of its name. */
function platformOf(name) {
  const words = name.split('/').pop().split('-');
  const os = words.map((word) => OS[word]).find(Boolean);
  const cpu = CPU.find((known) => words.includes(known));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu')) && os === 'linux'
      ? 'glibc'
      : undefined;
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}) };
}

const added = [];
for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, wanted] of Object.entries(parent.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[hoisted] || path === '') continue;
    const platform = platformOf(name);
    const version = /\d+\.\d+\.\d+\S*/.exec(wanted)?.[0];
    if (!version || !(platform.os || platform.cpu)) {
      console.error(
        `${name}@${wanted}, an optional dependency of ${path}, is not in the lockfile, ` +
          'and its name does not say for which platform it is.',
      );
      process.exitCode = 1;
      continue;
    }
    lock.packages[hoisted] = { version, ...(parent.dev ? { dev: true } : {}), optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
}
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const hashed = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.link || entry.inBundle || entry.integrity) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const told = spawnSync(npm, ['view', `${name}@${entry.version}`, 'dist.integrity'], { encoding: 'utf8' });
  const integrity = told.stdout.trim();
  if (told.status !== 0 || !/^sha512-[A-Za-z0-9+/]+=*$/.test(integrity)) {
    console.error(`The registry does not tell the hash of ${name}@${entry.version}: the lockfile goes without it.`);
    process.exitCode = 1;
    continue;
  }
  entry.integrity = integrity;
  hashed.push(name);
}
if (hashed.length > 0) console.log(`Entered the hash of ${hashed.join(', ')}.`);

const root = lock.packages[''];
lock.packages = {
  '': root,
  ...Object.fromEntries(
    Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .sort(([a], [b]) => a.localeCompare(b, 'en')),
  ),
};
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'The lockfile is complete.' : `Entered ${added.join(', ')}.`);
