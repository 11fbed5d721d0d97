import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Whether the rule on imports lets this line stand in a file at this place; nothing is written. */
function allows(path: string, imported: string): boolean {
  const done = spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'lint', '--only=style/noRestrictedImports', `--stdin-file-path=${path}`], {
    input: `import { thing } from '${imported}';\nexport const other = thing;\n`, encoding: 'utf8',
  });
  return done.status === 0;
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
  expect(allows(path, imported)).toBe(false);
});

test.each([
  ['lib/oauth/x.ts', '#lib/store/store.ts'],
  ['lib/http/x.ts', '#lib/oauth/errors.ts'],
  ['components/wire/x.ts', '#lib/guide/types.ts'],
  ['app/x.ts', '#lib/server/views/consent.ts'],
])('an import downwards passes: %s → %s', (path, imported) => {
  expect(allows(path, imported)).toBe(true);
});
