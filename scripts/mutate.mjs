/**
 * `npm run mutate [-- --each] [NAME …]`: takes out each check of `lib/oauth/checks` and `lib/mcp/checks` in turn, with
 * `--each` every single refusal in it, and expects a test to fail. Ends with 1 if one can go unnoticed.
 *
 * A name is that of a file, with its room (`oauth/code-alive`) or without (`code-alive`).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, ensureInstalled, root, run } from './lib/toolchain.mjs';

ensureInstalled();
const each = process.argv.includes('--each');
const named = process.argv.slice(2).filter((argument) => argument !== '--each');
const mutations = ['oauth', 'mcp']
  .flatMap((room) => {
    const folder = join(root, 'lib', room, 'checks');
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => ({
        file: file.slice(0, -3),
        name: `${room}/${file.slice(0, -3)}`,
        text: readFileSync(join(folder, file), 'utf8'),
      }));
  })
  .map(({ file, name, text }) => ({
    file,
    name,
    refusals: /^export const \w+: (?:Async)?Check</m.test(text) ? (text.match(/\bthrow (?!error)/g)?.length ?? 0) : 0,
  }))
  .filter(
    ({ file, name, refusals }) => refusals > 0 && (named.length === 0 || named.includes(name) || named.includes(file)),
  )
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
      'tests/clients.test.ts',
      'tests/mix-ups.test.ts',
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
