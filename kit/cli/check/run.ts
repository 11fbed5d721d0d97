/** Runs the scenarios, some side by side, and says each as it ends. */
import { comparedWith } from '#lib/coach/compared.ts';
import type { Report } from '#lib/coach/types.ts';
import { RULES_OF_TIME } from './timing.ts';
import type { Grounds } from './sandboxes.ts';
import { type Artefacts, type ClientCommand, gotThrough, runScenario } from './scenario.ts';
import type { ScenarioRun } from './results.ts';
import type { ScenarioChoice } from './select.ts';

export type Ran = Awaited<ReturnType<typeof runScenario>>;

export interface RunOptions {
  readonly command: ClientCommand;
  readonly grounds: Grounds;
  /** Scenarios side by side. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Reports of the same client that others are compared with. */
  readonly beside: readonly Report[];
  /** Whether warnings count against the client. */
  readonly warningsCount: boolean;
  /** A scenario begins. */
  onStart(scenario: ScenarioChoice): void;
  /** A scenario has ended. They come in the order of the scenarios; those that were judged again come last. */
  onEnd(run: ScenarioRun, artefacts: Artefacts | null): void;
}

/** Runs one scenario, and says whether the client got through. */
export async function runFirst(
  scenario: ScenarioChoice,
  options: RunOptions,
): Promise<{ readonly run: Ran; readonly through: boolean }> {
  options.onStart(scenario);
  const run = await runScenario(scenario, options.command, options.grounds, options.signal);
  return { run, through: gotThrough(run.exchanges, options.command.oauth) };
}

/**
 * Runs all, no more than `jobs` side by side.
 * @returns the runs in the order of the scenarios; what was not begun before an interruption is missing
 */
export async function runAll(scenarios: readonly ScenarioChoice[], options: RunOptions): Promise<ScenarioRun[]> {
  const { command, grounds, jobs, signal, beside, onStart, onEnd } = options;
  const once = async (scenario: ScenarioChoice): Promise<Ran> => {
    const run = await runScenario(scenario, command, grounds, signal);
    return run.report === null ? run : { ...run, report: comparedWith(run.report, beside) };
  };
  const failedRules = ({ report }: ScenarioRun): string[] =>
    (report?.verdicts ?? [])
      .filter(({ verdict }) => verdict === 'fail' || (verdict === 'warn' && options.warningsCount))
      .map(({ rule }) => rule);
  const timeFailed = (run: ScenarioRun): boolean => failedRules(run).some((rule) => RULES_OF_TIME.has(rule));
  const runs: (ScenarioRun | undefined)[] = [];
  const left = new Set(scenarios.keys());
  let told = 0;
  /** Says what has ended, up to the first that has not. What measures time is looked at again alone, below. */
  const tell = (): void => {
    for (let run = runs[told]; run !== undefined; run = runs[++told])
      if (jobs === 1 || !timeFailed(run)) onEnd(run, artefacts.get(run) ?? null);
  };
  /** A busy machine is slow, too: what measures time is judged again, alone and once, before it fails. */
  const again = async (run: ScenarioRun): Promise<Ran> => {
    onStart(run.scenario);
    const second = await once(run.scenario);
    return { ...second, retried: failedRules(run).filter((rule) => RULES_OF_TIME.has(rule)) };
  };
  const held = (index: number): number => scenarios[index]!.heldBack;
  const artefacts = new Map<ScenarioRun, Artefacts | null>();
  const worker = async (_: unknown, place: number): Promise<void> => {
    // Half of the places take what holds answers back longest, so that it is not waited for alone in the end. The
    // others take one after the other, so that there is always something to tell.
    const longestFirst = place >= Math.ceil(jobs / 2);
    while (left.size > 0 && !signal.aborted) {
      const [first, ...others] = left;
      const index = longestFirst ? others.reduce((most, one) => (held(one) > held(most) ? one : most), first!) : first!;
      left.delete(index);
      const scenario = scenarios[index]!;
      onStart(scenario);
      const ended = await once(scenario);
      const run = jobs === 1 && timeFailed(ended) && !signal.aborted ? await again(ended) : ended;
      runs[index] = run;
      artefacts.set(run, run.artefacts);
      tell();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, scenarios.length) }, worker));
  // What is judged again comes last; and after an interruption, what ended behind one that was not begun.
  for (const [index, run] of runs.entries()) {
    if (run === undefined) continue;
    const isHeld = jobs > 1 && timeFailed(run);
    if (isHeld && !signal.aborted) {
      const second = await again(run);
      runs[index] = second;
      onEnd(second, second.artefacts);
    } else if (isHeld || index >= told) onEnd(run, artefacts.get(run) ?? null);
  }
  return runs.filter((run) => run !== undefined);
}
