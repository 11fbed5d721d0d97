/** A run as data, and how it compares with an earlier one. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Flows } from './flows.ts';
import type { Machine } from './measure.ts';
import type { StartTimes } from './start.ts';

export interface Measured {
  readonly version: string;
  readonly rate: number;
  readonly p99: number;
  readonly processor: number;
}

export interface Result {
  readonly at: string;
  readonly machine: Machine;
  /** By server; `authwalk` is the first. */
  readonly tokens: Readonly<Record<string, Measured>>;
  /** Percent of processor time that recording adds. */
  readonly recording: number;
  /** MiB after each further 25 000 tokens. */
  readonly memory: readonly number[];
  /** Absent in results of earlier versions, like what follows. */
  readonly flows?: Flows;
  /** What was measured: the commit, with `+` if files differ from it; null outside a clone. */
  readonly commit?: string | null;
  /** null: not measured. */
  readonly start?: StartTimes | null;
}

/** Percent by which a figure may be worse before it counts: runs on a busy machine differ by this much. */
const NOISE = 10;

/**
 * Prints how a run compares with an earlier one, in terms of the machine's own signature speed, so that runs on
 * different machines, or on a busy one, can be told from a slower commit.
 * @param file of the earlier run, as `--json FILE` writes it
 * @returns whether authwalk is slower by more than the noise
 */
export function compare(file: string, now: Result): boolean {
  const before = JSON.parse(readFileSync(file, 'utf8')) as Result;
  const scale = now.machine.signature / before.machine.signature;
  console.log(`\nCompared with ${before.at} (signatures take ${scale.toFixed(2)} times as long now):\n`);
  console.log('| what | processor time, µs | before, on this machine | change |');
  console.log('|---|---|---|---|');
  const slower: string[] = [];
  for (const [name, processor] of costsOf(now)) {
    const earlier = costsOf(before).get(name);
    if (earlier === undefined) continue;
    const expected = earlier * scale;
    const change = 100 * (processor / expected - 1);
    const shown = `${change > 0 ? '+' : ''}${change.toFixed(1)} %`;
    if (name.startsWith('authwalk') && change > NOISE) slower.push(`${name} (${shown})`);
    console.log(`| ${name} | ${processor.toFixed(0)} | ${expected.toFixed(0)} | ${shown} |`);
  }
  const [here, there] = [now, before].map(({ commit }) => commit ?? 'a version that is not known');
  console.log(
    slower.length === 0
      ? `\n${here} is not slower than ${there}.`
      : `\n${here} is slower than ${there} by more than ${NOISE} %: ${slower.join(', ')}.`,
  );
  return slower.length > 0;
}

/** The commit of this clone, with `+` if files differ from it; null outside a clone. */
export function commitHere(): string | null {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short', 'HEAD');
  if (status !== 0) return null;
  return stdout.trim() + (git('status', '--porcelain', '--untracked-files=no').stdout === '' ? '' : '+');
}

/** µs of processor time by what they were spent on; what is Authwalk's own begins with its name. */
function costsOf({ tokens, flows }: Result): ReadonlyMap<string, number> {
  const costs = new Map(Object.entries(tokens).map(([name, { processor }]) => [`${name}: token`, processor]));
  for (const [name, steps] of Object.entries(flows?.steps ?? {}))
    for (const [step, { processor }] of Object.entries(steps)) costs.set(`${name}: ${step} of a flow`, processor);
  if (flows) costs.set('authwalk: flow in process', flows.inProcess);
  return costs;
}
