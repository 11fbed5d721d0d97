/**
 * A step at another revision: it runs twice, in two copies of the sandbox, once as it is walked and once as a client
 * and a server of that revision did it. The difference is what is shown.
 */
import type { Fetch } from '#lib/client/request.ts';
import { LabWalker } from '../experiments/lab-walker.ts';
import { differenceOf } from '../experiments/diff.ts';
import { bringTo, runStep } from '../headless.ts';
import { arrangeStep } from '../prelude.ts';
import type { Prepared } from '../prepare.ts';
import { emptyState, withSandbox } from '../state.ts';
import type { Bag, ChangedLine, ControlApi, ExchangeEntry, RunState, Step, StepRequest, Track } from '../types.ts';
import { exchangeLines } from './lines.ts';
import { asWritten, EARLIER, initializing, type Revision, rpcOf } from './revisions.ts';

export interface CompareOptions {
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi;
  readonly now: () => number;
}

export interface ComparedExchange {
  readonly title: string;
  /** `here`: only as it is walked; `there`: only at the other revision. */
  readonly only: 'here' | 'there' | null;
  readonly status: number | null;
  /** Empty if nothing is different. */
  readonly lines: readonly ChangedLine[];
}
export interface Comparison {
  readonly exchanges: readonly ComparedExchange[];
  /** Why it could not be run, for a person. */
  readonly trouble: string | null;
}

/** A client of an earlier revision, or (null) the one of the walk. */
class RevisionWalker extends LabWalker {
  revision: Revision | null = null;
  override prepare(step: Step, request: StepRequest): Prepared {
    const prepared = super.prepare(step, request);
    return this.revision === null ? prepared : asWritten(this.revision, request, prepared);
  }
}

interface Ran {
  readonly entries: readonly ExchangeEntry[];
  /** Entries that say `initialize`. */
  readonly first: ReadonlySet<ExchangeEntry>;
  readonly bag: Bag;
}

/** Runs a step in a copy of its own, which is removed afterwards. */
async function runAt(track: Track, step: Step, revision: Revision | null, options: CompareOptions): Promise<Ran> {
  const { api } = options;
  const sandbox = await api.create({ ...track.knobs, ...revision?.knobs });
  try {
    let state: RunState = withSandbox(sandbox)(emptyState(track.id));
    const change = (how: (before: RunState) => RunState) => {
      state = how(state);
    };
    const walker = new RevisionWalker({ track, ...options, state: () => state, change });
    walker.revision = revision;
    const around = (one: Step, work: () => Promise<void>) => arrangeStep({ api, sandbox, walker }, one, work);
    await bringTo(walker, step, around);
    if (revision !== null && Object.keys(revision.late).length > 0) await api.configure(sandbox, revision.late);
    const begun = state.log.length;
    await around(step, async () => {
      if (revision !== null) await initialize(walker, step, revision);
      await runStep(walker, step);
    });
    await walker.enrich();
    const entries = state.log.slice(begun).filter((entry) => entry.kind === 'exchange');
    const isFirst = (entry: ExchangeEntry): boolean => entry.exchange.request.body?.includes('"initialize"') === true;
    return { entries, first: new Set(entries.filter(isFirst)), bag: walker.bag() };
  } finally {
    await api.remove(sandbox);
  }
}

/** Before its first MCP request with a token, a client says who it is. */
async function initialize(walker: RevisionWalker, step: Step, revision: Revision): Promise<void> {
  const request = step.requests.find((one) => rpcOf(one, walker.prepare(step, one).body) !== null);
  if (!request || request.sends_when !== null) return;
  const run = Math.max(1, walker.lastRun(step.id));
  await walker.makeProof(step, request, run);
  const prepared = walker.prepare(step, request);
  if (!prepared.headers.some(([name]) => name.toLowerCase() === 'authorization')) return;
  await walker.send(step, request, initializing(revision, prepared, walker.bag().client_name?.value ?? ''), { run });
}

const titleOf = (step: Step, entry: ExchangeEntry): string =>
  step.requests.find((request) => request.id === entry.request)?.title ?? entry.request;
const statusOf = (entry: ExchangeEntry | undefined): number | null => entry?.exchange.response?.status ?? null;

/** Pairs the exchanges of two runs by their requests, and says what is different in each. */
function paired(step: Step, here: Ran, there: Ran): ComparedExchange[] {
  const rest = [...here.entries];
  const compared = there.entries.map((entry): ComparedExchange => {
    const theirs = exchangeLines(entry.exchange, there.bag);
    if (there.first.has(entry)) {
      const lines = theirs.map((text): ChangedLine => ({ kind: 'now', text }));
      return { title: 'Say who one is', only: 'there', status: statusOf(entry), lines };
    }
    const at = rest.findIndex((own) => own.request === entry.request);
    const [own] = at < 0 ? [] : rest.splice(at, 1);
    const lines = differenceOf(own ? exchangeLines(own.exchange, here.bag) : [], theirs);
    const isSame = lines.every((line) => line.kind === 'same');
    return {
      title: titleOf(step, entry),
      only: own ? null : 'there',
      status: statusOf(entry),
      lines: isSame ? [] : lines,
    };
  });
  const gone = rest.map((entry) => ({ title: titleOf(step, entry), only: 'here' as const, status: null, lines: [] }));
  return [...compared, ...gone];
}

/**
 * Compares a step with the same one at another revision.
 * @param revision id of an earlier revision; the revision that is walked itself gives no difference
 * @returns never throws: what hinders it stands in `trouble`
 */
export async function compareAt(
  track: Track,
  step: Step,
  revision: string,
  options: CompareOptions,
): Promise<Comparison> {
  const other = EARLIER.find((one) => one.id === revision) ?? null;
  try {
    const here = await runAt(track, step, null, options);
    const there = await runAt(track, step, other, options);
    return { exchanges: paired(step, here, there), trouble: null };
  } catch (error) {
    return { exchanges: [], trouble: error instanceof Error ? error.message : 'It could not be run.' };
  }
}
