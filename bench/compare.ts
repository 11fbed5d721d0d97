/** A run as data, and how it compares with an earlier one. */
import { readFileSync } from 'node:fs';
import type { Machine } from './measure.ts';

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
  console.log('| server | processor time a token, µs | before, on this machine | change |');
  console.log('|---|---|---|---|');
  let slower = false;
  for (const [name, { processor }] of Object.entries(now.tokens)) {
    const earlier = before.tokens[name];
    if (earlier === undefined) continue;
    const expected = earlier.processor * scale;
    const change = 100 * (processor / expected - 1);
    if (name === 'authwalk' && change > NOISE) slower = true;
    const shown = `${change > 0 ? '+' : ''}${change.toFixed(1)} %`;
    console.log(`| ${name} | ${processor.toFixed(0)} | ${expected.toFixed(0)} | ${shown} |`);
  }
  console.log(slower ? `\nauthwalk is slower by more than ${NOISE} %.` : '\nauthwalk is not slower.');
  return slower;
}
