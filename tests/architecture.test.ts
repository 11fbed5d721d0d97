import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What the linter says of a file with this content at this place; nothing is written. */
function lint(path: string, content: string): string {
  const done = spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'lint', `--stdin-file-path=${path}`], { input: content, encoding: 'utf8' });
  return done.stdout + done.stderr;
}

test.each([
  ['lib/store/x.ts', '#lib/oauth/errors.ts'],
  ['lib/oauth/x.ts', '#lib/http/app.ts'],
  ['lib/oauth/grants/x.ts', '../../http/app.ts'],
  ['lib/oauth/x.ts', 'next/server'],
  ['lib/mcp/x.ts', 'kysely'],
  ['lib/http/x.ts', '#lib/server/container.ts'],
  ['lib/http/x.ts', 'react'],
  ['lib/guide/x.ts', '#lib/oauth/errors.ts'],
  ['lib/guide/x.ts', 'node:fs'],
  ['components/wire/x.ts', '#lib/store/store.ts'],
  ['lib/spec/x.ts', '#lib/oauth/errors.ts'],
  ['app/x.ts', '#lib/store/store.ts'],
])('an import against the direction fails the lint: %s → %s', (path, imported) => {
  expect(lint(path, `import { thing } from '${imported}';\nexport const other = thing;\n`)).toContain('noRestrictedImports');
});

test.each([
  ['lib/oauth/x.ts', '#lib/store/store.ts'],
  ['lib/http/x.ts', '#lib/oauth/errors.ts'],
  ['components/wire/x.ts', '#lib/guide/types.ts'],
  ['app/x.ts', '#lib/server/views/consent.ts'],
])('an import downwards passes: %s → %s', (path, imported) => {
  expect(lint(path, `import { thing } from '${imported}';\nexport const other = thing;\n`)).not.toContain('noRestrictedImports');
});
