/** `authwalk check -- COMMAND`: its options, and the order of the work. */
import { join, relative } from 'node:path';
import { rules } from '#lib/coach/rules/index.ts';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { EXIT, used } from '../exit.ts';
import { originOption } from '../sandbox.ts';
import { NONE, readExpected, writeExpected } from './expected.ts';
import { prepareFile, writeFile } from './files.ts';
import { openReporters, type Reporter } from './reporters.ts';
import { conclude, type CheckResult, type Policy, resultOf, type ScenarioRun } from './results.ts';
import { type Ran, runAll, runFirst, type RunOptions } from './run.ts';
import { type Grounds, ownGrounds, remoteGrounds } from './sandboxes.ts';
import type { Artefacts, ClientCommand } from './scenario.ts';
import type { CheckOptions } from './options.ts';
import { conforming, groupTitle, type ScenarioChoice, selectScenarios } from './select.ts';

/**
 * Runs the check.
 * @returns the exit status
 * @throws CommandError if it is used wrongly or cannot run
 */
export async function check(words: readonly string[], options: CheckOptions, cli: readonly string[]): Promise<number> {
  const url = options.url ?? (process.env.AUTHWALK_URL || undefined);
  const { chosen, left } = selectScenarios({ ...options, oauth: options.oauth ?? false, ownOrigin: url === undefined });
  if (options.list) {
    console.log(
      options.json ? JSON.stringify({ scenarios: chosen.map(listed), left_out: left }, null, 2) : listOf(chosen, left),
    );
    return EXIT.good;
  }
  if (!words[0]) used('There is no client to run: authwalk check [options] -- COMMAND [ARGS...]');
  if (chosen.length === 0)
    used(`No scenario is left to run. ${left.map(({ id, why }) => `${id}: ${why}.`).join(' ')}`.trim());
  // Whoever names a scenario is told that it does not run, whatever the reporters are.
  const named = options.scenario !== undefined;
  if (named) for (const line of leftOutLines(left)) console.error(line);
  const known = { scenarios: new Set(scenarios().keys()), rules: new Set(rules.map(({ id }) => id)) };
  const policy: Policy = {
    level: options.level,
    requireObserved: options.requireObserved ?? false,
    expected: options.expectedFailures === undefined ? NONE : readExpected(options.expectedFailures, known),
    today: new Date().toISOString().slice(0, 10),
  };
  const command: ClientCommand = {
    words,
    revision: options.revision,
    oauth: options.oauth ?? false,
    consent: options.consent,
    followBrowser: options.browser === 'follow',
    redirectUris: options.redirectUri ?? [],
    timeout: options.timeout * 1000,
    keep: options.keep ?? false,
    cli,
  };
  if (options.writeExpectedFailures !== undefined) prepareFile(options.writeExpectedFailures);
  if (options.outputDir !== undefined) prepareFile(join(options.outputDir, 'report.json'));
  if (options.keep && url === undefined)
    console.error(
      '--keep: the server of this check ends with it, and its sandboxes too. --url takes one that goes on.',
    );
  const reporters = openReporters(options.json ? [...(options.reporter ?? []), 'json'] : options.reporter, {
    words,
    revision: command.oauth ? null : options.revision,
    jobs: options.jobs,
    again: againOf(words, options, commandOf(cli.at(-1) ?? '')),
    outputDir: options.outputDir ?? null,
  });
  const grounds = url === undefined ? await ownGrounds() : await remoteGrounds(originOption(url));
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  try {
    return await runChosen({
      chosen,
      left: named ? [] : left,
      command,
      policy,
      options,
      reporters,
      grounds,
      signal: interrupt.signal,
    });
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
    await grounds.close();
  }
}

/** A line a reason. */
function leftOutLines(left: Work['left']): string[] {
  return [...Map.groupBy(left, ({ why }) => why)].map(
    ([why, of]) => `Left out, because ${why}: ${of.map(({ id }) => id).join(', ')}`,
  );
}

