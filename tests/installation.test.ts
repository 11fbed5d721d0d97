/** Several commands at once in a clone that was never installed: one installs, the others wait for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'authwalk-clone-'));
  mkdirSync(join(clone, 'scripts', 'lib'), { recursive: true });
  cpSync(join(import.meta.dirname, '..', 'scripts', 'lib', 'toolchain.mjs'), join(clone, 'scripts/lib/toolchain.mjs'));
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  // An npm that takes its time and says when it begins and ends.
  writeFileSync(join(clone, 'npm'), '#!/bin/sh\necho begin >> npm.log\nsleep 0.3\necho end >> npm.log\n');
  chmodSync(join(clone, 'npm'), 0o755);
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const begin = () => {
  const code = "import('./scripts/lib/toolchain.mjs').then(({ ensureInstalled }) => ensureInstalled())";
  return spawn(process.execPath, ['-e', code], {
    cwd: clone,
    env: { NODE_ENV: 'test', PATH: `${clone}${delimiter}${process.env.PATH}` },
  });
};
const install = async (): Promise<number | null> => (await once(begin(), 'exit'))[0] as number | null;

test('one installs, and the others wait', async () => {
  expect(await Promise.all([install(), install(), install(), install()])).toEqual([0, 0, 0, 0]);
  expect(readFileSync(join(clone, 'npm.log'), 'utf8')).toBe('begin\nend\n');
  expect(existsSync(join(clone, '.authwalk-installing'))).toBe(false);
});

test('an installation that fails ends with the status of what could not run, and is tried again', async () => {
  writeFileSync(join(clone, 'package-lock.json'), '{"broken":true}');
  const works = readFileSync(join(clone, 'npm'), 'utf8');
  writeFileSync(join(clone, 'npm'), '#!/bin/sh\nexit 217\n');
  expect(await install()).toBe(3);
  writeFileSync(join(clone, 'npm'), works);
  rmSync(join(clone, 'npm.log'));
  expect(await install()).toBe(0);
  expect(readFileSync(join(clone, 'npm.log'), 'utf8')).toBe('begin\nend\n');
});

test('a lock whose holder is gone holds nobody up', async () => {
  writeFileSync(join(clone, 'package-lock.json'), '{"changed":true}');
  writeFileSync(join(clone, '.authwalk-installing'), '999999999');
  expect(await install()).toBe(0);
  expect(readFileSync(join(clone, 'npm.log'), 'utf8')).toBe('begin\nend\nbegin\nend\n');
});

test.skipIf(process.platform === 'win32')('npm that outlives a killed command is waited for', async () => {
  writeFileSync(join(clone, 'package-lock.json'), '{"killed":true}');
  rmSync(join(clone, 'npm.log'));
  const killed = begin();
  await expect.poll(() => existsSync(join(clone, 'npm.log')), { timeout: 10_000 }).toBe(true);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await install()).toBe(0);
  expect(readFileSync(join(clone, 'npm.log'), 'utf8')).toBe('begin\nend\nbegin\nend\n');
});
