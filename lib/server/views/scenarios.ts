/** What the catalogue of scenarios shows: from the data of `lib/config/scenarios`, ready for a page. */
import { type Scenario, scenarios } from '#lib/config/scenarios/index.ts';
import { type DriveStep, SCENARIO_GROUPS, type ScenarioGroup } from '#lib/config/scenarios/scenario.ts';
import { coded, type ScenarioEntry } from '#lib/live/scenarios.ts';
import { type RecordedRun, recordedRun, whyNoRun } from './scenario-runs.ts';

const GROUPS: Readonly<Record<ScenarioGroup, readonly [title: string, says: string]>> = {
  discovery: ['Discovery', 'How the client finds the servers'],
  registration: ['Registration', 'How the client gets an identity'],
  'authorization response': ['Authorization response', 'What comes back from the user'],
  tokens: ['Tokens', 'What the token endpoint gives'],
  scopes: ['Scopes', 'What may be done, and what needs more'],
  resource: ['Resource', 'What the MCP server accepts'],
  refresh: ['Refresh', 'How access is renewed'],
  device: ['Device', 'Signing in on another screen'],
  dpop: ['DPoP', 'Tokens bound to a key'],
  extensions: ['Extensions', 'Other ways to get a token'],
  faults: ['Faults', 'What servers and networks do on a bad day'],
  quirks: ['Quirks', 'What known servers do differently'],
};

export interface ScenarioSection {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly entries: readonly ScenarioEntry[];
}

export interface ScenarioView extends ScenarioEntry {
  readonly groupTitle: string;
  readonly conformingClient: string;
  readonly commonMistakes: readonly string[];
  readonly judgedBy: readonly string[];
  /** Why no rule judges it; null if one does. */
  readonly notJudged: Scenario['notJudged'];
  readonly spec: Scenario['spec'];
  /** The same as configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Why it cannot be started here; null if it can. */
  readonly why: string | null;
  readonly feature: string | null;
  /** What to do, in words. */
  readonly drive: readonly string[];
  /** What a conforming client does there; null if no run is recorded. */
  readonly run: RecordedRun | null;
  /** Why no run is recorded; null if one is. */
  readonly noRun: string | null;
  /** Seconds of waiting that it needs. */
  readonly waits: number;
  readonly siblings: readonly { readonly id: string; readonly title: string }[];
  readonly before: { readonly id: string; readonly title: string } | null;
  readonly after: { readonly id: string; readonly title: string } | null;
}

const slug = (group: ScenarioGroup): string => group.replaceAll(' ', '-');

function entryOf(one: Scenario): ScenarioEntry {
  return {
    id: one.id,
    title: one.title,
    group: slug(one.group),
    does: one.does,
    level: one.level,
    versions: one.versions,
    conformance: one.conformance,
    here: one.problems.length === 0,
    words: [
      ...one.commonMistakes,
      one.conformingClient,
      ...one.judgedBy,
      ...one.spec.map(({ doc, section }) => `${doc} ${section}`),
      ...Object.keys(one.config),
      one.conformance ?? '',
    ].join(' '),
  };
}

/** Every scenario as a line, in the order of the catalogue. */
export function scenarioEntries(): ScenarioEntry[] {
  return [...scenarios().values()].map(entryOf);
}

/** Its sentences for `Prose`, with names of the protocol marked. */
const inProse = <Entry extends { readonly title: string; readonly does: string }>(entry: Entry): Entry => ({
  ...entry,
  title: coded(entry.title),
  does: coded(entry.does),
});

/** The scenarios by group. */
export function scenarioSections(): ScenarioSection[] {
  const entries = scenarioEntries();
  return SCENARIO_GROUPS.map((group) => ({
    id: slug(group),
    title: GROUPS[group][0],
    says: GROUPS[group][1],
    entries: entries.filter((entry) => entry.group === slug(group)).map(inProse),
  })).filter((section) => section.entries.length > 0);
}

/** The groups, each with its scenarios by their identifiers. */
export function scenarioGroups(): { id: string; title: string; scenarios: string[] }[] {
  return scenarioSections().map(({ id, title, entries }) => ({ id, title, scenarios: entries.map((one) => one.id) }));
}

/** One step of a drive, in words. */
export function driveWords(step: DriveStep): string {
  if (step === 'connect') return 'connect, and sign in when asked';
  if (step === 'list') return 'list the tools';
  if (step === 'again') return 'do the same again';
  if (step === 'reconnect') return 'connect anew';
  if ('call' in step) return `call \`${step.call}\``;
  if ('wait' in step) return `wait ${step.wait} s`;
  if ('advance' in step) return `move the clock ${step.advance} s`;
  return step.decide === 'approve' ? 'approve' : 'refuse';
}

/** One scenario with everything its page says; null if there is none. */
export function scenarioView(id: string): ScenarioView | null {
  const all = [...scenarios().values()];
  const at = all.findIndex((one) => one.id === id);
  const one = all[at];
  if (!one) return null;
  const short = (other: Scenario | undefined) => (other ? { id: other.id, title: coded(other.title) } : null);
  return {
    ...inProse(entryOf(one)),
    groupTitle: GROUPS[one.group][0],
    conformingClient: coded(one.conformingClient),
    commonMistakes: one.commonMistakes.map(coded),
    judgedBy: one.judgedBy,
    notJudged: one.notJudged,
    spec: one.spec,
    config: one.problems.length === 0 ? one.config : one.configOwnOrigin,
    why: one.problems.length === 0 ? null : (one.hostingNote ?? one.problems[0]?.says ?? null),
    feature: one.feature,
    drive: one.drive.map(driveWords),
    run: recordedRun(one.id, one.config),
    noRun: whyNoRun(one.id),
    waits: one.drive.reduce((sum, step) => sum + (typeof step === 'object' && 'wait' in step ? step.wait : 0), 0),
    siblings: all.filter((other) => other.group === one.group).flatMap((other) => short(other) ?? []),
    before: short(all[at - 1]),
    after: short(all[at + 1]),
  };
}
