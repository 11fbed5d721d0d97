/**
 * The budgets of the kit: what a test waits for, and what `authwalk` takes to start. Measured on the package if
 * `npm run package` has built it, else on the sources, which says so. Each figure is the median of several runs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measure.ts';
import { freePort } from './targets.ts';

const root = join(import.meta.dirname, '..');
const packaged = existsSync(join(root, 'dist', 'web', 'dist', 'testing.js'));
const entry = packaged ? join(root, 'dist', 'web', 'dist', 'testing.js') : join(root, 'kit', 'testing', 'index.ts');
const command = packaged ? join(root, 'dist', 'bin', 'authwalk.cjs') : join(root, 'bin', 'authwalk.cjs');
const quiet = '--disable-warning=ExperimentalWarning';
const RUNS = 5;

interface InProcess {
  readonly load: number;
  readonly create: number;
  readonly further: number;
  readonly signed: number;
  readonly memory: number;
}

/** What a test waits for, in a process of its own. */
const CODE = `
  const resident = () => process.memoryUsage.rss() / 2 ** 20;
  const before = resident();
  const timed = async (work) => {
    const began = performance.now();
    const value = await work();
    return [performance.now() - began, value];
  };
  const [load, { createAuthwalk }] = await timed(() => import(process.argv[1]));
  const [create, authwalk] = await timed(() => createAuthwalk());
  const memory = resident() - before;
  await authwalk.sandbox();
  const times = [];
  for (let at = 0; at < 20; at++) times.push((await timed(() => authwalk.sandbox()))[0]);
  const [signed] = await timed(async () => (await authwalk.sandbox({ config: { 'tokens.alg': 'RS256' } })).token());
  await authwalk.close();
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ load, create, further: times[10], signed, memory }));
`;

function inProcess(): InProcess {
  const done = spawnSync(process.execPath, [quiet, '--input-type=module', '-e', CODE, entry], {
    cwd: root,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as InProcess;
}

/** ms from the command to the first answer of `/ready`. */
async function start(): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [command, 'serve', '--memory', '-p', String(port)], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return performance.now() - began;
      if (performance.now() - began > 60_000) throw new Error('The server was not ready within 60 s.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/**
 * The comparison as users have it: the package lies in `node_modules`, where Vitest takes it as it is. Sources, or a
 * package anywhere else, would be transformed first.
 * @returns a folder to remove afterwards, below which Vitest and the peer are found too
 */
function comparisonFolder(): string {
  const results = join(root, 'test-results');
  mkdirSync(results, { recursive: true });
  const folder = mkdtempSync(join(results, 'comparison-'));
  cpSync(join(root, 'examples', 'comparison'), join(folder, 'comparison'), { recursive: true });
  cpSync(join(root, 'examples', 'notes-client.js'), join(folder, 'notes-client.js'));
  if (!packaged) return folder;
  // A package of its own: else `authwalk` would be the clone itself.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const installed = join(folder, 'node_modules', 'authwalk');
  for (const part of ['package.json', join('web', 'dist')])
    cpSync(join(root, 'dist', part), join(installed, part), { recursive: true });
  return folder;
}

/** Seconds of a Vitest run over one file of the comparison. */
function compared(folder: string, name: string): number {
  const began = performance.now();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const done = spawnSync(
    process.execPath,
    [quiet, vitest, 'run', '--root', folder, '--testTimeout', '30000', `comparison/${name}.test.ts`],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'test' },
    },
  );
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
  return (performance.now() - began) / 1_000;
}

/** Seconds of `check -j 4` over all scenarios with the SDK's client. */
function checked(): number {
  const began = performance.now();
  const failures = ['--expected-failures', 'examples/check/expected-failures.yaml'];
  const client = ['--', process.execPath, 'examples/check/sdk-client.mjs'];
  const done = spawnSync(process.execPath, [command, 'check', '-j', '4', ...failures, ...client], {
    cwd: root,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error((done.stdout + done.stderr).slice(-2_000));
  return (performance.now() - began) / 1_000;
}

const rows: [what: string, goal: number, got: number, unit: string][] = [];
const rounds = Array.from({ length: RUNS }, inProcess);
const of = (figure: keyof InProcess) => median(rounds.map((round) => round[figure]));
rows.push(["import 'authwalk/testing'", 150, of('load'), 'ms']);
rows.push(['createAuthwalk() once imported', 50, of('create'), 'ms']);
rows.push(['a further sandbox', 5, of('further'), 'ms']);
rows.push(['a sandbox with RS256, and its first token', 50, of('signed'), 'ms']);
rows.push(["memory over Node's own", 100, of('memory'), 'MiB']);
const starts: number[] = [];
for (let at = 0; at < RUNS; at++) starts.push(await start());
rows.push(['authwalk to /ready', 1_000, median(starts), 'ms']);
const folder = comparisonFolder();
const ours: number[] = [];
const peers: number[] = [];
try {
  for (let at = 0; at < RUNS; at++) {
    peers.push(compared(folder, 'oauth2-mock-server'));
    ours.push(compared(folder, 'authwalk'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
rows.push(['the three tests of the comparison', median(peers) + 0.5, median(ours), 's']);
if (process.argv.includes('--check')) rows.push(['check -j 4, all scenarios, the SDK client', 90, checked(), 's']);

console.log(
  `\nThe kit, ${packaged ? 'as it is packed' : 'from its sources: npm run package builds what is measured'}.\n`,
);
console.log('| | goal | median | |\n|---|---|---|---|');
const shown = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
for (const [what, goal, got, unit] of rows)
  console.log(`| ${what} | ≤ ${shown(goal)} ${unit} | ${shown(got)} ${unit} | ${got <= goal ? 'kept' : 'MISSED'} |`);
