/** From `npm start` (built) to the first answer of `/health`, ten times. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './targets.ts';

const STARTS = 10;

async function once(databaseUrl: string): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    env: { ...process.env, PORT: String(port), DATABASE_URL: databaseUrl },
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (;;) {
      const answered = await fetch(`http://127.0.0.1:${port}/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (answered) return performance.now() - began;
      if (performance.now() - began > 30_000) throw new Error('The server did not listen within 30 s.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    // The group is this child's own: npm, the script and the server that it started.
    process.kill(-child.pid!, 'SIGTERM');
    await ended;
  }
}

/** ms from the command to the first answer. */
export interface StartTimes {
  readonly median: number;
  /** 95th percentile. */
  readonly p95: number;
}

/** Measures and prints the start times. */
export async function startTimes(): Promise<StartTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'authwalk-start-'));
  const times: number[] = [];
  try {
    for (let i = 0; i < STARTS; i++) times.push(await once(`file:${join(folder, 'start.db')}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
  console.log(
    `\nFrom npm start (built) to listening: ${at(0.5).toFixed(0)} ms in the median, ` +
      `${at(0.95).toFixed(0)} ms at the 95th percentile of ${STARTS} starts.`,
  );
  return { median: at(0.5), p95: at(0.95) };
}
