/**
 * `npm run test:all`: what is too heavy for `npm test`, one stage after the other, each with its time. Run it before a
 * release. `--only NAME` runs one stage, `--list` names them.
 */
import { ensureInstalled, run } from './lib/toolchain.mjs';

const SDK = ['node', 'examples/check/sdk-client.mjs'];
/** Name, what it shows, minutes on two quiet cores, and the commands, each of which has to end with 0. */
const stages = [
  ['test', 'everything that npm test runs', 12, [['scripts/test.mjs']]],
  [
    'every way',
    'each track, lab and level in Chromium by mouse, by keyboard alone and at 360 px',
    12,
    [['scripts/e2e.mjs', '--every-way', 'e2e/tracks.spec.ts', 'e2e/labs.spec.ts', 'e2e/levels.spec.ts']],
  ],
  [
    'package',
    'the package, installed under the Node of the clone, and under 22.16',
    4,
    [['scripts/package-test.mjs'], ['scripts/package-test.mjs', '--built', '--node', '22.16.0']],
  ],
  ['image', 'the container image, built and started without a daemon', 4, [['scripts/image.mjs', '--packaged']]],
  ['action', 'the steps of the action for GitHub, as a runner runs them', 1, [['scripts/action.mjs']]],
  [
    'scenarios',
    'all scenarios with a client of the official SDK: its known failures, and no other',
    4,
    [
      [
        '--disable-warning=ExperimentalWarning',
        'kit/cli/main.ts',
        'check',
        '-j',
        '2',
        '--expected-failures',
        'examples/check/expected-failures.yaml',
        '-o',
        'authwalk-results',
        '--',
        ...SDK,
      ],
    ],
  ],
  [
    'suite',
    'the server of the MCP conformance suite beside ours, with the same client: known differences, and no other',
    3,
    [['tests/coach/beside-suite.mjs']],
  ],
  [
    'parallel',
    'forty Playwright tests side by side, five times',
    6,
    Array.from({ length: 5 }, () => ['scripts/examples.mjs', '--repeat', '40']),
  ],
  [
    'instances',
    'two instances on PostgreSQL, and two workers on a SQLite file, three times',
    4,
    Array.from({ length: 3 }, () => [
      'scripts/unit.mjs',
      'tests/instances.test.ts',
      'tests/instance-races.test.ts',
      'tests/outage.test.ts',
      'tests/workers.test.ts',
      'tests/worker-races.test.ts',
    ]),
  ],
];

const minutesOf = (some) => some.reduce((sum, [, , minutes]) => sum + minutes, 0);
if (process.argv.includes('--list')) {
  for (const [name, shows, minutes] of stages)
    console.log(`${name.padEnd(11)} ${String(minutes).padStart(2)} min  ${shows}`);
  process.exit(0);
}
ensureInstalled();
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
let passed = 0;
let failed = 0;
const chosen = stages.filter(([name]) => only === null || name === only);
if (chosen.length === 0) {
  console.error(`There is no stage ${only}. There are: ${stages.map(([name]) => name).join(', ')}.`);
  process.exit(2);
}
console.log(
  `${chosen.map(([name]) => name).join(', ')}: about ${minutesOf(chosen)} minutes on two quiet cores. ` +
    '--only NAME runs one of them.',
);
for (const [name, shows, , commands] of chosen) {
  console.log(`\n── ${name}: ${shows}`);
  const began = Date.now();
  const ok = commands.every((command) => run(command) === 0);
  console.log(`── ${name}: ${ok ? 'passed' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  if (ok) passed++;
  else failed++;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
