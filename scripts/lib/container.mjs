/**
 * What a container runtime does with an image, without a daemon: a mount and a process namespace of its own, a
 * read-only root, the user and the environment that the image names, no capability. It shares the network.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';

/** Mounts what a container has, makes its root read-only, and becomes its command. */
const ENTER = `
set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mkdir -p "$ROOT/proc" "$ROOT/dev" "$ROOT/tmp"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
if [ -n "$EMULATOR" ]; then cp "$EMULATOR" "$ROOT/tmp/emulator"; fi
mount --bind "$VOLUME" "$ROOT/data"
mount -o remount,bind,ro "$ROOT"
exec setpriv --no-new-privs env -i "$@"
`;

/** Where programs are looked for inside, unless the image says otherwise. */
const SEARCHED = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The command inside, under the emulator if there is one. */
const commandOf = (words, emulator) =>
  emulator === null ? words : ['/tmp/emulator', '/usr/local/bin/node', ...words.slice(1)];

/**
 * Starts a container.
 * @param rootFolder its root file system, mounted
 * @param config what the image says: `User`, `Env`, `Entrypoint`, `Cmd`, `Healthcheck`
 * @param volume the folder that is mounted at /data
 * @param env variables over those of the image
 * @param emulator path of a static emulator for another processor, or null
 */
export function startContainer({ rootFolder, config, volume, env = {}, emulator = null }) {
  const variables = {
    PATH: SEARCHED,
    ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s, 2))),
    ...env,
  };
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const command = commandOf([...config.Entrypoint, ...config.Cmd], emulator);
  const enter = ['/usr/sbin/chroot', `--userspec=${config.User}`, '--groups=', rootFolder];
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', ...pairs, ...enter, ...command],
    {
      env: { ...process.env, ROOT: rootFolder, VOLUME: volume, EMULATOR: emulator ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  /** The process inside, as this side numbers it. */
  const inside = () =>
    Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]);
  return {
    ended,
    said: () => said,
    inside,
    /** What the kernel says of the process: user, capabilities. */
    status: () => readFileSync(`/proc/${inside()}/status`, 'utf8'),
    /** Runs the image's health check inside. @returns its exit status */
    health() {
      const [, ...words] = config.Healthcheck.Test;
      const [uid, gid] = config.User.split(':');
      const user = ['-S', uid, '-G', gid];
      const enter = ['-t', String(inside()), '-m', '-p', '-r', ...user, ...commandOf(words, emulator)];
      return spawnSync('nsenter', enter, { encoding: 'utf8', env: variables }).status;
    },
    /** Asks the process to end, as `docker stop` does. */
    stop: () => process.kill(inside(), 'SIGTERM'),
    kill: () => child.kill('SIGKILL'),
  };
}

/** A volume as a runtime makes it: what the image has at that place, with its owner. */
export function makeVolume(rootFolder, folder) {
  cpSync(`${rootFolder}/data`, folder, { recursive: true });
  spawnSync('chown', ['-R', '--reference', `${rootFolder}/data`, folder]);
  return folder;
}
