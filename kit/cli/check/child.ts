/** Runs the client under test: no shell, a process group of its own, an end that is certain. */
import { spawn } from 'node:child_process';
import { CommandError, EXIT } from '../exit.ts';

/** Milliseconds between the request to end and the end. */
const GRACE = 2_000;
/** Characters of each output that are kept. */
const KEPT = 1_000_000;

/** What became of one run of the client. */
export interface ChildResult {
  /** The exit status; null if it was ended by a signal. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it was ended because its time was over. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds. */
  readonly duration: number;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until it is ended. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the client to its end.
 * @throws CommandError if it cannot be started
 */
export function runChild({ command, args, env, timeout, signal }: ChildOptions): Promise<ChildResult> {
  const began = performance.now();
  // A group of its own, so that whatever it starts ends with it.
  const grouped = process.platform !== 'win32';
  const child = spawn(command, [...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: grouped,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      if (output[name].length < KEPT) output[name] = (output[name] + text).slice(0, KEPT);
    });
  }
  const kill = (how: NodeJS.Signals): void => {
    try {
      if (grouped && child.pid !== undefined) process.kill(-child.pid, how);
      else child.kill(how);
    } catch {
      /* it has ended already */
    }
  };
  return new Promise((resolve, reject) => {
    let timedOut = false;
    let hard: NodeJS.Timeout | undefined;
    const end = (): void => {
      kill('SIGTERM');
      hard ??= setTimeout(() => kill('SIGKILL'), GRACE);
    };
    const soft = setTimeout(() => {
      timedOut = true;
      end();
    }, timeout);
    signal.addEventListener('abort', end, { once: true });
    const done = (): void => {
      clearTimeout(soft);
      clearTimeout(hard);
      signal.removeEventListener('abort', end);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      done();
      const why =
        error.code === 'ENOENT'
          ? 'there is no such command'
          : error.code === 'EACCES'
            ? 'it is not executable'
            : error.message;
      reject(new CommandError(EXIT.couldNotRun, `${command} cannot be started: ${why}.`));
    });
    child.once('exit', (status, endedBy) => {
      done();
      // What it started in the background is ended too; the pipes would stay open with it.
      kill('SIGKILL');
      const settle = setTimeout(() => finish(), 200);
      const finish = (): void => {
        clearTimeout(settle);
        // A daemon in a session of its own may hold the pipes for as long as it likes.
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ status, signal: endedBy, timedOut, ...output, duration: performance.now() - began });
      };
      child.once('close', finish);
    });
  });
}
