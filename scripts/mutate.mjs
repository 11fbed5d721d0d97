/**
 * `npm run mutate [-- --each] [NAME …]`: takes out each check of `lib/oauth/checks` and `lib/mcp/checks` in turn, with
 * `--each` every single refusal in it, and expects a test to fail. Ends with 1 if one can go unnoticed.
 *
 * A name is that of a file, with its room (`oauth/code-alive`) or without (`code-alive`).
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const rooms = [
  'lib/oauth',
  'lib/mcp',
  'tests/attacks',
  'tests/requirements',
  'tests/clients.test.ts',
  'tests/clients-authorization.test.ts',
  'tests/mcp-negotiation.test.ts',
  'tests/mix-ups.test.ts',
];
const vitest = (tests, env, options = []) =>
  run([binOf('vitest'), 'run', '--reporter=dot', ...options, ...tests], {
    env: { NODE_ENV: 'test', ...env },
    quiet: true,
  });

// Only a test that reaches a refusal can notice that it is gone: one run with everything in place says which do.
const folder = mkdtempSync(join(tmpdir(), 'authwalk-mutate-'));
if (vitest(rooms, { AUTHWALK_REFUSALS_TO: folder }) !== 0) {
  console.error('A test fails with every check in place: mend that first.');
  process.exit(1);
}
const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
rmSync(folder, { recursive: true });
/** The tests that reach a refusal, or one of a check; those that reach few come first, as they are about it. */
const reaching = (name) =>
  files
    .filter(({ reached }) => reached.some((one) => one === name || one.startsWith(`${name}:`)))
    .sort((one, other) => one.reached.length - other.reached.length)
    .map(({ test }) => test);

const unnoticed = [];
for (const name of mutations) {
  const tests = reaching(name);
  const noticed = tests.some((test) => vitest([test], { AUTHWALK_WITHOUT_CHECK: name }, ['--bail=1']) !== 0);
  console.log(`${noticed ? 'noticed  ' : 'UNNOTICED'}  ${name}${tests.length === 0 ? ', which no test reaches' : ''}`);
  if (!noticed) unnoticed.push(name);
}
console.log(
  `\n${mutations.length - unnoticed.length} of ${mutations.length} ${each ? 'refusals' : 'checks'} are held by a test.`,
);
process.exit(unnoticed.length === 0 ? 0 : 1);
