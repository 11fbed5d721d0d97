/**
 * `npm run mutate [-- --each] [NAME …]`: takes out each check of `lib/oauth/checks` in turn, with
 * `--each` every single refusal in it, and expects a test to fail. Ends with 1 where one can go
 * unnoticed.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, ensureInstalled, root, run } from './lib/toolchain.mjs';

ensureInstalled();
const folder = join(root, 'lib', 'oauth', 'checks');
const each = process.argv.includes('--each');
const named = process.argv.slice(2).filter((argument) => argument !== '--each');
const mutations = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => ({
    name: file.slice(0, -3),
    refusals: readFileSync(join(folder, file), 'utf8').match(/\bthrow (?!error)/g)?.length ?? 0,
  }))
  .filter(({ name, refusals }) => refusals > 0 && (named.length === 0 || named.includes(name)))
  .flatMap(({ name, refusals }) => (each ? Array.from({ length: refusals }, (_, i) => `${name}:${i + 1}`) : [name]));

const unnoticed = [];
for (const name of mutations) {
  const status = run(
    [
      binOf('vitest'),
      'run',
      '--bail=1',
      '--reporter=dot',
      'lib/oauth',
      'lib/mcp',
      'tests/attacks',
      'tests/requirements',
    ],
    { env: { NODE_ENV: 'test', AUTHWALK_WITHOUT_CHECK: name }, quiet: true },
  );
  console.log(`${status === 0 ? 'UNNOTICED' : 'noticed  '}  ${name}`);
  if (status === 0) unnoticed.push(name);
}
console.log(
  `\n${mutations.length - unnoticed.length} of ${mutations.length} ${each ? 'refusals' : 'checks'} are held by a test.`,
);
process.exit(unnoticed.length === 0 ? 0 : 1);
