/** What the screens say of a report: which rules are shown, in which order, and in which words. Pure. */

import { tellingScenarios } from '#lib/coach/formats/words.ts';
import type {
  BriefReport,
  ClientInfo,
  Evidence,
  Report,
  RuleWords,
  RunSummary,
  SilenceInfo,
  Summary,
  Verdict,
} from '#lib/coach/types.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

export type { BriefReport, Evidence, Report, RuleWords, RunSummary, Summary, Verdict };
export type Silence = SilenceInfo & {
  /** Likeliest reasons first; only if the client is wrong. */
  readonly causes?: readonly { readonly cause: string; readonly look_at?: string }[];
};
export type ReportClient = ClientInfo;

/** What a tick, a row and a figure show. */
export type MarkName = 'fail' | 'warn' | 'pass' | 'so-far' | 'unseen';

export const markOf = ({ verdict, so_far }: Pick<Verdict, 'verdict' | 'so_far'>): MarkName =>
  verdict === 'pass' ? (so_far ? 'so-far' : 'pass') : verdict === 'not_observed' ? 'unseen' : verdict;

/** How a mark is called. */
export const markWords: Readonly<Record<MarkName, string>> = {
  fail: 'fail',
  warn: 'warning',
  pass: 'pass',
  'so-far': 'pass so far',
  unseen: 'not observed',
};

/** Reasons for which a rule is counted and not drawn: it is for other clients. */
const ELSEWHERE: ReadonlySet<string> = new Set(['other-revision', 'other-kind']);

export const applies = ({ reason }: Verdict): boolean => reason === null || !ELSEWHERE.has(reason.code);

const PHASES: Readonly<Record<string, string>> = {
  discovery: 'Discovery',
  registration: 'Registration',
  authorize: 'Authorization',
  token: 'Token',
  resource: 'Resource',
  refresh: 'Refresh',
  device: 'Device',
  dpop: 'DPoP',
  security: 'Security',
};

export const phaseTitle = (phase: string): string =>
  PHASES[phase] ?? `${phase.charAt(0).toUpperCase()}${phase.slice(1)}`;

export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly verdicts: readonly Verdict[];
  /** Those that pass. */
  readonly passed: readonly Verdict[];
  /** How many of them have been observed. */
  readonly seen: number;
}

/** The rules that apply, by phase, in the order of the catalogue. */
export function phasesOf(verdicts: readonly Verdict[]): Phase[] {
  const byPhase = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (!applies(verdict)) continue;
    const own = byPhase.get(verdict.phase);
    if (own) own.push(verdict);
    else byPhase.set(verdict.phase, [verdict]);
  }
  return [...byPhase].map(([id, own]) => ({
    id,
    title: phaseTitle(id),
    verdicts: own,
    passed: own.filter(({ verdict }) => verdict === 'pass'),
    seen: own.filter(({ verdict }) => verdict !== 'not_observed').length,
  }));
}

const NO_WORDS: RuleWords = { clauses: [], why: '', fix: '' };
const NO_CLAUSE = { doc: '', section: '', url: '' };

/**
 * Makes what gives brief reports the words of their rules. A verdict that is the same object as before stays the same.
 * @param words by rule; null: they have not been asked for, and nothing that would show them is open
 */
export function wordsGiver(words: Readonly<Record<string, RuleWords>> | null): (brief: BriefReport) => Report {
  const verdictOf = remembering((verdict: BriefReport['verdicts'][number]): Verdict => {
    const own = words?.[verdict.rule] ?? NO_WORDS;
    return { ...verdict, ...own, clause: own.clauses[0] ?? NO_CLAUSE, url: `/reference/rules#rule-${verdict.rule}` };
  });
  const verdictsOf = remembering((verdicts: BriefReport['verdicts']) => verdicts.map(verdictOf));
  return (brief) => ({ ...brief, verdicts: verdictsOf(brief.verdicts) });
}

function remembering<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const known = new WeakMap<From, To>();
  return (from) => {
    const made = known.get(from) ?? make(from);
    known.set(from, made);
    return made;
  };
}

/**
 * A report with the verdicts of the one before if nothing has changed, so that a page draws only what has.
 * @param before the report that is shown
 */
export function keepSame(before: BriefReport | null, after: BriefReport): BriefReport {
  if (!before) return after;
  const known = new Map(before.verdicts.map((verdict) => [verdict.rule, verdict]));
  const verdicts = after.verdicts.map((verdict) => {
    const old = known.get(verdict.rule);
    return old && JSON.stringify(old) === JSON.stringify(verdict) ? old : verdict;
  });
  const same = verdicts.length === before.verdicts.length && verdicts.every((one, at) => one === before.verdicts[at]);
  return { ...after, verdicts: same ? before.verdicts : verdicts };
}

/** Failures first, then warnings, each in the order of the catalogue. */
export function findingsOf(verdicts: readonly Verdict[]): Verdict[] {
  return [
    ...verdicts.filter(({ verdict }) => verdict === 'fail'),
    ...verdicts.filter(({ verdict }) => verdict === 'warn'),
  ];
}

/** How many rules are for other clients. */
export const elsewhere = (verdicts: readonly Verdict[]): number =>
  verdicts.filter((verdict) => !applies(verdict)).length;

export interface Unseen {
  /** Scenarios that would show rules, the most telling first, each with the rules that it adds. */
  readonly scenarios: readonly { readonly id: string; readonly rules: readonly Verdict[] }[];
  /** Rules that wait for a time to pass. */
  readonly waiting: readonly Verdict[];
  /** Rules that only a closed run can tell. */
  readonly open: readonly Verdict[];
  /** Everything else that has not been observed, with its reason. */
  readonly others: readonly Verdict[];
}

