/** The reporter for people: a line a scenario, then what speaks against the client, then figures. */
import { styleText } from 'node:util';
import type { Evidence, Verdict } from '#lib/coach/types.ts';
import type { CheckResult, ScenarioResult, State } from './results.ts';

const MARK: Readonly<Record<State, string>> = {
  passed: '✓',
  failed: '✗',
  expected: '✗',
  warned: '!',
  'not-observed': '○',
  unreached: '⊘',
  'not-judged': '–',
  interrupted: '–',
};
const LOUD: ReadonlySet<State> = new Set(['failed', 'warned', 'unreached']);

/** Colours, if there are any. */
export interface Paint {
  red(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}
export const plain: Paint = { red: (text) => text, dim: (text) => text, bold: (text) => text };
const ansi = (format: 'red' | 'dim' | 'bold') => (text: string) => styleText(format, text, { validateStream: false });
export const coloured: Paint = { red: ansi('red'), dim: ansi('dim'), bold: ansi('bold') };

/** Cuts a text at a width, with an ellipsis. */
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;

/** Breaks a text into lines. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** What stands beside a scenario: the first failure, why nothing is said, or its title. */
export function saysOf(result: ScenarioResult): string {
  const { state, failures, warnings, scenario, child, unanswered } = result;
  if (state === 'failed') return failures.find(({ excuse }) => excuse === null)!.verdict.says;
  if (state === 'expected') {
    const { until, because } = failures[0]!.excuse!;
    return [`expected${until === null ? '' : ` until ${until}`}`, ...(because === null ? [] : [because])].join(': ');
  }
  // What the scenario is about comes before what every run shows.
  if (state === 'warned') return (warnings.find(({ rule }) => scenario.judgedBy.includes(rule)) ?? warnings[0]!).says;
  if (state === 'unreached')
    return child === null
      ? 'Nothing arrived'
      : child.timedOut
        ? `Nothing arrived; the command was ended after ${seconds(child.duration)} (--timeout)`
        : `Nothing arrived; the command ended with ${child.status ?? child.signal} after ${seconds(child.duration)}`;
  if (state === 'not-judged') return scenario.notJudged?.look ?? scenario.title;
  if (state === 'not-observed') {
    const missing = result.report?.verdicts.find(({ rule }) => unanswered.includes(rule));
    return missing?.reason?.says ?? scenario.title;
  }
  return scenario.title;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One scenario on one line. */
export function scenarioLine(result: ScenarioResult, width: number, paint: Paint): string {
  const { state, scenario, child, quarantined } = result;
  const time = child === null ? '' : seconds(child.duration);
  const name = scenario.id.padEnd(36);
  const says = `${quarantined ? 'quarantine: ' : ''}${saysOf(result)}`;
  const room = Math.max(width - 2 - 2 - name.length - 9, 10);
  const mark = LOUD.has(state) ? paint.red(MARK[state]) : state === 'passed' ? MARK[state] : paint.dim(MARK[state]);
  const text = cut(says, room).padEnd(room);
  const shown = state === 'passed' || LOUD.has(state) ? text : paint.dim(text);
  return `  ${mark} ${name}${shown}${paint.dim(time.padStart(8))}`.trimEnd();
}

interface Broken {
  readonly verdict: Verdict;
  readonly scenarios: string[];
}

/** The same rule in several scenarios is one thing to mend. */
function byRule(found: readonly { readonly scenario: string; readonly verdict: Verdict }[]): Broken[] {
  const rules = new Map<string, Broken>();
  for (const { scenario, verdict } of found) {
    const known = rules.get(verdict.rule);
    if (known) known.scenarios.push(scenario);
    else rules.set(verdict.rule, { verdict, scenarios: [scenario] });
  }
  return [...rules.values()];
}

function evidenceLines({ seq, says, got, expected }: Evidence, first: boolean): string[] {
  const head = `${first ? '   >' : '    '} #${seq}`.padEnd(10);
  const value = got === undefined || got === null ? '' : `: ${got}`;
  return [
    `${head}${cut(`${says}${value}`, 400)}`,
    ...(expected === undefined ? [] : [`${' '.repeat(10)}expected ${cut(expected, 400)}`]),
  ];
}

function brokenLines({ verdict, scenarios }: Broken, width: number, paint: Paint): string[] {
  const { rule, level, says, clauses, evidence, why, fix } = verdict;
  const indented = (label: string, text: string): string[] =>
    wrap(text, width - 10).map((line, index) => `     ${(index === 0 ? label : '').padEnd(5)}${line}`);
  return [
    `  ${paint.red('✗')}  ${paint.bold(says)}`,
    `     ${rule}   ${level}   ${scenarios.join(', ')}`,
    ...wrap(clauses.map(({ doc, section }) => `${doc}, ${section}`).join('; '), width - 5).map(
      (line) => `     ${paint.dim(line)}`,
    ),
    '',
    ...evidence.slice(0, 5).flatMap((one, index) => evidenceLines(one, index === 0)),
    '',
    ...indented('Why', why),
    ...indented('Fix', fix),
    '',
  ];
}

/** Everything after the lines of the scenarios. */
export function summaryLines(
  result: CheckResult,
  options: { width: number; paint: Paint; again: string | null; duration: number },
): string[] {
  const { width, paint, again, duration } = options;
  const rule = paint.dim('─'.repeat(width));
  const { scenarios } = result;
  const broken = byRule(scenarios.flatMap(({ failures }) => failures.filter(({ excuse }) => excuse === null)));
  const warned = byRule(
    scenarios.flatMap(({ warnings, scenario }) => warnings.map((verdict) => ({ scenario: scenario.id, verdict }))),
  );
  const unobserved = scenarios.filter(({ unanswered }) => unanswered.length > 0);
  const lines = ['', rule, ''];
  if (broken.length > 0)
    lines.push(paint.bold('Broken'), '', ...broken.flatMap((one) => brokenLines(one, width, paint)));
  if (warned.length > 0) {
    lines.push(`${paint.bold('Warned')}   counts with --level SHOULD`, '');
    for (const { verdict, scenarios: where } of warned)
      lines.push(
        `  ${paint.red('!')}  ${verdict.title}`,
        `     ${paint.dim(`${verdict.rule}, ${where.length > 3 ? `in ${where.length} scenarios` : where.join(', ')}`)}`,
      );
    lines.push('');
  }
  if (unobserved.length > 0) {
    lines.push(`${paint.bold('Not observed')}   counts with --require-observed`, '');
    for (const { scenario, unanswered } of unobserved)
      lines.push(`  ○  ${unanswered.join(', ')}   ${paint.dim(scenario.id)}`);
    lines.push('');
  }
  if (result.stale.length > 0)
    lines.push(paint.bold('Expected, and passes'), '', ...result.stale.map(({ text }) => `  ✓  ${text}`), '');
  if (lines.length > 3) lines.push(rule, '');
  const count = (state: State, words: string): string[] => {
    const number = scenarios.filter((one) => one.state === state).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const figures = [
    ...count('failed', 'failed'),
    ...count('unreached', 'not reached'),
    ...count('expected', 'expected'),
    ...count('warned', 'warned'),
    ...count('passed', 'passed'),
    ...count('not-observed', 'not observed'),
    ...count('not-judged', 'not judged'),
    ...count('interrupted', 'interrupted'),
  ];
  const met = new Set(
    scenarios.flatMap(
      ({ report }) => report?.verdicts.filter(({ verdict }) => verdict === 'pass').map(({ rule: id }) => id) ?? [],
    ),
  );
  for (const { verdict } of [...broken, ...warned]) met.delete(verdict.rule);
  lines.push(`  Scenarios  ${figures.join('   ') || 'none was judged'}`);
  lines.push(`  Rules      ${broken.length} broken   ${warned.length} warned   ${met.size} met`);
  lines.push(`  Time       ${seconds(duration)}`);
  if (again !== null) lines.push(`  Again      ${again}`);
  lines.push(
    `  Exit       ${result.status}${result.because.length === 0 ? '' : `, as ${result.because.join(', and ')}`}`,
  );
  return lines;
}

/** What is said when the client never got through a server that does everything right. */
export function stoppedLines(
  result: ScenarioResult,
  { width, paint, outputDir }: { width: number; paint: Paint; outputDir: string | null },
): string[] {
  const { report, child, arrived, scenario } = result;
  const silence = report?.silence ?? null;
  const where =
    arrived === 0
      ? saysOf({ ...result, state: 'unreached' })
      : silence === null
        ? 'It did not get through'
        : `It stopped: ${silence.point}`;
  const lines = [
    `  ${paint.red('⊘')} ${scenario.id.padEnd(36)}${where}${child === null ? '' : `   ${seconds(child.duration)}`}`,
    '',
    ...wrap(
      'The client never got through a server that does everything right. The other scenarios would say ' +
        'nothing, so they were not run (--keep-going runs them).',
      width - 2,
    ).map((line) => `  ${line}`),
    '',
  ];
  if (child?.timedOut) lines.push('  Its time was over, and it was ended (--timeout gives it more).', '');
  if (silence !== null)
    lines.push(
      ...wrap(`${silence.at === null ? '' : `After #${silence.at}: `}${silence.why}`, width - 2).map(
        (line) => `  ${line}`,
      ),
      '',
    );
  const tail = (child?.stderr ?? '')
    .trim()
    .split('\n')
    .slice(-5)
    .filter((line) => line !== '');
  if (tail.length > 0)
    lines.push('  The last lines of its stderr:', ...tail.map((line) => `    ${paint.dim(cut(line, width - 4))}`), '');
  if (outputDir !== null) lines.push(`  Look at    ${outputDir}/${scenario.id}/stderr.txt`);
  lines.push('  Exit       3');
  return lines;
}
