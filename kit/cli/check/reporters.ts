/** Where results go: to the terminal, and to files in the forms that other programs read. */
import { appendFileSync } from 'node:fs';
import { version } from '#lib/server/version.ts';
import { used } from '../exit.ts';
import { prepareFile, writeFile } from './files.ts';
import { annotations, toCheckCtrf, toCheckJUnit, toCheckJson, toCheckMarkdown } from './formats.ts';
import { coloured, type Paint, plain, scenarioLine, stoppedLines, summaryLines } from './pretty.ts';
import type { CheckResult, ScenarioResult, ScenarioRun } from './results.ts';
import { groupTitle, type ScenarioChoice } from './select.ts';

const NAMES = ['pretty', 'json', 'junit', 'ctrf', 'markdown', 'github'] as const;
type Name = (typeof NAMES)[number];
/** Bytes of a job summary that GitHub takes. */
const MOST_SUMMARY = 1024 * 1024;

/** What the reporters are told of the run. */
export interface Context {
  readonly words: readonly string[];
  /** Null for a client without MCP. */
  readonly revision: string | null;
  readonly jobs: number;
  /** The command that repeats one scenario. */
  readonly again: (scenario: string) => string;
  readonly outputDir: string | null;
}

/** Hears of a run as it goes. */
export interface Reporter {
  begin(chosen: readonly ScenarioChoice[], left: readonly { readonly id: string; readonly why: string }[]): void;
  start(scenario: ScenarioChoice): void;
  /** The first scenario, if it is not judged. */
  reached(run: ScenarioRun, through: boolean): void;
  scenario(result: ScenarioResult): void;
  /** The client never got through the first scenario. */
  stopped(result: ScenarioResult, all: CheckResult, duration: number): void;
  end(result: CheckResult, duration: number): void;
}

/**
 * @param asked `NAME` or `NAME=FILE`; pretty if there is none, and github too in GitHub Actions
 * @throws CommandError for a name that does not exist, and a file that cannot be written
 */
export function openReporters(asked: readonly string[] | undefined, context: Context): Reporter {
  const specified = [...new Set(asked ?? ['pretty'])].map(readReporter);
  const onStdout = specified.filter(({ name, file }) => name !== 'github' && file === null);
  if (onStdout.length > 1)
    used(
      `--reporter: ${onStdout.map(({ name }) => name).join(' and ')} would both be printed; give one of them a file.`,
    );
  for (const { name, file } of specified) if (name !== 'github' && file !== null) prepareFile(file);
  // GitHub reads workflow commands from both streams. What a program is to read stays alone on standard output.
  const aside = onStdout.some(({ name }) => name !== 'pretty');
  const env = process.env;
  if (env.GITHUB_ACTIONS === 'true' && !specified.some(({ name }) => name === 'github'))
    specified.push({ name: 'github', file: null });
  const all = specified.map(({ name, file }) =>
    name === 'pretty' ? prettyReporter(context, file) : fileReporter(name, file, aside),
  );
  const each = (tell: (reporter: Reporter) => void): void => {
    for (const reporter of all) tell(reporter);
  };
  return {
    begin: (chosen, left) => each((one) => one.begin(chosen, left)),
    start: (scenario) => each((one) => one.start(scenario)),
    reached: (run, through) => each((one) => one.reached(run, through)),
    scenario: (result) => each((one) => one.scenario(result)),
    stopped: (result, whole, duration) => each((one) => one.stopped(result, whole, duration)),
    end: (result, duration) => each((one) => one.end(result, duration)),
  };
}

function readReporter(text: string): { name: Name; file: string | null } {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)) as Name;
  if (!NAMES.includes(name)) used(`--reporter ${text}: the reporters are ${NAMES.join(', ')}.`);
  const file = at < 0 ? null : text.slice(at + 1);
  if (file === '') used(`--reporter ${text}: the path of a file is missing after the equals sign.`);
  return { name, file };
}

const nothing = (): void => undefined;

