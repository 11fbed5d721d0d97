/**
 * The benchmarks. All servers run side by side and take turns, so that what the machine does meanwhile falls on all of
 * them; what is reported is ratios of medians. `--json FILE` keeps the result, `--compare FILE` compares with a kept
 * one and fails if authwalk is slower by more than the noise.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { commitHere, compare, type Measured, type Result } from './compare.ts';
import { measureFlows } from './flows.ts';
import { machine, median, processorTime, residentMiB, type Round } from './measure.ts';
import { startTimes } from './start.ts';
import { authwalk, oauth2MockServer, oidcProvider, type Target } from './targets.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 16;
/** Pairs of rounds, without and with recording, and seconds of each. A few per cent are less than rounds differ by. */
const PAIRS = 12;
const PAIR_SECONDS = 2;
/** Batches of 25 000 tokens after which memory is looked at: 400 000 in all. */
const BATCHES = 16;

/** The value of `--NAME VALUE`. */
function option(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
}

async function load(target: Target, options: { amount?: number; seconds?: number } = {}): Promise<Round> {
  const before = processorTime(target.pid);
  const result = await autocannon({
    url: target.tokenUrl,
    method: 'POST',
    connections: CONNECTIONS,
    body: target.body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...(options.amount ? { amount: options.amount } : { duration: options.seconds ?? SECONDS }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${target.name}: ${result.non2xx} answers were no success, ${result.errors} requests failed.`);
  return {
    rate: result.requests.average,
    p99: result.latency.p99,
    processor: (processorTime(target.pid) - before) / result['2xx'],
  };
}

/**
 * How much more processor time a recorded token takes, in per cent: the median of the ratios of neighbouring rounds.
 * Each of the two goes first in half of the pairs, so that what the machine does meanwhile falls on both.
 */
async function recordingCost(plain: Target, recorded: Target): Promise<number> {
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const order = pair % 2 === 0 ? [plain, recorded] : [recorded, plain];
    const costs = new Map<Target, number>();
    for (const target of order) costs.set(target, (await load(target, { seconds: PAIR_SECONDS })).processor);
    ratios.push(costs.get(recorded)! / costs.get(plain)!);
  }
  return 100 * (median(ratios) - 1);
}

const folder = mkdtempSync(join(tmpdir(), 'authwalk-bench-'));
const targets: Target[] = [];
try {
  targets.push(
    await authwalk(`file:${join(folder, 'tokens.db')}`),
    await authwalk(`file:${join(folder, 'recorded.db')}`, 'root'),
    await authwalk(`file:${join(folder, 'sandbox.db')}`, 'sandbox'),
    await oauth2MockServer(),
    await oidcProvider(),
  );
  console.log(
    `Tokens from POST /oauth/token (client_credentials), ${CONNECTIONS} connections, ${ROUNDS} rounds of ` +
      `${SECONDS} s each, taken in turns.\n`,
  );
  for (const target of targets) await load(target, { amount: 500 });
  const rounds = new Map<string, Round[]>(targets.map((target) => [target.name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) rounds.get(target.name)!.push(await load(target));
  }
  const medianOf = (name: string, figure: keyof Round) => median(rounds.get(name)!.map((round) => round[figure]));
  const tokens: Record<string, Measured> = {};
  for (const { name, version } of targets)
    tokens[name] = {
      version,
      rate: medianOf(name, 'rate'),
      p99: medianOf(name, 'p99'),
      processor: medianOf(name, 'processor'),
    };
  const own = tokens.authwalk!;
  const yardstick = machine();
  console.log(
    `${yardstick.processor}, ${yardstick.cores} cores, Node ${yardstick.node}; ` +
      `an ES256 signature takes ${yardstick.signature} µs.\n`,
  );
  console.log('| server | processor time a token, µs | ours is | tokens a second | ours is | p99, ms |');
  console.log('|---|---|---|---|---|---|');
  for (const [name, { version, rate, p99, processor }] of Object.entries(tokens))
    console.log(
      `| ${name} ${version} | ${processor.toFixed(0)} | ${(own.processor / processor).toFixed(2)} of it ` +
        `| ${rate.toFixed(0)} | ${(own.rate / rate).toFixed(2)} times | ${p99.toFixed(1)} |`,
    );
  const recording = await recordingCost(targets[0]!, targets[1]!);
  console.log(
    `\nRecording takes ${recording.toFixed(1)} % more processor time, in the median of ${PAIRS} pairs of rounds.`,
  );

  const subject = targets[0]!;
  const before = residentMiB(subject.pid);
  const memory: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    await load(subject, { amount: 25_000 });
    memory.push(Math.round(residentMiB(subject.pid)));
  }
  console.log(
    `\nMemory: ${before.toFixed(0)} MiB before ${BATCHES * 25} 000 more tokens; ` +
      `after each further 25 000: ${memory.join(', ')} MiB.`,
  );
  await Promise.all(targets.splice(0).map((target) => target.stop()));
  const flows = await measureFlows(folder, ROUNDS);
  const start = process.argv.includes('--no-start') ? null : await startTimes();
  const result: Result = {
    at: new Date().toISOString(),
    commit: commitHere(),
    machine: yardstick,
    tokens,
    recording,
    memory,
    flows,
    start,
  };
  const json = option('json');
  if (json !== null) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  const earlier = option('compare');
  if (earlier !== null && compare(earlier, result)) process.exitCode = 1;
} finally {
  await Promise.all(targets.map((target) => target.stop()));
  rmSync(folder, { recursive: true, force: true });
}
