/** Which scenarios a plan takes a client through, and why the others are left out. */
import { scenario as scenarioById, type Scenario, scenarios } from '#lib/config/scenarios/index.ts';
import { type Feature, type Revision, SCENARIO_GROUPS } from '#lib/config/scenarios/scenario.ts';

/** Features that a client has unless the plan says otherwise. */
const USUAL_FEATURES: readonly Feature[] = ['cimd', 'pre-registered', 'refresh'];

export interface PlanWishes {
  readonly revision: Revision;
  /** Left out: all but device, DPoP and the three extensions. */
  readonly features?: readonly Feature[] | undefined;
  /** Ids or groups; left out: all. */
  readonly scenarios?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** Whether each sandbox is alone on its origin. */
  readonly ownOrigin: boolean;
}

/** A scenario that was looked at. @see Choice.why null: it is chosen */
export interface Choice {
  readonly scenario: Scenario;
  readonly why: string | null;
}

/** Names that are neither the id of a scenario nor a group. */
export function unknownNames(names: readonly string[]): string[] {
  const groups: readonly string[] = SCENARIO_GROUPS;
  return names.filter((name) => !groups.includes(name) && scenarioById(name) === undefined);
}

/** The scenarios that were asked for, each with the reason if it is left out. The conforming one comes first. */
export function chooseScenarios({ revision, features, scenarios: wanted, skip = [], ownOrigin }: PlanWishes): Choice[] {
  const names = (list: readonly string[], one: Scenario): boolean =>
    list.includes(one.group) || list.some((name) => scenarioById(name)?.id === one.id);
  const has = new Set<Feature>(features ?? USUAL_FEATURES);
  return [...scenarios().values()]
    .filter((one) => wanted === undefined || names(wanted, one))
    .map((one) => ({ scenario: one, why: whyNot(one) }));

  function whyNot(one: Scenario): string | null {
    if (names(skip, one)) return 'It was asked to be skipped.';
    if (!one.versions.includes(revision)) {
      const kinds = one.versions.map((version) => (version === 'oauth' ? 'clients without MCP' : version)).join(', ');
      return `It is for ${kinds}.`;
    }
    if (one.feature !== null && !has.has(one.feature)) return `It needs the feature ${one.feature}.`;
    const [problem] = ownOrigin ? one.problemsOwnOrigin : one.problems;
    return problem === undefined ? null : problem.says;
  }
}
