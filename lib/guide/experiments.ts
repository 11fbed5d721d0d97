/**
 * Predict, run, reveal: an experiment runs in a copy of the sandbox, brought to the step by the
 * same client that walks.
 */
import { ACCOUNT } from './account.ts';
import { ApiError, type Fetch } from '#lib/client/request.ts';
import { errorOf } from '#lib/exchange/read.ts';
import { isEmptied } from './emptied.ts';
import { changesOf } from './experiments/diff.ts';
import { applyOps } from './experiments/apply.ts';
import { bringTo } from './headless.ts';
import { opOf } from './ops/index.ts';
import { arrangeStep } from './prelude.ts';
import { reasonShown, shownOf } from './shown.ts';
import { emptyState, withSandbox } from './state.ts';
import { LabWalker } from './experiments/lab-walker.ts';
import type {
  ChangedLine,
  ChangeOp,
  ControlApi,
  ExchangeEntry,
  Expected,
  Experiment,
  ExperimentOutcome,
  RunState,
  SandboxRef,
  Shown,
  Step,
  Track,
} from './types.ts';

export interface ExperimentOptions {
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi;
  readonly now: () => number;
  /** Where the copy is kept from one experiment to the next: it is emptied and used again. */
  readonly lab?: { readonly get: () => SandboxRef | null; readonly set: (sandbox: SandboxRef) => void };
}
export interface ExperimentResult {
  readonly outcome: ExperimentOutcome | null;
  /** Why it could not be run, for a person. */
  readonly trouble: string | null;
  /** Everything that was done in the copy, the way there included; for tests. */
  readonly state: RunState | null;
  readonly sandbox: SandboxRef | null;
}

function matches(entry: ExchangeEntry, expected: Expected, others: readonly ExchangeEntry[]): boolean {
  if ((entry.exchange.response?.status || null) !== expected.status) return false;
  if (expected.shown !== shownOf(entry)) return false;
  const error = errorOf(entry.exchange);
  // In a challenge the absence of an error is the lesson; elsewhere only what is promised counts.
  if (expected.error !== undefined ? expected.error !== error : expected.shown === 'challenge' && error !== null)
    return false;
  if (expected.reason === undefined) return true;
  // Of two that were sent at once, the one shows what became of the other.
  return (
    reasonShown(entry) === expected.reason ||
    ((expected.status ?? 500) < 400 &&
      expected.shown === 'json' &&
      others.some((other) => reasonShown(other) === expected.reason))
  );
}

const MANNER: Readonly<Record<Shown, string>> = {
  page: 'as a page',
  redirect: 'by redirect',
  json: 'in JSON',
  challenge: 'as a challenge',
  client: 'and the client stops',
  consent: 'and the consent page opens',
};

/** What came, in one line. */
export function outcomeLine(entry: ExchangeEntry, all: readonly ExchangeEntry[], isParallel: boolean): string {
  if (isParallel) {
    const parts = all.map(({ exchange }) => [exchange.response?.status ?? 'nothing', errorOf(exchange)]);
    return parts.map((part) => part.filter(Boolean).join(' ')).join(', and ');
  }
  const error = errorOf(entry.exchange);
  return `${entry.exchange.response?.status ?? 'No answer'}${error ? ` \`${error}\`` : ''}, ${MANNER[shownOf(entry)]}`;
}

/** Chooses the exchange that decides, and compares it with what the track expects. */
export function judge(
  experiment: Experiment,
  entries: readonly ExchangeEntry[],
  follows: readonly ExchangeEntry[] = [],
): ExperimentOutcome | null {
  const all = [...entries, ...follows];
  const last = all.at(-1);
  if (!last || !experiment.expected) return null;
  const { expected } = experiment;
  const isParallel = experiment.change.some((change) => change.op === 'parallel');
  // What follows is there to show the effect: it decides, if it is what was expected.
  const later = follows.findLast((entry) => matches(entry, expected, follows));
  const hit = later ? all.indexOf(later) : all.findIndex((entry) => matches(entry, expected, all));
  const wrong = all.findIndex(
    (entry) => (entry.exchange.response?.status ?? 0) >= 400 || entry.checks.some((check) => !check.ok),
  );
  const deciding = hit >= 0 ? hit : wrong >= 0 ? wrong : all.length - 1;
  const entry = all[deciding]!;
  return {
    status: entry.exchange.response?.status ?? 0,
    error: errorOf(entry.exchange),
    reason: reasonShown(entry),
    shown: shownOf(entry),
    asExpected: hit >= 0,
    line: outcomeLine(
      entry,
      all.filter((other) => other.request === entry.request),
      isParallel,
    ),
    exchanges: all,
    deciding,
  };
}

function knobsOf(changes: readonly ChangeOp[]): Record<string, unknown> {
  return Object.assign({}, ...changes.map((change) => opOf(change.op).configure?.(change) ?? {}));
}

/** The copy: the one that is kept, emptied; a new one if there is none, or where knobs are turned. */
async function copyFor(track: Track, experiment: Experiment, { api, lab }: ExperimentOptions): Promise<SandboxRef> {
  const knobs = knobsOf(experiment.change);
  const isLate = experiment.change.some((change) => change.op === 'knob');
  if (isLate || Object.keys(knobs).length > 0 || !lab) return api.create({ ...track.knobs, ...knobs });
  const kept = lab.get();
  if (kept && (await isEmptied(kept, api))) return kept;
  const made = await api.create(track.knobs, ACCOUNT);
  lab.set(made);
  return made;
}

/**
 * Runs an experiment in a copy of the sandbox.
 * @returns never throws: what hinders it stands in `trouble`
 */
export async function runExperiment(
  track: Track,
  experiment: Experiment,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  const step = track.steps.find((candidate) =>
    candidate.experiments.some((other) => other.id === experiment.id),
  ) as Step;
  let state: RunState = emptyState(track.id);
  let sandbox: SandboxRef | null = null;
  try {
    sandbox = await copyFor(track, experiment, options);
    state = withSandbox(sandbox)(state);
    const walker = new LabWalker({
      track,
      ...options,
      state: () => state,
      change: (how) => {
        state = how(state);
      },
    });
    const place = { api: options.api, sandbox, walker };
    await bringTo(walker, step, (one, work) => arrangeStep(place, one, work));
    const begun = state.log.length;
    const changes: ChangedLine[] = [];
    await applyOps({
      ...{ walker, step, experiment, api: options.api, sandbox },
      onChange: (before, after) => changes.push(...changesOf(before, after)),
    });
    await walker.enrich();
    const entries = state.log.slice(begun).filter((entry) => entry.kind === 'exchange');
    const isOwn = (entry: ExchangeEntry): boolean => entry.step === step.id;
    const outcome = judge(
      experiment,
      entries.filter(isOwn),
      entries.filter((entry) => !isOwn(entry)),
    );
    const told = outcome && { ...outcome, changes };
    return { outcome: told, trouble: outcome ? null : 'Nothing was sent.', state, sandbox };
  } catch (error) {
    const notBuilt =
      error instanceof ApiError && (error.status === 404 || error.status === 405 || error.code === 'not_built');
    const trouble = notBuilt
      ? 'Not possible yet: this server does not offer what the experiment needs.'
      : error instanceof ApiError && error.code === 'rate_limit_exceeded'
        ? 'Too many sandboxes were made from your address within the hour. Try again later.'
        : error instanceof Error
          ? error.message
          : 'It could not be run.';
    return { outcome: null, trouble, state, sandbox };
  }
}
