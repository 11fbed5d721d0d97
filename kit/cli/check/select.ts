/** Which scenarios a client is taken through. */
import { type Scenario, scenario as findScenario, scenarios } from '#lib/config/scenarios/index.ts';
import {
  FEATURES,
  type DriveStep,
  type Feature,
  type NotJudged,
  REVISIONS,
  type Revision,
  SCENARIO_GROUPS,
} from '#lib/config/scenarios/scenario.ts';
import { used } from '../exit.ts';

/** Features that a command-line client is not taken to have, unless it is said. */
const RARE: ReadonlySet<Feature> = new Set(['device', 'dpop', 'client-credentials', 'enterprise', 'workload']);
/** What a client without MCP is judged as. */
export const OAUTH = 'oauth';
/** The scenario in which nothing is unusual. It runs first, and it is about every rule. */
export const CONFORMING = 'conforming';

export interface Selection {
  /** Ids, globs, or the names of the conformance suite. */
  readonly scenario?: readonly string[];
  readonly group?: readonly string[];
  readonly feature?: readonly string[];
  readonly revision: string;
  /** The client is no MCP client. */
  readonly oauth: boolean;
  /** Whether each sandbox is alone on its origin. */
  readonly ownOrigin: boolean;
}

/** A group as a heading. */
export const groupTitle = (group: string): string =>
  group === 'dpop' ? 'DPoP' : `${group[0]!.toUpperCase()}${group.slice(1)}`;

/** One scenario to run. */
export interface ScenarioChoice {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** The name in the released conformance suite. */
  readonly conformance: string | null;
  /** Ids of the rules that it is about; empty if no rule can tell. */
  readonly judgedBy: readonly string[];
  /** Why no rule can tell, and where a person looks instead; null if one can. */
  readonly notJudged: NotJudged | null;
  readonly drive: readonly DriveStep[];
  /** Whether the scenario itself decides what the user says. */
  readonly decidesConsent: boolean;
  /** Seconds that the scenario itself holds the client back, at most. */
  readonly heldBack: number;
}

export interface Selected {
  readonly chosen: readonly ScenarioChoice[];
  /** Left out although it was asked for by name or by group, with the reason. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
}

/** `*` stands for any characters. */
function globOf(pattern: string): RegExp {
  const source = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`);
}

/**
 * Chooses.
 * @throws CommandError for ids, groups, features and revisions that do not exist
 */
export function selectScenarios(selection: Selection): Selected {
  const { group = [], feature = [], revision, oauth, ownOrigin } = selection;
  const version = oauth ? OAUTH : revision;
  if (!REVISIONS.includes(version as Revision) || (!oauth && version === OAUTH))
    used(`--revision takes ${REVISIONS.filter((one) => one !== OAUTH).join(', ')}.`);
  const groups = new Set(group.map(groupOf));
  const features = new Set(feature.map(featureOf));
  const named = selection.scenario === undefined ? null : idsOf(selection.scenario);
  const chosen: ScenarioChoice[] = [];
  const left: { id: string; why: string }[] = [];
  for (const one of scenarios().values()) {
    const asked = named?.has(one.id) ?? false;
    if (named !== null && !asked) continue;
    if (groups.size > 0 && !groups.has(one.group)) continue;
    const why = whyNot(one, version, features, asked, ownOrigin);
    if (why === null) chosen.push(choiceOf(one, ownOrigin));
    else left.push({ id: one.id, why });
  }
  return { chosen, left };
}

/** The scenario that a client gets through before any other says something. */
export function conforming(ownOrigin: boolean): ScenarioChoice {
  return choiceOf(scenarios().get(CONFORMING)!, ownOrigin);
}

function whyNot(
  { versions, feature, hosting, problems, problemsOwnOrigin }: Scenario,
  version: string,
  features: ReadonlySet<Feature>,
  asked: boolean,
  ownOrigin: boolean,
): string | null {
  if (!versions.includes(version as Revision))
    return version === OAUTH ? 'it is about MCP' : `it is not for ${version}`;
  if (features.size > 0 && !asked) {
    if (feature === null || !features.has(feature)) return 'it needs none of the features that were named';
  } else if (feature !== null && RARE.has(feature) && !asked) return `it needs a client with the feature ${feature}`;
  const faults = ownOrigin ? problemsOwnOrigin : problems;
  if (faults.length === 0) return null;
  return hosting === 'no' && !ownOrigin
    ? 'it needs a sandbox that is alone on its origin'
    : faults.map(({ says }) => says).join(' ');
}

function choiceOf(one: Scenario, ownOrigin: boolean): ScenarioChoice {
  const config: Readonly<Record<string, unknown>> = ownOrigin ? one.configOwnOrigin : one.config;
  const waits = one.drive.reduce((sum, step) => sum + (typeof step === 'object' && 'wait' in step ? step.wait : 0), 0);
  return {
    id: one.id,
    title: one.title,
    group: one.group,
    conformance: one.conformanceStatus === 'released' ? one.conformance : null,
    judgedBy: one.judgedBy,
    notJudged: one.notJudged,
    drive: one.drive,
    decidesConsent: Object.keys(config).some((knob) => knob.startsWith('consent.')),
    heldBack: waits + delaysOf(config),
  };
}

/** Seconds of all delays that the knobs script. */
function delaysOf(config: unknown): number {
  if (typeof config !== 'object' || config === null) return 0;
  return Object.entries(config).reduce((sum, [name, value]) => {
    if (typeof value === 'number' && /(?:delay|hang)_ms$/.test(name)) return sum + value / 1000;
    if (typeof value === 'number' && /delay$/i.test(name)) return sum + value;
    return sum + delaysOf(value);
  }, 0);
}

function idsOf(patterns: readonly string[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.includes('*')) {
      const glob = globOf(pattern);
      const found = [...scenarios().values()]
        .filter(({ id, conformance }) => glob.test(id) || (conformance !== null && glob.test(conformance)))
        .map(({ id }) => id);
      if (found.length === 0) used(`--scenario ${pattern}: no scenario has such a name. --list prints them.`);
      for (const id of found) ids.add(id);
      continue;
    }
    const found = findScenario(pattern) ?? [...scenarios().values()].find(({ conformance }) => conformance === pattern);
    if (found === undefined) used(`--scenario ${pattern}: there is no such scenario. --list prints them.`);
    ids.add(found.id);
  }
  return ids;
}

function groupOf(name: string): string {
  const found = SCENARIO_GROUPS.find(
    (one) => one === name.toLowerCase() || one.replaceAll(' ', '-') === name.toLowerCase(),
  );
  return found ?? used(`--group ${name}: the groups are ${SCENARIO_GROUPS.join(', ')}.`);
}

function featureOf(name: string): Feature {
  return (
    FEATURES.find((one) => one === name.toLowerCase()) ??
    used(`--feature ${name}: the features are ${FEATURES.join(', ')}.`)
  );
}
