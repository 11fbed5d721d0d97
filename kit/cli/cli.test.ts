/** The command line from outside: its help, and what it says to somebody who mistypes. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createAuthwalk } from '../testing/create.ts';
import { hasColours } from './check/reporters.ts';
import { createSandboxCommand } from './sandbox.ts';
import { dataFolder, makeDataFolder } from './serve.ts';

function authwalk(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'kit/cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

test('the help names every command, what it has to be given, and the exit statuses', () => {
  const { status, stdout } = authwalk(['--help']);
  expect(stdout).toMatch(/^Usage: authwalk \[command\] \[options\]$/m);
  const commands = [...stdout.matchAll(/^ {2}([a-z][\w -]*?) {2,}\S/gm)].map(([, command]) => command);
  expect(commands).toEqual([
    'serve',
    'check -- COMMAND',
    'sandbox create',
    'sandbox report ID',
    'browse URL',
    'healthcheck',
  ]);
  expect(stdout).toContain('130 interrupted');
  expect(status).toBe(0);
});

test.each([
  ['a command that does not exist', ['chekc'], {}, 'There is no command chekc. The commands are serve, check,', 2],
  ['a port that is none', ['healthcheck'], { PORT: 'x' }, 'PORT is "x"; it takes a whole number', 2],
  ['a port where nobody listens', ['healthcheck'], { PORT: '1' }, 'answers neither by HTTP nor by HTTPS', 1],
  ['a file that is not there', ['sandbox', 'create', '--seed', 'no.json'], {}, 'there is no file no.json', 2],
  ['a folder in place of a file', ['sandbox', 'create', '--config', '.'], {}, 'there is no file .', 2],
  ['a report that cannot be written', ['check', '-r', 'junit=/dev/null/x', '--', 'x'], {}, 'x cannot be written: E', 3],
  ['a log that cannot be written', ['check', '-r', 'pretty=/dev/null/x', '--', 'x'], {}, 'x cannot be written: E', 3],
  ['results without a folder', ['check', '-o', '/dev/null/x', '--', 'x'], {}, 'report.json cannot be written: E', 3],
  ['a browser without a server', ['browse', 'http://127.0.0.1:1/oauth/authorize'], {}, 'Nothing answers at', 3],
])('%s', (_, args, env, says, ends) => {
  const { status, stdout, stderr } = authwalk(args, env);
  expect(stderr).toContain(says);
  expect([stdout, status]).toEqual(['', ends]);
});

test.skipIf(process.platform !== 'linux')('an empty variable does not put the data into the current folder', () => {
  expect(dataFolder({ XDG_DATA_HOME: '' })).toMatch(/^\/.*\/\.local\/share\/authwalk$/);
});

test.skipIf(process.platform !== 'linux')('a folder for the data that cannot be made says what to do instead', () => {
  expect(() => makeDataFolder({ XDG_DATA_HOME: '/dev/null' })).toThrow(
    /\/dev\/null\/authwalk, cannot be made \(ENOTDIR\)\. .*--database file:PATH, .*--memory/,
  );
});

test('a sandbox of a server without pages has no page to open', async () => {
  await using authwalk = await createAuthwalk();
  expect(await createSandboxCommand({ url: authwalk.origin })).toMatch(/^page +none: this server runs without pages$/m);
});

test.each([
  [503, 3],
  [429, 3],
  [400, 2],
])('a server that answers %i ends the command with %i', async (status, ends) => {
  const server = createServer((_, response) => response.writeHead(status).end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(createSandboxCommand({ url })).rejects.toMatchObject({ status: ends });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('colours are for a terminal, and for whoever forces them; NO_COLOR takes them away', () => {
  const seen = (env: Record<string, string>, terminal: boolean) => hasColours(env as NodeJS.ProcessEnv, terminal);
  expect([seen({}, true), seen({}, false)]).toEqual([true, false]);
  expect([seen({ FORCE_COLOR: '1' }, false), seen({ FORCE_COLOR: '0' }, true)]).toEqual([true, false]);
  expect([seen({ NO_COLOR: '1', FORCE_COLOR: '1' }, true), seen({ NO_COLOR: '' }, true)]).toEqual([false, true]);
});
