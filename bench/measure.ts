/** What is measured of one server, and of the machine. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

export interface Round {
  /** Tokens a second. */
  readonly rate: number;
  /** ms. */
  readonly p99: number;
  /** µs of processor time a token: user and system, the whole process. */
  readonly processor: number;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Ticks a second in `/proc/PID/stat`: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Processor time that a process has taken so far, all its threads, in µs. */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program can hold spaces; what follows its bracket does not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS;
}

/** Resident memory in MiB, from the kernel. */
export function residentMiB(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((row) => row.startsWith('VmRSS:'));
  return Number(line?.match(/\d+/)?.[0] ?? 0) / 1024;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  /** µs of processor time for an ES256 signature of 500 bytes in DER: the yardstick for runs on other machines. */
  readonly signature: number;
}

/** What a figure of this run is to be seen beside. */
export function machine(): Machine {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const input = Buffer.alloc(500, 'x');
  const many = (count: number) => {
    for (let at = 0; at < count; at += 1) sign('sha256', input, privateKey);
  };
  many(500);
  const before = process.cpuUsage();
  many(4000);
  const { user, system } = process.cpuUsage(before);
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    signature: Math.round((10 * (user + system)) / 4000) / 10,
  };
}

/** The version of an installed package. */
export function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    // Packages need not export their package.json.
    const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
}