/** Writes everything at the end. */
function fileReporter(name: Exclude<Name, 'pretty'>, file: string | null, aside: boolean): Reporter {
  const end = (result: CheckResult, duration: number): void => {
    if (name === 'github') {
      github(result, duration, aside);
      return;
    }
    const text = { json: toCheckJson, junit: toCheckJUnit, ctrf: toCheckCtrf, markdown: toCheckMarkdown }[name](
      result,
      duration,
    );
    if (file === null) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    else writeFile(file, text);
  };
  return {
    begin: nothing,
    start: nothing,
    reached: nothing,
    scenario: nothing,
    stopped: (_, all, duration) => end(all, duration),
    end,
  };
}

/** Annotations to the log, and the figures to the summary of the job. */
function github(result: CheckResult, duration: number, aside: boolean): void {
  for (const line of annotations(result)) (aside ? console.error : console.log)(line);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, Buffer.from(toCheckMarkdown(result, duration)).subarray(0, MOST_SUMMARY - 1));
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** @param terminal whether standard output is one @see https://no-color.org and https://force-color.org */
export function hasColours({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? !['0', 'false'].includes(FORCE_COLOR) : terminal;
}

/** The reporter for people. The lines go to stdout, progress to the terminal. */
function prettyReporter(context: Context, file: string | null): Reporter {
  const terminal = file === null && process.stdout.isTTY === true;
  const paint: Paint = file === null && hasColours(process.env, terminal) ? coloured : plain;
  const width = terminal ? Math.min(Math.max(process.stdout.columns ?? 80, 60), 110) : 110;
  const kept: string[] = [];
  let group = '';
  let total = 0;
  let done = 0;
  let failed = 0;
  let shown = false;
  const clear = (): void => {
    if (shown) process.stdout.write('\r\u001B[K');
    shown = false;
  };
  const say = (line: string): void => {
    clear();
    if (file === null) console.log(line);
    else kept.push(line);
  };
  const finish = (lines: readonly string[]): void => {
    for (const line of lines) say(line);
    if (file !== null) writeFile(file, `${kept.join('\n')}\n`);
  };
  return {
    begin(chosen, left) {
      total = chosen.length;
      const pace = context.jobs === 1 ? 'one at a time' : `${context.jobs} side by side`;
      const kind = context.revision === null ? 'OAuth' : `MCP ${context.revision}`;
      say(
        `authwalk ${version}   ${total} ${total === 1 ? 'scenario' : 'scenarios'}, ${pace}   ${kind}   ` +
          `${context.words.join(' ')}`,
      );
      const origin = left.filter(({ why }) => why.includes('alone on its origin'));
      if (origin.length > 0)
        say(paint.dim(`Left out, as they need an origin of their own: ${origin.map(({ id }) => id).join(', ')}`));
      say('');
    },
    start(scenario) {
      if (!terminal) return;
      clear();
      const against = failed === 0 ? '' : `   ${failed} failed so far`;
      process.stdout.write(
        `  ${SPINNER[done % SPINNER.length]} ${done} of ${total}   ${scenario.id}${against}`.slice(0, width),
      );
      shown = true;
    },
    reached(run, through) {
      const says = through ? 'A server that does everything right: it gets through' : 'It does not get through';
      say(`  ${through ? '✓' : '⊘'} ${run.scenario.id.padEnd(36)}${says}`);
      say('');
    },
    scenario(result) {
      done++;
      if (result.state === 'failed') failed++;
      if (result.scenario.group !== group) {
        if (group !== '') say('');
        say(paint.bold(groupTitle(result.scenario.group)));
        group = result.scenario.group;
      }
      say(scenarioLine(result, width, paint));
      if (result.inspectUrl !== null) say(paint.dim(`      ${result.inspectUrl}`));
    },
    stopped(result, _all, _duration) {
      finish(stoppedLines(result, { width, paint, outputDir: context.outputDir }));
    },
    end(result, duration) {
      const { against } = result;
      finish(
        summaryLines(result, {
          width,
          paint,
          again: against === null ? null : context.again(against.scenario.id),
          duration,
        }),
      );
    },
  };
}
