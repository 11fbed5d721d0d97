/**
 * `node scripts/action.mjs`: plays the runner of GitHub. Takes the steps of `action.yml` as they stand, gives them
 * their inputs, and runs them by bash, for a client that passes and one that does not. `npx authwalk@VERSION` is this
 * clone.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { nodeEnv, root } from './lib/toolchain.mjs';
import { check, endOfChecks } from './lib/checks.mjs';

/** What GitHub takes of a step's summary, in bytes. */
const MOST_SUMMARY = 1024 * 1024;

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'authwalk-action-'));
const shims = join(folder, 'bin');
mkdirSync(shims);
// npx --yes authwalk@VERSION …
const shim = `#!/bin/bash
[ "$1" = --yes ] && shift
echo "$1" >> "${folder}/asked"
shift
exec node ${root}/bin/authwalk.cjs "$@"
`;
writeFileSync(join(shims, 'npx'), shim);
chmodSync(join(shims, 'npx'), 0o755);

/** Replaces `${{ inputs.name }}`; another expression is a mistake here. */
const filled = (text, inputs) =>
  String(text).replaceAll(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, name) => {
    if (!(name in inputs)) throw new Error(`action.yml asks for the input ${name}, which it does not declare.`);
    return inputs[name];
  });

/** Runs the steps as the runner does: bash, stopped at the first that fails, but for `if: always()`. */
function play(name, given) {
  console.log(`── ${name}`);
  const place = join(folder, name.replaceAll(/\W+/g, '-'));
  mkdirSync(place);
  const summary = join(place, 'summary.md');
  writeFileSync(summary, '');
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([key, { default: value = '' }]) => [key, value]),
  );
  const all = { ...inputs, ...given };
  let status = 0;
  let out = '';
  for (const step of action.runs.steps) {
    if (status !== 0 && step.if !== 'always()') continue;
    if (step.uses !== undefined) {
      check(`${step.uses} finds ${step.with.path}`, existsSync(join(place, step.with.path)));
      continue;
    }
    if (/\$\{\{/.test(step.run)) throw new Error('A script holds an expression: inputs come in by the environment.');
    const variables = Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value, all)]);
    const env = nodeEnv({ ...Object.fromEntries(variables), GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
    env.PATH = `${shims}${delimiter}${env.PATH}`;
    const script = join(place, 'step.sh');
    writeFileSync(script, step.run);
    const command = ['--noprofile', '--norc', '-e', '-o', 'pipefail', script];
    const done = spawnSync('bash', command, { cwd: place, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
    out += done.stdout + done.stderr;
    status = done.status ?? 1;
  }
  return { status, out, place, summary: readFileSync(summary, 'utf8'), size: statSync(summary).size };
}

const client = `node ${join(root, 'examples', 'check', 'sdk-client.mjs')}`;
try {
  const good = play('a client that passes', { command: client, scenarios: 'conforming iss-wrong-issuer' });
  check('it ends with 0', good.status === 0, good.out.slice(-2_000));
  check(
    'the summary holds the figures',
    /\*\*\d passed\*\*, 0 failed/.test(good.summary) && good.size <= MOST_SUMMARY,
    good.summary,
  );
  for (const file of ['junit.xml', 'check.json'])
    check(`${file} is kept`, existsSync(join(good.place, 'authwalk-results', file)));
  const { scenarios } = JSON.parse(readFileSync(join(good.place, 'authwalk-results', 'check.json'), 'utf8'));
  check('both scenarios were run', scenarios?.length === 2, JSON.stringify(scenarios)?.slice(0, 200));
  check(
    'the version that was asked for is latest',
    readFileSync(join(folder, 'asked'), 'utf8') === 'authwalk@latest\n',
  );

  const bad = play('a client with a known failure', { command: client, scenarios: 'code-wrong', version: '1.2.3' });
  check('it ends with 1', bad.status === 1, `${bad.status} ${bad.out.slice(-2_000)}`);
  check('an annotation names the rule', /^::error [^\n]*token\.code-once/m.test(bad.out), bad.out.slice(-2_000));
  check('the summary names it, too', bad.summary.includes('token.code-once'));
  check(
    'the version is the one that was asked for',
    /authwalk@1\.2\.3\n$/.test(readFileSync(join(folder, 'asked'), 'utf8')),
  );

  const known = play('a known failure that is expected', {
    command: client,
    scenarios: 'code-wrong',
    'expected-failures': join(root, 'examples', 'check', 'expected-failures.yaml'),
  });
  check('it ends with 0', known.status === 0, known.out.slice(-2_000));

  const hostile = play('a command with shell characters', {
    command: `node -e "console.log('a b')" '; touch pwned; $(touch pwned)' "x'y"`,
    scenarios: 'conforming',
  });
  check('nothing of it is run by the shell', !existsSync(join(hostile.place, 'pwned')));
  check(
    'a client that reaches nothing ends with 3',
    hostile.status === 3,
    `${hostile.status} ${hostile.out.slice(-800)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
endOfChecks();