/** What has not been observed, by what to do about it. */
export function unseenOf(verdicts: readonly Verdict[]): Unseen {
  const unseen = verdicts.filter((verdict) => verdict.verdict === 'not_observed' && applies(verdict));
  const startable = ({ reason }: Verdict) => reason?.fits && reason.scenarios.length > 0;
  const waiting = unseen.filter(({ reason }) => reason?.code === 'waiting');
  const open = unseen.filter(({ reason }) => reason?.code === 'open');
  const left = new Set(unseen.filter((one) => startable(one) && !waiting.includes(one) && !open.includes(one)));
  const others = unseen.filter((one) => !left.has(one) && !waiting.includes(one) && !open.includes(one));
  return { scenarios: tellingScenarios(left), waiting, open, others };
}

/** How the client is called. */
export function clientWords(report: Pick<Report, 'client'>): string {
  const { client } = report;
  return client?.name ?? client?.client_ids[0] ?? 'This client';
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
export const count = (n: number): string => NUMBERS[n] ?? String(n);
const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/**
 * What a browser keeps of a run of a scenario: the rules that the scenario asks for, and others that were found broken.
 * @param page path of the page that it was run from
 * @returns null if there is nothing yet, or no scenario
 */
export function scenarioRunOf(report: Report, page: string) {
  const scenario = report.scenarios.at(-1);
  if (scenario === undefined || report.client === null || report.run?.last == null) return null;
  const asked = report.verdicts.filter(({ rule }) => report.summary.asked.includes(rule));
  const others = findingsOf(report.verdicts).filter((one) => !asked.includes(one));
  return {
    scenario,
    page,
    client: clientWords(report),
    at: report.generated_at,
    verdicts: [...asked, ...others].map((one) => {
      const mark = markOf(one);
      return [one.title, mark === 'so-far' ? ('pass' as const) : mark] as const;
    }),
  };
}

/** The verdict of the whole, after the name of the client: "breaks one rule". */
export function headline({ summary, run }: Pick<Report, 'summary'> & Partial<Pick<Report, 'run'>>): string {
  if (run === null || (summary.pass === 0 && summary.fail === 0 && summary.warn === 0)) return 'has not been seen yet';
  if (summary.fail > 0) return `breaks ${plural(summary.fail, 'rule')}`;
  if (summary.warn > 0) return `keeps every rule, and leaves out ${plural(summary.warn, 'recommendation')}`;
  return 'keeps every rule that was observed';
}

/** How a revision is called. */
export const revisionWords = (revision: string | null): string =>
  revision === null ? 'revision not known yet' : /^\d/.test(revision) ? `MCP ${revision}` : 'OAuth without MCP';

/** Who was judged, as what, and whether the run is over. */
export function runWords(report: Pick<Report, 'client' | 'revision' | 'run' | 'final' | 'scenarios'>): string {
  if (report.run === null) return 'nothing has arrived yet';
  const closed = report.run.closed_at;
  return [
    clientWords(report),
    revisionWords(report.revision.value),
    `run ${report.run.id.replace(/^r/, '')}`,
    closed ? `closed ${timeOfDay(closed)}` : 'open',
  ].join(', ');
}

/** Where a piece of evidence stands: "form", "header". */
export function placeWords({ part, pointer }: Evidence): string {
  const side = pointer.startsWith('/response') ? 'response' : pointer.startsWith('/request') ? 'request' : '';
  const where = part
    ? { query: 'query', form: 'form', header: 'header', json: 'JSON', jwt: 'JWT', body: 'body' }
    : null;
  return [side, where && part ? where[part.in] : ''].filter(Boolean).join(', ');
}

/** What is said of a piece of evidence, unless it only repeats the name of the part that stands beside it. */
export const saidOf = ({ says, part }: Pick<Evidence, 'says' | 'part'>): string | null =>
  says && says !== part?.name ? says : null;

/** A finding as the text of an issue: what happened, the clause, the evidence, the fix, and the address. */
export function issueText(verdict: Verdict, report: Pick<Report, 'client' | 'revision' | 'sandbox'>): string {
  const plain = (text: string) => text.trim();
  return [
    `## ${verdict.says ?? verdict.title}`,
    '',
    `\`${verdict.rule}\` (${verdict.in_force ?? verdict.level}), ${clientWords(report)}, ` +
      `${revisionWords(report.revision.value)}`,
    '',
    ...(verdict.clause
      ? [`Clause: [${verdict.clause.doc}, ${verdict.clause.section}](${verdict.clause.url})`, '']
      : []),
    ...(verdict.evidence.length > 0 ? ['Evidence:', ''] : []),
    ...verdict.evidence.map(({ seq, part, got, expected, says }) =>
      plain(
        [
          `- exchange ${seq}: ${says}`,
          ...(part ? [`\`${part.name}\``] : []),
          ...(got ? [`got \`${got}\``] : []),
          ...(expected ? [`expected \`${expected}\``] : []),
        ].join(', '),
      ),
    ),
    ...(verdict.evidence.length > 0 ? [''] : []),
    ...(verdict.why ? [`Why: ${verdict.why}`, ''] : []),
    ...(verdict.fix ? [`Fix: ${verdict.fix}`, ''] : []),
    `Seen by Authwalk: ${report.sandbox.inspect_url.replace(/#.*/, '')}#rule-${verdict.rule}`,
    '',
  ].join('\n');
}
