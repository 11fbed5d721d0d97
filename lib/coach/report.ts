/** Puts the report of a run together: every rule once, with its verdict, its evidence and what to do. */
import { type Judged, evaluate, nameOf, phaseOf, scenariosOf } from './evaluate.ts';
import type { CoachInput } from './input.ts';
import { Ledger } from './ledger.ts';
import { PLACEHOLDER } from './look.ts';
import { REASONS } from './reasons.ts';
import { CATALOGUE_VERSION, rules } from './rules/index.ts';
import type { Rule } from './rule.ts';
import type { Run } from './run.ts';
import { emptyRun, runsOf } from './runs.ts';
import { silenceOf } from './silence.ts';
import type { ClientInfo, Evidence, Exhibit, Finding, Reason, Report, RunSummary, Summary, Verdict } from './types.ts';

/** Characters of a value that a report shows. */
const VALUE_LENGTH = 200;
/** Parts whose values are masked, whatever they hold. */
const SECRET_PARTS: ReadonlySet<string> = new Set([
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'device_code',
  'registration_access_token',
  'dpop',
]);

export interface ReportOptions {
  /** Which run; by default that of the client that was seen last. */
  readonly run?: string | null;
  /** A `client_id`, or the id of a client in a report. */
  readonly client?: string | null;
  /** Judge as this revision, or as `oauth`. */
  readonly revision?: string | null;
  /** Masks a secret, as `GET …/exchanges` does. */
  readonly mask: (value: string) => string;
}

/** A run or client was asked for that the ledger does not have. */
export class NoSuchRun extends Error {}

/**
 * The report of one run.
 * @throws NoSuchRun if the run or the client that was asked for is not there
 */
export function reportOf(input: CoachInput, options: ReportOptions): Report {
  const ledger = new Ledger(input);
  const runs = runsOf(ledger, options.revision ?? null);
  const run = chosen(runs, options) ?? emptyRun(ledger, options.revision ?? null);
  const judged = rules.map((rule) => evaluate(rule, run));
  const summary = summaryOf(judged, run);
  const { sandbox } = input;
  return {
    report: 1,
    catalogue: { version: CATALOGUE_VERSION, rules: rules.length },
    generated_at: new Date(input.now).toISOString(),
    sandbox: { id: sandbox.id, issuer: sandbox.issuer, inspect_url: sandbox.inspectUrl },
    run: {
      id: run.shape.id,
      opened_at: isoOf(run.seen[0]?.start),
      closed_at: isoOf(run.shape.closedAt),
      first: run.seen.length === 0 ? null : Math.min(...run.seen.map(({ seq }) => seq)),
      last: run.seen.length === 0 ? null : Math.max(...run.seen.map(({ seq }) => seq)),
      dropped: run.shape.dropped,
    },
    final: run.closed,
    scenarios: scenariosOf(run),
    client: clientInfo(run),
    revision: run.revision,
    summary,
    verdicts: judged.map((one) => verdictOf(one, run, options.mask)),
    silence: silenceOf(run, judged),
    runs: runs.map((one) => runSummary(one, one === run ? summary : null)),
  };
}

function chosen(runs: readonly Run[], { run, client }: ReportOptions): Run | null {
  const matching = client
    ? runs.filter(({ shape }) => shape.client?.id === client || shape.client?.clientIds.includes(client))
    : runs;
  if (client && matching.length === 0) throw new NoSuchRun(`No run is of the client ${client}.`);
  if (run) {
    const one = matching.find(({ shape }) => shape.id === run);
    if (one === undefined) throw new NoSuchRun(`There is no run ${run}.`);
    return one;
  }
  let last: Run | null = null;
  for (const one of matching) if (last === null || lastSeen(one) >= lastSeen(last)) last = one;
  return last;
}

function lastSeen({ seen, shape }: Run): number {
  const own = shape.own.size > 0 ? [...shape.own] : seen;
  return Math.max(0, ...own.map(({ start }) => start));
}

function isoOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

function clientInfo(run: Run): ClientInfo | null {
  const { client } = run.shape;
  if (run.seen.length === 0) return null;
  if (client === null) {
    const agents = new Set(run.seen.flatMap(({ exchange }) => exchange.client.userAgent ?? []));
    return { id: 'c1', name: null, client_ids: [], user_agents: [...agents].slice(0, 20), attribution: 'weak' };
  }
  return {
    id: client.id,
    name: client.name,
    client_ids: client.clientIds,
    user_agents: client.userAgents,
    attribution: client.joined ? 'weak' : 'certain',
  };
}

function runSummary(run: Run, known: Summary | null): RunSummary {
  return {
    id: run.shape.id,
    client: clientInfo(run),
    revision: run.revision,
    final: run.closed,
    summary:
      known ??
      summaryOf(
        rules.map((rule) => evaluate(rule, run)),
        run,
      ),
  };
}

