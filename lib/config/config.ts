/**
 * How a sandbox behaves, knob by knob. Strict by default; what is lenient is lenient by name.
 *
 * The name of a knob is a path (`refresh.rotate`). A configuration may be written flat or nested; here it is
 * flat. Lists and maps replace the default as a whole.
 */
import type { z } from 'zod';
import type { Knob, RefusedWhere } from './knob.ts';
import { knobs } from './knobs/index.ts';
import { plainly } from './plainly.ts';

type Knobs = typeof knobs;
export type KnobName = keyof Knobs;

/** The whole behaviour of a sandbox, defaults filled in. */
export type SandboxConfig = { readonly [K in KnobName]: z.output<Knobs[K]['schema']> };

/** What an owner set: the knobs that differ from their defaults. */
export type ConfigOverrides = Partial<SandboxConfig>;

/** What an owner may write, under flat names. */
export type KnobInput = { readonly [K in KnobName]?: z.input<Knobs[K]['schema']> };

/** Names of all knobs, for documents and messages. */
export const knobNames = Object.keys(knobs) as KnobName[];

/** What is said of a knob. */
export const knobOf = (name: KnobName): Knob => knobs[name] as unknown as Knob;

/** Whether a name is that of a knob. */
export const isKnob = (name: string): name is KnobName => Object.hasOwn(knobs, name);

/** Knobs that nothing obeys yet, at any setting. */
export const notBuilt: ReadonlySet<KnobName> = new Set(knobNames.filter((name) => knobOf(name).notBuilt === true));

/** Where a configuration is to act: some values are refused by name in some places. */
export interface ConfigPlace {
  readonly isPublic: boolean;
  /** Whether it is for the sandbox `default`. */
  readonly isDefault: boolean;
  /** Whether the sandbox is alone on its origin. */
  readonly ownOrigin: boolean;
}

/** A sandbox that is refused nothing for its place. */
const ANYWHERE: ConfigPlace = { isPublic: false, isDefault: false, ownOrigin: true };

/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  /** Name of the knob; empty if the whole configuration is meant. */
  readonly knob: string;
  readonly problem: 'unknown' | 'not-built' | 'invalid' | 'refused-here';
  readonly says: string;
}

/** Every knob at its default. */
export const defaults: SandboxConfig = Object.freeze(
  Object.fromEntries(knobNames.map((name) => [name, knobOf(name).default])),
) as SandboxConfig;

/** What a preset sets beside its clients and users. */
const PRESETS: Readonly<Record<SandboxConfig['preset'], ConfigOverrides>> = {
  none: {},
  'node-oauth2-server': { legacyGrants: true, 'tokens.format': 'opaque' },
  'rust-oauth2-server': {
    'authorize.pkce': 'optional',
    limits: {
      authorize: { requests: 10, seconds: 60, per: 'address' },
      token: { requests: 20, seconds: 60, per: 'client' },
      introspect: { requests: 100, seconds: 60, per: 'client' },
      '*': { requests: 100, seconds: 60, per: 'address' },
    },
  },
  'auth0-device': { 'device.errorStatus': 403 },
};

/** The defaults, overlaid by what was set. @param overrides as {@link parseConfig} returned them */
export function resolveConfig(overrides: ConfigOverrides): SandboxConfig {
  return { ...defaults, ...PRESETS[overrides.preset ?? 'none'], ...overrides };
}

/**
 * Reads what an owner sends as `config`, flat or nested.
 * @param place where it is to act; without it nothing is refused for its place
 * @returns the overrides under flat names, or everything that is wrong with them
 */
export function parseConfig(
  input: unknown,
  place: ConfigPlace = ANYWHERE,
): { ok: true; overrides: ConfigOverrides } | { ok: false; faults: ConfigFault[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const says = 'A configuration is a JSON object of knobs.';
    return { ok: false, faults: [{ knob: '', problem: 'invalid', says }] };
  }
  const flat: Record<string, unknown> = {};
  flatten(input as Record<string, unknown>, '', flat);
  const faults: ConfigFault[] = [];
  const overrides: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const read = readKnob(name, value, place);
    if (read.ok) overrides[name] = read.value;
    else faults.push(...read.faults);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, overrides: overrides as ConfigOverrides };
}

/** Values that a place refuses; the place is asked with each change, because an instance can become public later. */
export function refusedHere(overrides: ConfigOverrides, place: ConfigPlace): ConfigFault[] {
  return Object.entries(overrides).flatMap(([name, value]) =>
    (knobOf(name as KnobName).refused ?? [])
      .filter(({ where, refuses }) => isPlace(place, where) && refuses(value))
      .map(({ says }) => ({ knob: name, problem: 'refused-here' as const, says })),
  );
}

type Read = { ok: true; value: unknown } | { ok: false; faults: ConfigFault[] };

function readKnob(name: string, value: unknown, place: ConfigPlace): Read {
  const wrong = (problem: ConfigFault['problem'], says: string): Read => ({
    ok: false,
    faults: [{ knob: name.slice(0, 100), problem, says }],
  });
  if (!isKnob(name)) return wrong('unknown', `There is no knob with the name ${JSON.stringify(name.slice(0, 100))}.`);
  const { schema, notBuilt: missing } = knobOf(name);
  if (missing === true) return wrong('not-built', `The knob ${name} is not built yet.`);
  const parsed = schema.safeParse(value, { error: plainly });
  if (!parsed.success) return wrong('invalid', issuesOf(name, parsed.error));
  if (missing?.includes(parsed.data))
    return wrong('not-built', `${name}: ${JSON.stringify(parsed.data)} is not built yet.`);
  const refused = refusedHere({ [name]: parsed.data }, place);
  if (refused.length > 0) return { ok: false, faults: refused };
  const inStages = name === 'stages' ? stageFaults(parsed.data as SandboxConfig['stages'], place) : [];
  return inStages.length > 0 ? { ok: false, faults: inStages } : { ok: true, value: parsed.data };
}

/** What is wrong with a value, at most five points of it: where, and what is taken there. */
function issuesOf(name: string, error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${[name, ...path.map(String)].join('.')}: ${message.slice(0, 300)}.`)
    .join(' ');
}

/** What is wrong with the knobs that stages set. */
function stageFaults(stages: SandboxConfig['stages'], place: ConfigPlace): ConfigFault[] {
  return stages.flatMap(({ set }, index) => {
    const problem = (says: string): ConfigFault[] => [
      { knob: 'stages', problem: 'invalid', says: `stages.${index}: ${says}` },
    ];
    if (set === undefined) return [];
    if (Object.keys(set).some((name) => name === 'stages' || name === 'preset'))
      return problem('set cannot change stages or the preset.');
    const read = parseConfig(set, place);
    return read.ok ? [] : problem(read.faults.map(({ says }) => says).join(' '));
  });
}

function isPlace(place: ConfigPlace, where: RefusedWhere): boolean {
  if (where === 'public') return place.isPublic;
  if (where === 'public-default') return place.isPublic && place.isDefault;
  return !place.ownOrigin;
}

/** Writes the knobs of a nested configuration under their flat names. */
function flatten(value: Readonly<Record<string, unknown>>, prefix: string, into: Record<string, unknown>): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix + key;
    const isRoom = !isKnob(name) && knobNames.some((knob) => knob.startsWith(`${name}.`));
    if (isRoom && typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      flatten(inner as Record<string, unknown>, `${name}.`, into);
    else into[name] = inner;
  }
}
