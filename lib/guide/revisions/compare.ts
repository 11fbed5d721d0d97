/**
 * A step at another revision: it runs twice, in two copies of the sandbox, once as it is walked and once as a client
 * and a server of that revision did it. The difference is what is shown.
 */
import type { Fetch } from '#lib/client/request.ts';
import { LabWalker } from '../experiments/lab-walker.ts';
import { differenceOf } from '../experiments/diff.ts';
import { bringTo, isDone, runStep } from '../headless.ts';
import { headerOf, parseObject } from '#lib/exchange/read.ts';
import { arrangeStep } from '../prelude.ts';
import type { Prepared } from '../prepare.ts';
import { endpointOf } from '../record.ts';
import { emptyState, withSandbox } from '../state.ts';
import type { Bag, ChangedLine, ControlApi, ExchangeEntry, RunState, Step, StepRequest, Track } from '../types.ts';
import { exchangeLines } from './lines.ts';
import { metadataUrl } from '../values/read/as-metadata-url.ts';
import { asWritten, EARLIER, initialized, initializing, type Revision, rpcOf } from './revisions.ts';

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
  /** What has to be known of it beside the lines; null: nothing. */
  readonly says: string | null;
  /** Empty if nothing is different. */
  readonly lines: readonly ChangedLine[];
}
export interface Comparison {
  readonly exchanges: readonly ComparedExchange[];
  /** Title of the step where a client of the other revision gets no further, if that is before this one. */
  readonly endsAt: string | null;
  /** Why it could not be run, for a person. */
  readonly trouble: string | null;
}

/** A client of an earlier revision, or (null) the one of the walk. */
class RevisionWalker extends LabWalker {
  revision: Revision | null = null;
  /** Id of the request in whose place it says `initialize`; null: in no place. */
  opening: string | null = null;
  override prepare(step: Step, request: StepRequest): Prepared {
    const prepared = super.prepare(step, request);
    if (this.revision === null) return prepared;
    const written = asWritten(this.revision, request, prepared);
    return this.opening === request.id ? initializing(this.revision, written, this.clientName) : written;
  }
  get clientName(): string {
    return this.bag().client_name?.value ?? '';
  }
}

interface Ran {
  readonly entries: readonly ExchangeEntry[];
  readonly bag: Bag;
  /** Title of the step where it ended, if that is before the one that was asked for. */
  readonly endsAt: string | null;
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
    const before = track.steps.slice(0, track.steps.indexOf(step));
    const endsAt = before.find((one) => !isDone(walker, one) && isRefused(walker, one))?.title ?? null;
    if (revision !== null && Object.keys(revision.late).length > 0) await api.configure(sandbox, revision.late);
    const begun = state.log.length;
    const sent = revision === null ? step : existing(walker, step, revision);
    await around(sent, async () => {
      if (revision !== null) await initialize(walker, sent, revision);
      await runStep(walker, sent);
    });
    await walker.enrich();
    const entries = state.log.slice(begun).filter((entry) => entry.kind === 'exchange');
    return { entries, bag: walker.bag(), endsAt };
  } finally {
    await api.remove(sandbox);
  }
}

/** Whether a step has ended with an error. Some are not done only because the revision has no sign of it. */
const isRefused = (walker: RevisionWalker, { id }: Step): boolean =>
  (walker.lastExchange(id)?.exchange.response?.status ?? 0) >= 400;

/** The step as far as its endpoints existed. The issuer is then known without a document that names it. */
function existing(walker: RevisionWalker, step: Step, { absent }: Revision): Step {
  const { base } = walker.bag();
  const requests = step.requests.filter((request) => !absent.includes(endpointOf(walker.prepare(step, request).url)));
  if (requests.length < step.requests.length && base)
    walker.hold({ issuer: base.value, as_metadata_url: metadataUrl(base.value) });
  return { ...step, requests };
}

const hasToken = ({ headers }: Prepared): boolean => headers.some(([name]) => name.toLowerCase() === 'authorization');

/**
 * Before its first request to an MCP server a client says who it is. Without a token that is what is refused; with one
 * it goes on to say that it is ready.
 */
