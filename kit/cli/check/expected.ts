/** The file of expected failures: which verdicts are known, and until when they are excused. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { plainly } from '#lib/config/plainly.ts';
import { used } from '../exit.ts';

const entrySchema = z.union([
  z.string().min(1),
  z.strictObject({
    scenario: z.string().min(1),
    rule: z.string().min(1).optional(),
    because: z.string().optional(),
    until: z.union([z.string().regex(/^\d{4}-\d{2}-\d{2}$/), z.date()]).optional(),
  }),
]);
const fileSchema = z.strictObject({
  client: z.array(entrySchema).nullish(),
  quarantine: z.array(z.string().min(1)).nullish(),
});

/** One excuse: a rule in a scenario; null stands for every one. */
export interface Expected {
  readonly scenario: string | null;
  readonly rule: string | null;
  readonly because: string | null;
  /** The last day on which it excuses, as YYYY-MM-DD. */
  readonly until: string | null;
  /** As it stands in the file. */
  readonly text: string;
}
export interface ExpectedFailures {
  readonly entries: readonly Expected[];
  /** Scenarios that run, are shown, and decide nothing. */
  readonly quarantine: ReadonlySet<string>;
}

export const NONE: ExpectedFailures = { entries: [], quarantine: new Set() };

/** The name of a scenario here; the conformance suite writes `auth/` before it. */
export const scenarioName = (name: string): string => name.replace(/^auth\//, '');

/**
 * Reads the file.
 * @param known the ids that exist
 * @throws CommandError for what cannot be read, and for ids that do not exist
 */
export function readExpected(
  path: string,
  known: { readonly scenarios: ReadonlySet<string>; readonly rules: ReadonlySet<string> },
): ExpectedFailures {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    used(`--expected-failures: ${path} cannot be read.`);
  }
  return parseExpected(text, path, known);
}

/** @throws CommandError as {@link readExpected} */
export function parseExpected(
  text: string,
  path: string,
  known: { readonly scenarios: ReadonlySet<string>; readonly rules: ReadonlySet<string> },
): ExpectedFailures {
  let yaml: unknown;
  try {
    yaml = parse(text) ?? {};
  } catch (error) {
    used(`${path} is no YAML: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
  }
  const read = fileSchema.safeParse(yaml, { error: plainly });
  if (!read.success) used(`${path}: ${z.prettifyError(read.error)}`);
  const entries = (read.data.client ?? []).map(entryOf);
  for (const { scenario, rule, text: entry } of entries) {
    if (scenario !== null && !known.scenarios.has(scenario))
      used(`${path}: ${entry}: there is no scenario ${scenario}.`);
    if (rule !== null && !known.rules.has(rule)) used(`${path}: ${entry}: there is no rule ${rule}.`);
  }
  const whole = new Set(entries.filter(({ rule }) => rule === null).map(({ scenario }) => scenario));
  for (const { scenario, rule, text: entry } of entries)
    if (rule !== null && scenario !== null && whole.has(scenario))
      used(`${path}: ${entry}: the whole scenario ${scenario} is expected to fail already; keep one of the two.`);
  const quarantine = new Set((read.data.quarantine ?? []).map(scenarioName));
  for (const scenario of quarantine)
    if (!known.scenarios.has(scenario)) used(`${path}: quarantine: there is no scenario ${scenario}.`);
  return { entries, quarantine };
}

function entryOf(entry: z.infer<typeof entrySchema>): Expected {
  if (typeof entry !== 'string') {
    const { scenario, rule = null, because = null, until = null } = entry;
    return {
      scenario: scenario === '*' ? null : scenarioName(scenario),
      rule,
      because,
      until: until instanceof Date ? until.toISOString().slice(0, 10) : until,
      text: `${scenario}${rule === null ? '' : `:${rule}`}`,
    };
  }
  const at = entry.indexOf(':');
  const scenario = at < 0 ? entry : entry.slice(0, at);
  const rule = at < 0 ? null : entry.slice(at + 1).trim();
  return { scenario: scenario === '*' ? null : scenarioName(scenario), rule, because: null, until: null, text: entry };
}

/**
 * The entry that excuses a failure.
 * @param today YYYY-MM-DD
 */
export function excuseOf(
  { entries }: ExpectedFailures,
  scenario: string,
  rule: string,
  today: string,
): Expected | null {
  return (
    entries.find((entry) => applies(entry, scenario, rule) && (entry.until === null || today <= entry.until)) ?? null
  );
}

function applies(entry: Expected, scenario: string, rule: string): boolean {
  return (entry.scenario === null || entry.scenario === scenario) && (entry.rule === null || entry.rule === rule);
}

/** One verdict of a run, as far as excuses are concerned. */
export interface Judged {
  readonly scenario: string;
  readonly rule: string;
  readonly verdict: 'pass' | 'fail' | 'warn' | 'not_observed';
}

/**
 * Entries whose failures did not come although the rule was observed and passed.
 * An entry whose scenario did not run or whose rule was not observed is neither used nor stale.
 */
export function staleEntries({ entries }: ExpectedFailures, judged: readonly Judged[]): readonly Expected[] {
  return entries.filter((entry) => {
    const concerned = judged.filter(
      ({ scenario, rule, verdict }) => applies(entry, scenario, rule) && verdict !== 'not_observed',
    );
    // A warning is no failure: a whole scenario that only warns has nothing left to excuse.
    return concerned.some(({ verdict }) => verdict === 'pass') && !concerned.some(({ verdict }) => verdict === 'fail');
  });
}

/** The file that excuses these failures. */
export function writeExpected(failures: readonly Judged[]): string {
  const lines = failures.map(({ scenario, rule }) => `  - ${scenario}:${rule}`);
  return lines.length === 0 ? 'client: []\n' : `client:\n${[...new Set(lines)].join('\n')}\n`;
}
