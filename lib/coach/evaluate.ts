/** One rule over one run: whether it applies, what it found, and whether that may be laid to this client. */
import { none } from './findings.ts';
import { inForce } from './revision.ts';
import type { Run } from './run.ts';
import type { Rule } from './rule.ts';
import type { Exhibit, Finding, Level, Phase, VerdictName } from './types.ts';

/** What was found, and how much the rule demands of this client. */
export interface Judged {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly level: Level | null;
}

/** The part of a rule's id before the full stop. */
export function phaseOf(rule: Pick<Rule, 'id'>): Phase {
  return rule.id.slice(0, rule.id.indexOf('.')) as Phase;
}

/** Judges a run by a rule. */
export function evaluate(rule: Rule, run: Run): Judged {
  const force = inForce(rule, { mcp: run.mcp, revision: run.revision.value });
  if (force.level === null) return { rule, finding: none(force.code), level: null };
  const other = otherKind(rule, run);
  if (other !== null) return { rule, finding: other, level: null };
  const finding = attributable(rule.judge(run), run);
  if (finding.verdict === 'not_observed' && finding.code === 'no-occasion' && needsScenario(rule, run))
    return { rule, finding: none('needs-scenario', finding.says), level: force.level };
  return { rule, finding, level: force.level };
}

/** Rules about a grant or a scheme that this client does not use. */
function otherKind(rule: Rule, run: Run): Finding | null {
  const phase = phaseOf(rule);
  if (phase === 'device')
    return run.devices.length > 0 || run.tokenRequests.length === 0 || run.tokenRequests.some(polls)
      ? null
      : none('other-kind');
  if (phase === 'dpop') {
    const last = run.tokenRequests.at(-1);
    if (last === undefined || run.knob(last.seen, 'dpop.mode') === 'required') return null;
    return run.seen.some((seen) => seen.header('dpop') !== null) ? null : none('other-kind');
  }
  return null;
}

function polls({ seen }: { readonly seen: { param(name: string): string | null } }): boolean {
  return seen.param('device_code') !== null || (seen.param('grant_type') ?? '').endsWith(':device_code');
}

/** A failure stands only on exchanges that are this client's for certain, and on requests that are kept whole. */
function attributable(finding: Finding, run: Run): Finding {
  if (finding.verdict !== 'fail' && finding.verdict !== 'warn') return finding;
  if (!finding.exhibits.every(({ seen }) => run.owns(seen))) return none('not-attributable');
  return finding.exhibits.some(isCut) ? none('not-kept', 'Only the beginning of the request is kept.') : finding;
}

/** Whether something was looked for in a body of which only the beginning is kept. */
function isCut({ seen, pointer }: Exhibit): boolean {
  return pointer.startsWith('/request/body') && seen.exchange.request.truncatedFrom !== undefined;
}

function needsScenario(rule: Rule, run: Run): boolean {
  return rule.scenarios.length > 0 && !scenariosOf(run).some((scenario) => rule.scenarios.includes(scenario));
}

const scenariosByRun = new WeakMap<Run, readonly string[]>();

/** The scenarios in force during a run, in order; `custom` for knobs without one. */
export function scenariosOf(run: Run): readonly string[] {
  const known = scenariosByRun.get(run);
  if (known !== undefined) return known;
  const { sandbox } = run.ledger.input;
  const isCustom = Object.entries(sandbox.config).some(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(sandbox.defaults[name]),
  );
  const found = new Set<string>();
  for (const seen of run.seen) {
    const scenario = run.scenario(seen);
    if (scenario !== null) found.add(scenario);
    else if (isCustom) found.add('custom');
  }
  if (run.seen.length === 0 && sandbox.scenario !== null) found.add(sandbox.scenario);
  const scenarios = [...found];
  scenariosByRun.set(run, scenarios);
  return scenarios;
}

/** The name of a verdict: a SHOULD that is broken warns. */
export function nameOf({ finding, level }: Judged): VerdictName {
  return finding.verdict === 'fail' && level !== 'MUST' ? 'warn' : finding.verdict;
}