async function initialize(walker: RevisionWalker, step: Step, revision: Revision): Promise<void> {
  const request = step.requests.find((one) => rpcOf(one, walker.prepare(step, one).body) !== null);
  if (!request || request.sends_when !== null) return;
  const run = Math.max(1, walker.lastRun(step.id));
  await walker.makeProof(step, request, run);
  const prepared = walker.prepare(step, request);
  const isKnown = walker.state.log.some(
    (entry) =>
      entry.kind === 'exchange' &&
      entry.exchange.request.url === prepared.url &&
      headerOf(entry.exchange.request, 'authorization') !== null,
  );
  if (isKnown) return;
  if (!hasToken(prepared)) {
    walker.opening = request.id;
    return;
  }
  const first = await walker.send(step, request, initializing(revision, prepared, walker.clientName), { run });
  if (first.exchange.response?.status !== 200) return;
  await walker.makeProof(step, request, run);
  await walker.send(step, request, initialized(walker.prepare(step, request)), { run });
}

/** Messages that only earlier revisions have, and what they are called here. */
const OPENINGS: Readonly<Record<string, string>> = {
  initialize: 'Say who the client is',
  'notifications/initialized': 'Say that it is ready',
};

/** The message of such an exchange; null if it is none. */
function openingOf({ exchange }: ExchangeEntry): string | null {
  const method = parseObject(exchange.request.body)?.method;
  return typeof method === 'string' && Object.hasOwn(OPENINGS, method) ? method : null;
}

const titleOf = (step: Step, entry: ExchangeEntry): string =>
  step.requests.find((request) => request.id === entry.request)?.title ?? entry.request;
const statusOf = (entry: ExchangeEntry): number | null => entry.exchange.response?.status ?? null;

/** What has to be known of an exchange of an earlier revision beside its lines. */
function remarkOf(entry: ExchangeEntry, revision: Revision | null): string | null {
  if (openingOf(entry) !== null) return 'At this revision a client begins with `initialize`, and that is refused.';
  if (revision?.inMetadata && entry.exchange.endpoint === 'as-metadata')
    return (
      'At this revision a client looks at the root of the MCP server’s own origin. A sandbox lives under a path, so ' +
      'that the document is read there.'
    );
  return null;
}

/** Pairs the exchanges of two runs by their requests, and says what is different in each. */
function paired(step: Step, revision: Revision | null, here: Ran, there: Ran): ComparedExchange[] {
  const rest = [...here.entries];
  const compared = there.entries.map((entry): ComparedExchange => {
    const theirs = exchangeLines(entry.exchange, there.bag);
    const opening = openingOf(entry);
    // With a token it comes before what is walked here; without one, in its place.
    if (opening !== null && headerOf(entry.exchange.request, 'authorization') !== null) {
      const lines = theirs.map((text): ChangedLine => ({ kind: 'now', text }));
      return { title: OPENINGS[opening]!, only: 'there', status: statusOf(entry), says: null, lines };
    }
    const at = rest.findIndex((own) => own.request === entry.request);
    const [own] = at < 0 ? [] : rest.splice(at, 1);
    const lines = differenceOf(own ? exchangeLines(own.exchange, here.bag) : [], theirs);
    const isSame = lines.every((line) => line.kind === 'same');
    return {
      title: titleOf(step, entry),
      only: own ? null : 'there',
      status: statusOf(entry),
      says: remarkOf(entry, revision),
      lines: isSame ? [] : lines,
    };
  });
  const gone = rest.map((entry): ComparedExchange => {
    const title = titleOf(step, entry);
    return { title, only: 'here', status: null, says: null, lines: [] };
  });
  // What is not sent there stood before the rest here, but for what an error ends.
  const isFirst = here.entries[0] !== undefined && rest.includes(here.entries[0]);
  return isFirst ? [...gone, ...compared] : [...compared, ...gone];
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
    const endsAt = here.endsAt === null ? there.endsAt : null;
    if (endsAt !== null) return { exchanges: [], endsAt, trouble: null };
    return { exchanges: paired(step, other, here, there), endsAt: null, trouble: null };
  } catch (error) {
    return { exchanges: [], endsAt: null, trouble: error instanceof Error ? error.message : 'It could not be run.' };
  }
}
