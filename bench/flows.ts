/** Whole flows, in turn with oidc-provider: processor time and rate of each step. */
import { join } from 'node:path';
import { STEPS, type StepName, takeAll, Walker } from './flow.ts';
import { median, processorTime } from './measure.ts';
import { authwalkFlow, type FlowTarget, inProcessFlow, oidcProviderFlow } from './targets.ts';

/** Walkers of one round, and connections that they share. */
const WALKERS = Number(process.env.BENCH_FLOWS ?? 400);
const CONNECTIONS = 16;

export interface Step {
  /** µs of processor time, of the server. */
  readonly processor: number;
  /** Steps a second. */
  readonly rate: number;
}

export interface Flows {
  /** By server, then by step. */
  readonly steps: Readonly<Record<string, Partial<Record<StepName, Step>>>>;
  /** µs of processor time of a flow in one process, client and server. */
  readonly inProcess: number;
}

/** What oidc-provider has too: the call of the MCP server is Authwalk's alone. */
const SHARED: readonly StepName[] = ['registration', 'authorization', 'token'];

async function round(target: FlowTarget, count: number): Promise<Partial<Record<StepName, Step>>> {
  const server = await target.round();
  const walkers = Array.from({ length: count }, () => new Walker(server, fetch));
  const taken: Partial<Record<StepName, Step>> = {};
  for (const step of STEPS) {
    if (step === 'MCP call' && server.mcp === null) continue;
    const began = performance.now();
    const before = processorTime(target.pid);
    await takeAll(walkers, step, CONNECTIONS);
    const processor = (processorTime(target.pid) - before) / count;
    taken[step] = { processor, rate: (1000 * count) / (performance.now() - began) };
  }
  return taken;
}

/**
 * Measures and prints the flows.
 * @param folder for the database
 * @param rounds that the servers take in turn
 */
export async function measureFlows(folder: string, rounds: number): Promise<Flows> {
  const targets: FlowTarget[] = [];
  const steps: Record<string, Partial<Record<StepName, Step>>> = {};
  try {
    targets.push(await authwalkFlow(`file:${join(folder, 'flows.db')}`), await oidcProviderFlow());
    const all = new Map(targets.map(({ name }) => [name, [] as Partial<Record<StepName, Step>>[]]));
    for (const target of targets) await round(target, WALKERS);
    for (let at = 0; at < rounds; at += 1)
      for (const target of targets) all.get(target.name)!.push(await round(target, WALKERS));
    for (const [name, each] of all) steps[name] = mediansOf(each);
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
  const inProcess = await inProcessFlow();
  print(steps, inProcess);
  return { steps, inProcess };
}

function mediansOf(rounds: readonly Partial<Record<StepName, Step>>[]): Partial<Record<StepName, Step>> {
  const taken = STEPS.filter((step) => rounds[0]?.[step] !== undefined);
  const of = (step: StepName, figure: keyof Step) => median(rounds.map((round) => round[step]![figure]));
  return Object.fromEntries(taken.map((step) => [step, { processor: of(step, 'processor'), rate: of(step, 'rate') }]));
}

function print(steps: Flows['steps'], inProcess: number): void {
  const [own, other] = [steps.authwalk!, steps['oidc-provider']!];
  console.log(`\nWhole flows, ${WALKERS} clients at ${CONNECTIONS} connections, recorded and stored:\n`);
  console.log('| step | authwalk, µs | oidc-provider, µs | ours is | authwalk, a second | oidc-provider, a second |');
  console.log('|---|---|---|---|---|---|');
  for (const step of STEPS) {
    const [ours, theirs] = [own[step]!, other[step]];
    console.log(
      `| ${step} | ${ours.processor.toFixed(0)} | ${theirs?.processor.toFixed(0) ?? '–'} ` +
        `| ${theirs ? `${(ours.processor / theirs.processor).toFixed(2)} of it` : '–'} ` +
        `| ${ours.rate.toFixed(0)} | ${theirs?.rate.toFixed(0) ?? '–'} |`,
    );
  }
  const sum = (of: Partial<Record<StepName, Step>>) => SHARED.reduce((all, step) => all + of[step]!.processor, 0);
  console.log(
    `| ${SHARED.join(', ')} | ${sum(own).toFixed(0)} | ${sum(other).toFixed(0)} ` +
      `| ${(sum(own) / sum(other)).toFixed(2)} of it | | |`,
  );
  console.log(`\nIn one process, without sockets, a whole flow takes ${(inProcess / 1000).toFixed(2)} ms.`);
}
