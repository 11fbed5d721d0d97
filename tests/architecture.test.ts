import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Imports against the direction of architecture, each at a place where someone might write it. */
const forbidden = [
  ['lib/store/a.ts', '#lib/oauth/errors.ts'],
  ['lib/oauth/a.ts', '#lib/http/app.ts'],
  ['lib/oauth/grants/a.ts', '../../http/app.ts'],
  ['lib/oauth/b.ts', 'next/server'],
  ['lib/mcp/a.ts', 'kysely'],
  ['lib/sandbox/a.ts', '#lib/http/app.ts'],
  ['lib/http/a.ts', '#lib/server/container.ts'],
  ['lib/http/b.ts', 'react'],
  ['lib/guide/a.ts', '#lib/oauth/errors.ts'],
  ['lib/guide/b.ts', 'node:fs'],
  ['components/wire/a.ts', '#lib/store/store.ts'],
  ['lib/spec/a.ts', '#lib/oauth/errors.ts'],
  ['app/a.ts', '#lib/store/store.ts'],
] as const;

const allowed = [
  ['lib/oauth/ok.ts', '#lib/store/store.ts'],
  ['lib/http/ok.ts', '#lib/oauth/errors.ts'],
  ['components/wire/ok.ts', '#lib/guide/types.ts'],
  ['app/ok.ts', '#lib/server/views/consent.ts'],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'authwalk-lint-'));
let report = '';

beforeAll(() => {
  const config = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: undefined }));
  for (const [path, imported] of [...forbidden, ...allowed]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `import { thing } from '${imported}';\nexport const other = thing;\n`);
  }
  const biome = resolve('node_modules/@biomejs/biome/bin/biome');
  const done = spawnSync(
    process.execPath,
    [biome, 'lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  report = done.stdout + done.stderr;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(forbidden)('the lint refuses an import against the direction: %s → %s', (path) => {
  expect(report).toContain(`/${path},`);
});

test.each(allowed)('the lint lets an import downwards pass: %s → %s', (path) => {
  expect(report).not.toContain(`/${path},`);
});
