/** `npm start` passes SIGTERM on, whatever the shell between npm and the script does. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('a script that is left behind by its shell ends what it runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'authwalk-become-'));
  const child = join(folder, 'child.mjs');
  writeFileSync(
    child,
    "console.log('child', process.pid);\nprocess.on('SIGTERM', () => process.exit(0));\nsetInterval(() " +
      '=> undefined, 1000);\n',
  );
  const script = join(folder, 'script.mjs');
  writeFileSync(
    script,
    'import { become } from ' +
      `${JSON.stringify(join(root, 'scripts/lib/toolchain.mjs'))};\nbecome([${JSON.stringify(child)}]);\n`,
  );
  // A shell that does not replace itself, as Debian's: a second command keeps it.
  const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${script}"; true`], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    let said = '';
    shell.stdout.on('data', (chunk) => {
      said += String(chunk);
      const found = /child (\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
  });
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  expect(isAlive()).toBe(true);
  shell.kill('SIGTERM');
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
  rmSync(folder, { recursive: true, force: true });
});
