/**
 * The benchmarks. All servers run side by side and take turns, so that what the machine does
 * meanwhile falls on all of them; what is reported is ratios of medians.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startTimes } from './start.ts';
import { authwalk, oauth2MockServer, oidcProvider, type Target } from './targets.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 16;

interface Round {
  readonly rate: number;
  readonly p99: number;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function load(target: Target, options: { amount?: number } = {}): Promise<Round> {
  const result = await autocannon({
    url: target.tokenUrl,
    method: 'POST',
    connections: CONNECTIONS,
    body: target.body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...(options.amount ? { amount: options.amount } : { duration: SECONDS }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${target.name}: ${result.non2xx} answers were no success, ${result.errors} requests failed.`);
  return { rate: result.requests.average, p99: result.latency.p99 };
}

/** Resident memory in MiB, from the kernel. */
function residentMiB(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((row) => row.startsWith('VmRSS:'));
  return Number(line?.match(/\d+/)?.[0] ?? 0) / 1024;
}

const folder = mkdtempSync(join(tmpdir(), 'authwalk-bench-'));
const targets: Target[] = [];
try {
  targets.push(
    await authwalk(`file:${join(folder, 'tokens.db')}`),
    await authwalk(`file:${join(folder, 'recorded.db')}`, { sandbox: true }),
    await oauth2MockServer(),
    await oidcProvider(),
  );
  console.log(
    `Tokens from POST /oauth/token (client_credentials), ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each, taken in turns.\n`,
  );
  for (const target of targets) await load(target, { amount: 500 });
  const rounds = new Map<string, Round[]>(targets.map((target) => [target.name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) rounds.get(target.name)!.push(await load(target));
  }
  const own = rounds.get('authwalk')!;
  const ownRate = median(own.map((round) => round.rate));
  console.log('| server | tokens a second (median) | p99, ms (median) | authwalk is |');
  console.log('|---|---|---|---|');
  for (const target of targets) {
    const rate = median(rounds.get(target.name)!.map((round) => round.rate));
    const p99 = median(rounds.get(target.name)!.map((round) => round.p99));
    console.log(
      `| ${target.name} | ${rate.toFixed(0)} | ${p99.toFixed(1)} | ${(ownRate / rate).toFixed(2)} times as fast |`,
    );
  }
  const recorded = median(rounds.get('authwalk (recorded sandbox)')!.map((round) => round.rate));
  console.log(`\nRecording costs ${(100 * (1 - recorded / ownRate)).toFixed(1)} % of throughput.`);

  const subject = targets[0]!;
  const before = residentMiB(subject.pid);
  const memory: string[] = [];
  for (let batch = 1; batch <= 4; batch++) {
    await load(subject, { amount: 25_000 });
    memory.push(`${residentMiB(subject.pid).toFixed(0)} MiB after ${batch * 25_000}`);
  }
  console.log(`\nMemory: ${before.toFixed(0)} MiB before 100 000 more tokens; ${memory.join(', ')}.`);
} finally {
  await Promise.all(targets.map((target) => target.stop()));
  rmSync(folder, { recursive: true, force: true });
}
if (!process.argv.includes('--no-start')) await startTimes();
