/** A fault as an owner sends it to the control API. */
import type { ConfigOverrides } from '#lib/config/config.ts';
import { type Fault, faultSchema } from '#lib/config/fault.ts';
import { plainly } from '#lib/config/plainly.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { addressesOf, fillText } from '../placeholders.ts';
import { judgeLocation } from './location.ts';
import { MOST_STATES, MOST_STATES_IN_ALL, patternProblem, statesOf } from './match.ts';

/**
 * Reads a fault as an owner sends it.
 * @returns the fault, or what is wrong with it
 */
export async function readFault(
  input: unknown,
  tenant: Tenant,
): Promise<{ ok: true; fault: Fault } | { ok: false; says: string }> {
  const read = faultSchema.safeParse(input, { error: plainly });
  if (!read.success)
    return {
      ok: false,
      says: read.error.issues
        .slice(0, 10)
        .map((issue) => `${issue.path.map(String).join('.') || 'fault'}: ${issue.message}`)
        .join('; '),
    };
  const says = (await faultProblem(read.data, tenant)) ?? (await tooLargeBeside(read.data, tenant));
  return says === null ? { ok: true, fault: read.data } : { ok: false, says };
}

/** Why the patterns of a fault are too large beside those that the sandbox has; null if they are not. */
async function tooLargeBeside(fault: Fault, tenant: Tenant): Promise<string | null> {
  if (patternsOf(fault).length === 0) return null;
  const others = (await tenant.store.listFaults()).map((one) => one.fault as unknown as Fault);
  const states = await statesOfAll([...others, fault]);
  const large = tooLarge(states, 'The patterns of all faults of this sandbox come', MOST_STATES_IN_ALL);
  return large === null ? null : `match: ${large}`;
}

async function statesOfAll(faults: readonly Fault[]): Promise<number> {
  let states = 0;
  for (const fault of faults) for (const { pattern } of patternsOf(fault)) states += await statesOf(pattern);
  return states;
}

function tooLarge(states: number, what: string, most: number): string | null {
  return states <= most ? null : `${what} to ${states} states; ${most} are allowed. Bound its repetitions lower.`;
}

/** The patterns of a fault, each with its place. */
function patternsOf({ match = {} }: Fault): { readonly path: string; readonly pattern: string }[] {
  const { parameters = {}, headers = {}, ...own } = match;
  const places = { match: own, 'match.parameters': parameters, 'match.headers': headers };
  return Object.entries(places).flatMap(([path, values]) =>
    Object.entries(values).flatMap(([name, value]) => {
      const pattern = patternOf(value);
      return pattern === null ? [] : [{ path: `${path}.${name}`, pattern }];
    }),
  );
}

/**
 * Why a well-formed fault could not act: its `Location` leads elsewhere, or the engine does not take a pattern of it.
 * @param redirectUris further ones that count as registered
 * @returns null if it can act
 */
async function faultProblem(
  fault: Fault,
  tenant: Tenant,
  redirectUris: readonly string[] = [],
): Promise<string | null> {
  const location = Object.entries(fault.effect.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location !== undefined) {
    const verdict = await judgeLocation(fillText(location, addressesOf(tenant)), tenant, redirectUris);
    if (verdict === 'foreign')
      return 'effect.headers.Location: must lead to this server, to loopback, or to a registered redirect URI';
  }
  for (const { path, pattern } of patternsOf(fault)) {
    const problem = await patternProblem(pattern);
    if (problem !== null) return `${path}: ${problem}`;
    const large = tooLarge(await statesOf(pattern), 'The pattern comes', MOST_STATES);
    if (large !== null) return `${path}: ${large}`;
  }
  const large = tooLarge(await statesOfAll([fault]), 'The patterns of the fault come', MOST_STATES);
  return large === null ? null : `match: ${large}`;
}

function patternOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { matches, otherThan } = value as { matches?: unknown; otherThan?: unknown };
  return typeof matches === 'string' ? matches : typeof otherThan === 'string' ? otherThan : null;
}

/**
 * The same of the faults that a configuration begins with, or that a stage of it sets.
 * @param further redirect URIs that count as registered, beside those of its clients
 * @returns the knob and what is wrong with it; null if all can act
 */
export async function configuredProblem(
  { faults = [], stages = [], clients = [] }: ConfigOverrides,
  tenant: Tenant,
  further: readonly string[] = [],
): Promise<{ readonly knob: 'faults' | 'stages'; readonly says: string } | null> {
  const redirectUris = [...further, ...clients.flatMap((client) => client.redirect_uris ?? [])];
  const all = [
    ...faults.map((fault, at) => ({ knob: 'faults' as const, path: `faults.${at}`, fault })),
    ...stages.flatMap(({ set }, at) =>
      ((set?.faults ?? []) as unknown as readonly Fault[]).map((fault, index) => ({
        knob: 'stages' as const,
        path: `stages.${at}.set.faults.${index}`,
        fault,
      })),
    ),
  ];
  for (const { knob, path, fault } of all) {
    const says = await faultProblem(fault, tenant, redirectUris);
    if (says !== null) return { knob, says: `${path}.${says}` };
  }
  const states = await statesOfAll(all.map(({ fault }) => fault));
  const says = tooLarge(states, 'The patterns of the configuration come', MOST_STATES_IN_ALL);
  return says === null ? null : { knob: faults.length > 0 ? 'faults' : 'stages', says };
}
