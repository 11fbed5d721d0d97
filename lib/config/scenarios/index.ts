/** The scenarios: named sets of knobs, as data. A new one is an entry in the file of its group. */
import { type ConfigFault, type ConfigOverrides, parseConfig } from '../config.ts';
import { authorizationResponse } from './authorization-response.ts';
import type { Citation } from './clauses.ts';
import { device } from './device.ts';
import { discovery } from './discovery.ts';
import { protectedResource } from './protected-resource.ts';
import { dpop } from './dpop.ts';
import { extensions } from './extensions.ts';
import { faults } from './faults.ts';
import { quirks } from './quirks.ts';
import { refresh } from './refresh.ts';
import { registration } from './registration.ts';
import { resource } from './resource.ts';
import {
  type DriveStep,
  type Feature,
  type NotJudged,
  type Revision,
  type ScenarioEntry,
  type ScenarioGroup,
  USUAL_DRIVE,
} from './scenario.ts';
import { scopes } from './scopes.ts';
import { tokens } from './tokens.ts';

const entries = {
  ...discovery,
  ...protectedResource,
  ...registration,
  ...authorizationResponse,
  ...tokens,
  ...scopes,
  ...resource,
  ...refresh,
  ...device,
  ...dpop,
  ...extensions,
  ...faults,
  ...quirks,
};

/** Ids of all scenarios. */
export type ScenarioId = keyof typeof entries;

/** A scenario, with its knobs read for sandboxes that share their origin and for one that is alone on it. */
export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  readonly group: ScenarioGroup;
  readonly does: string;
  readonly conformingClient: string;
  readonly commonMistakes: readonly string[];
  readonly judgedBy: readonly string[];
  /** Why no rule judges it; null if one does. */
  readonly notJudged: NotJudged | null;
  readonly spec: readonly Citation[];
  readonly level: ScenarioEntry['level'];
  readonly versions: readonly Revision[];
  /** Name in the MCP conformance suite. */
  readonly conformance: string | null;
  readonly conformanceStatus: 'released' | 'proposed' | null;
  readonly hosting: 'yes' | 'variant' | 'no';
  readonly hostingNote: string | null;
  readonly feature: Feature | null;
  readonly drive: readonly DriveStep[];
  /** Knobs below a path of a shared origin. */
  readonly config: ConfigOverrides;
  /** Knobs on an origin of its own. */
  readonly configOwnOrigin: ConfigOverrides;
  /** Why it cannot be started on a shared origin; empty if it can. */
  readonly problems: readonly ConfigFault[];
  /** Why it cannot be started on an origin of its own; empty if it can. */
  readonly problemsOwnOrigin: readonly ConfigFault[];
}

let library: ReadonlyMap<string, Scenario> | undefined;

/** All scenarios by id, read once in a process, when one is first asked for. */
export function scenarios(): ReadonlyMap<string, Scenario> {
  library ??= new Map(
    Object.entries<ScenarioEntry & { readonly group: ScenarioGroup }>(entries).map(([id, entry]) => [
      id,
      scenarioOf(id as ScenarioId, entry),
    ]),
  );
  return library;
}

const SHARED = { isPublic: false, isDefault: false, ownOrigin: false };
const OWN = { isPublic: false, isDefault: false, ownOrigin: true };
const NEEDS_OWN_ORIGIN: ConfigFault = {
  knob: '',
  problem: 'refused-here',
  says: 'It needs a sandbox that is alone on its origin: run it under authwalk check or createAuthwalk.',
};

function scenarioOf(id: ScenarioId, entry: ScenarioEntry & { readonly group: ScenarioGroup }): Scenario {
  const {
    knobs,
    knobsOwnOrigin = knobs,
    conformance,
    hosting = 'yes',
    hostingNote,
    feature,
    notJudged,
    ...rest
  } = entry;
  const shared = parseConfig(knobs, hosting === 'no' ? OWN : SHARED);
  const own = parseConfig(knobsOwnOrigin, OWN);
  return {
    ...rest,
    id,
    notJudged: notJudged ?? null,
    conformance: conformance?.name ?? null,
    conformanceStatus: conformance?.status ?? null,
    hosting,
    hostingNote: hostingNote ?? null,
    feature: feature ?? null,
    drive: entry.drive ?? USUAL_DRIVE,
    config: shared.ok ? shared.overrides : {},
    configOwnOrigin: own.ok ? own.overrides : {},
    problems: [...(hosting === 'no' ? [NEEDS_OWN_ORIGIN] : []), ...(shared.ok ? [] : shared.faults)],
    problemsOwnOrigin: own.ok ? [] : own.faults,
  };
}

/** The scenario with this id; also takes the name that the MCP conformance suite gives it. */
export function scenario(id: string): Scenario | undefined {
  return scenarios().get(id) ?? scenarios().get(id.replace(/^auth\//, ''));
}

/**
 * The knobs of a scenario.
 * @param id null: none; an id that no longer exists has none either
 * @param ownOrigin whether the sandbox is alone on its origin
 */
export function scenarioConfig(id: string | null, ownOrigin = false): ConfigOverrides {
  const found = id === null ? undefined : scenarios().get(id);
  return (ownOrigin ? found?.configOwnOrigin : found?.config) ?? {};
}