interface Work {
  readonly chosen: readonly ScenarioChoice[];
  /** Left out, and not yet said. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly command: ClientCommand;
  readonly policy: Policy;
  readonly options: CheckOptions;
  readonly reporters: Reporter;
  readonly grounds: Grounds;
  readonly signal: AbortSignal;
}

async function runChosen({
  chosen,
  left,
  command,
  policy,
  options,
  reporters,
  grounds,
  signal,
}: Work): Promise<number> {
  const began = performance.now();
  const running: RunOptions = {
    command,
    grounds,
    jobs: options.jobs,
    signal,
    beside: [],
    warningsCount: policy.level === 'SHOULD',
    onStart: (scenario) => reporters.start(scenario),
    onEnd: (run, artefacts) => {
      if (options.outputDir !== undefined) writeArtefacts(options.outputDir, run, artefacts);
      reporters.scenario(resultOf(run, policy));
    },
  };
  reporters.begin(chosen, left);
  const first = conforming(grounds.ownOrigin);
  const judged = chosen.some(({ id }) => id === first.id);
  // Whether the client gets through is asked of a user who approves, unless the answer is judged as well.
  const asked = judged ? command : { ...command, consent: command.consent === 'deny' ? 'approve' : command.consent };
  const { run, through: passed } = await runFirst(first, { ...running, command: asked });
  const through = passed || (asked.consent === 'deny' && run.arrived > 0);
  if (!through && !options.keepGoing && !signal.aborted) {
    if (options.outputDir !== undefined) writeArtefacts(options.outputDir, run, run.artefacts);
    const result = conclude([resultOf(run, policy)], policy);
    reporters.stopped(resultOf(run, policy), { ...result, status: EXIT.couldNotRun }, performance.now() - began);
    return EXIT.couldNotRun;
  }
  if (judged) running.onEnd(run, run.artefacts);
  else if (through || !signal.aborted) reporters.reached(run, through);
  const rest = chosen.filter(({ id }) => id !== first.id);
  const runs: ScenarioRun[] = [
    ...(judged ? [run as Ran] : []),
    ...(await runAll(rest, { ...running, beside: run.report === null ? [] : [run.report] })),
  ];
  const found = conclude(
    runs.map((one) => resultOf(one, policy)),
    policy,
  );
  // An interruption between two scenarios is in none of them.
  const because = [...new Set([...(signal.aborted ? ['interrupted'] : []), ...found.because])];
  const result = { ...found, because };
  const status = signal.aborted ? EXIT.interrupted : found.status;
  if (options.writeExpectedFailures !== undefined) writeFile(options.writeExpectedFailures, expectedOf(result));
  reporters.end({ ...result, status }, performance.now() - began);
  return options.writeExpectedFailures !== undefined && status === EXIT.against ? EXIT.good : status;
}

function expectedOf({ scenarios: results }: CheckResult): string {
  return writeExpected(
    results.flatMap(({ failures }) =>
      failures.map(({ scenario, verdict }) => ({ scenario, rule: verdict.rule, verdict: 'fail' as const })),
    ),
  );
}

function writeArtefacts(folder: string, run: ScenarioRun, artefacts: Artefacts | null): void {
  const place = join(folder, run.scenario.id);
  writeFile(join(place, 'report.json'), `${JSON.stringify(run.report, null, 2)}\n`);
  writeFile(join(place, 'stdout.txt'), run.child?.stdout ?? '');
  writeFile(join(place, 'stderr.txt'), run.child?.stderr ?? '');
  if (artefacts !== null) writeFile(join(place, 'run.har'), artefacts.har);
}

const listed = ({ id, title, group, judgedBy, notJudged, drive }: ScenarioChoice) => ({
  scenario: id,
  title,
  group,
  judged_by: judgedBy,
  not_judged: notJudged,
  do: drive,
});

function listOf(
  chosen: readonly ScenarioChoice[],
  left: readonly { readonly id: string; readonly why: string }[],
): string {
  const lines: string[] = [];
  let group = '';
  for (const one of chosen) {
    if (one.group !== group) lines.push(...(group === '' ? [] : ['']), groupTitle(one.group));
    group = one.group;
    lines.push(`  ${one.id.padEnd(42)} ${one.title}`);
  }
  if (left.length > 0) lines.push('', 'Left out', ...left.map(({ id, why }) => `  ${id.padEnd(42)} ${why}`));
  return lines.join('\n');
}

/** How this command is typed: from the sources of a clone, there is none to install. @param file what Node runs */
function commandOf(file: string): string {
  if (!file.endsWith('.ts')) return 'npx authwalk';
  return `node ${relative(process.cwd(), join(import.meta.dirname, '..', '..', '..', 'bin', 'authwalk.cjs'))}`;
}

/** The command that repeats one scenario, with every option that decides how it runs and what counts. */
function againOf(words: readonly string[], asked: CheckOptions, command: string): (scenario: string) => string {
  const word = (text: string): string =>
    /^[\w@%+=:,./{}-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
  const given = (name: string, value: string | number | undefined, usual?: string | number): string[] =>
    value === undefined || value === usual ? [] : [name, word(String(value))];
  const options = [
    ...(asked.oauth ? ['--oauth'] : []),
    ...given('--revision', asked.revision, '2026-07-28'),
    ...given('--level', asked.level, 'MUST'),
    ...(asked.requireObserved ? ['--require-observed'] : []),
    ...given('--expected-failures', asked.expectedFailures),
    ...given('--consent', asked.consent, 'approve'),
    ...given('--browser', asked.browser, 'follow'),
    ...(asked.redirectUri ?? []).flatMap((uri) => given('--redirect-uri', uri)),
    ...given('--timeout', asked.timeout, 30),
    ...given('--url', asked.url),
    ...(asked.keepGoing ? ['--keep-going'] : []),
  ];
  return (scenario) => [`${command} check -s`, scenario, ...options, '--', ...words.map(word)].join(' ');
}
