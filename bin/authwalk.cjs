#!/usr/bin/env node
/*
 * The command. Plain CommonJS for any Node: it looks at the version first, because whatever it loads needs a newer one.
 * In the package it runs what was built; in a clone it runs the sources under the Node that the clone brings.
 */
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const NEEDED = [22, 16];
const built = join(__dirname, '..', 'web', 'dist', 'cli.js');
const source = join(__dirname, '..', 'kit', 'cli', 'main.ts');

const current = process.versions.node.split('.').map(Number);
const recent = current[0] > NEEDED[0] || (current[0] === NEEDED[0] && current[1] >= NEEDED[1]);

if (existsSync(built)) {
  if (recent) {
    hideWarningOfSqlite();
    void import(pathToFileURL(built).href);
  } else {
    console.error(
      `authwalk needs Node ${NEEDED.join('.')} or later; this is ${process.versions.node}. ` +
        'Install a newer Node, or run the container image.',
    );
    process.exitCode = 3;
  }
} else {
  void runSources();
}

/** Node 22 warns that `node:sqlite` is experimental; nobody who runs a command can do anything about it. */
function hideWarningOfSqlite() {
  const emit = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    emit.call(process, warning, ...rest);
  };
}

/** Runs the sources of a clone, and passes signals and the exit status on. */
async function runSources() {
  const { spawn } = require('node:child_process');
  const { ensureInstalled, nodePath, nodeEnv } = await import(
    pathToFileURL(join(__dirname, '..', 'scripts', 'lib', 'toolchain.mjs')).href
  );
  ensureInstalled();
  const child = spawn(nodePath(), ['--disable-warning=ExperimentalWarning', source, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: nodeEnv(),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