function summaryOf(judged: readonly Judged[], run: Run): Summary {
  const count = { pass: 0, fail: 0, warn: 0, not_observed: 0 };
  const must = { pass: 0, fail: 0 };
  const seen = new Set<string>();
  for (const one of judged) {
    const name = nameOf(one);
    count[name] += 1;
    if (name !== 'not_observed') seen.add(one.rule.id);
    if (one.level === 'MUST' && (name === 'pass' || name === 'fail')) must[name] += 1;
  }
  const inForce = scenariosOf(run);
  const asked = [
    ...new Set(run.ledger.input.scenarios.filter(({ id }) => inForce.includes(id)).flatMap(({ judgedBy }) => judgedBy)),
  ];
  return { ...count, must, asked, unanswered: asked.filter((id) => !seen.has(id)) };
}

/** Where a rule is explained. */
export function ruleUrl(run: Run, rule: Pick<Rule, 'id'>): string {
  return `${run.origin}/reference#rule-${rule.id}`;
}

function verdictOf(one: Judged, run: Run, mask: (value: string) => string): Verdict {
  const { rule, finding, level } = one;
  const seen = finding.verdict !== 'not_observed';
  return {
    rule: rule.id,
    title: rule.title,
    phase: phaseOf(rule),
    verdict: nameOf(one),
    so_far: finding.verdict === 'pass' && finding.soFar === true && !run.closed,
    level: rule.level,
    in_force: level,
    clause: rule.spec[0],
    clauses: rule.spec,
    says: clean(seen ? finding.says : reasonText(finding), run, mask),
    evidence: (finding.exhibits ?? []).map((exhibit) => evidenceOf(exhibit, run, mask)),
    why: rule.why,
    fix: rule.fix,
    reason: seen ? null : reasonOf(rule, finding, run),
    url: ruleUrl(run, rule),
  };
}

function reasonText(finding: Extract<Finding, { verdict: 'not_observed' }>): string {
  return finding.says ?? REASONS[finding.code];
}

function reasonOf(rule: Rule, finding: Extract<Finding, { verdict: 'not_observed' }>, run: Run): Reason {
  const { scenarios, sandbox } = run.ledger.input;
  const judging = scenarios.filter(({ id, judgedBy }) => rule.scenarios.includes(id) || judgedBy.includes(rule.id));
  const kind = run.mcp ? run.revision.value : 'oauth';
  const known = run.seen.length > 0;
  const fitting = judging.filter(
    ({ versions, needsOwnOrigin }) =>
      (!known || kind === null || versions.includes(kind)) && (!needsOwnOrigin || sandbox.ownOrigin),
  );
  const never = finding.code === 'other-revision' || finding.code === 'other-kind' || finding.code === 'own-origin';
  return {
    code: finding.code,
    says: reasonText(finding),
    scenarios: (fitting.length > 0 ? fitting : judging).map(({ id }) => id),
    fits: !never && (judging.length === 0 || fitting.length > 0),
    ...(finding.until === undefined ? {} : { until: new Date(finding.until).toISOString() }),
  };
}

function evidenceOf(
  { seen, pointer, part, got, expected, says }: Exhibit,
  run: Run,
  mask: (value: string) => string,
): Evidence {
  const secret = part !== undefined && SECRET_PARTS.has(part.name.toLowerCase()) && part.in !== 'jwt';
  return {
    seq: seen.seq,
    pointer,
    ...(part === undefined ? {} : { part }),
    ...(got === undefined ? {} : { got: got === null ? null : shown(got, secret, part?.name, run, mask) }),
    ...(expected === undefined ? {} : { expected: cut(clean(expected, run, mask)) }),
    says: cut(clean(says, run, mask)),
  };
}

function shown(
  value: string,
  secret: boolean,
  name: string | undefined,
  run: Run,
  mask: (value: string) => string,
): string {
  if (name?.toLowerCase() === 'authorization') {
    const [, scheme = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(value) ?? [];
    return rest === '' ? cut(clean(value, run, mask)) : `${cut(scheme)} ${mask(rest)}`;
  }
  // A word that a program writes when it has no value is no secret, and says what is wrong.
  if (secret && value !== '' && !PLACEHOLDER.test(value)) return mask(value);
  return cut(clean(value, run, mask));
}

/** A text without the secrets of the ledger. */
function clean(text: string, run: Run, mask: (value: string) => string): string {
  const { secrets } = run.ledger;
  if (secrets.has(text)) return mask(text);
  return text.replaceAll(/[A-Za-z0-9\-._~+/%]{16,}/g, (word) => {
    if (secrets.has(word)) return mask(word);
    const decoded = decode(word);
    return secrets.has(decoded) ? mask(decoded) : word;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cut(text: string): string {
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH - 1)}…` : text;
}
