/**
 * The guide follows an outside client: the same rail, wire, exchanges and holdings, made from what
 * the sandbox's recorder has of it. One pure function from exchanges to everything shown.
 */
import { errorOf, headerOf } from '#lib/exchange/read.ts';
import { derive } from './derive.ts';
import { wentWrong, type StepFacts, stepFacts } from './derive/steps.ts';
import { clockOffsetOf, followedLog } from './follow/log.ts';
import { outsideExchanges } from './follow/whose.ts';
import { followedTrack, PASSED_OVER } from './follow/words.ts';
import { emptyState } from './state.ts';
import type {
  ActionView,
  Exchange,
  ExchangeEntry,
  Facts,
  RunState,
  Running,
  Step,
  StepView,
  Track,
  WalkView,
} from './types.ts';

export interface Followed {
  readonly track: Track;
  readonly state: RunState;
  /** What the client is in the middle of. */
  readonly running: Running | null;
  /** The step of its last exchange that the track knows; null while there is none. */
  readonly at: string | null;
  /** Exchanges of the client in all, and how many of them are beside the track. */
  readonly seen: number;
  readonly beside: number;
}

/**
 * The facts of a walk that an outside client makes in the visitor's sandbox.
 * @param page the run of the page itself: its sandbox, its experiments, and what it sent itself
 * @param exchanges all that the recorder has of the sandbox, oldest first, with secrets
 * @param origin of the page
 */
export function follow(track: Track, page: RunState, exchanges: readonly Exchange[], origin: string): Followed {
  const claimed = new Set(
    page.log.flatMap((entry) => (entry.kind === 'exchange' && entry.source === 'recorder' ? [entry.exchange.seq] : [])),
  );
  const outside = outsideExchanges(exchanges, origin, claimed);
  const empty: RunState = {
    ...emptyState(track.id, page.revision),
    sandbox: page.sandbox,
    experiments: page.experiments,
    lab: page.lab ?? null,
    lost: page.lost,
    clockOffset: clockOffsetOf(exchanges),
  };
  const log = followedLog(track, outside, empty);
  const state: RunState = { ...empty, log };
  const retold = followedTrack(track, log);
  const known = log.filter((entry) => entry.kind === 'exchange' && entry.exchange.seq > 0);
  const at = known.at(-1)?.step ?? null;
  return {
    track: retold,
    state,
    running: runningIn(retold, state, at, origin),
    at,
    seen: outside.length,
    beside: outside.length - known.length,
  };
}

/** A step that has begun, with nothing wrong in it and not all done: its client is in the middle of it. */
function runningIn(track: Track, state: RunState, at: string | null, origin: string): Running | null {
  const step = stepFacts(track, { state, running: null, now: 0, viewing: null, origin }).find(
    (one) => one.step.id === at,
  );
  const last = step?.entries.at(-1);
  if (!step || !last || step.status !== 'failed' || step.entries.some(wasRefused)) return null;
  const isAsked = atConsent(step);
  return {
    step: step.step.id,
    request: last.request,
    experiment: null,
    since: last.at,
    from: isAsked ? 'as' : last.exchange.to,
    to: isAsked ? 'you' : last.exchange.from,
  };
}

/** The server has sent the browser to the consent page, and nobody has decided yet. */
function atConsent(step: StepFacts): boolean {
  return /\/consent\//.test(headerOf(step.entries.at(-1)?.exchange.response ?? null, 'location') ?? '');
}

/** Whether an answer says no, be it in a redirect that nobody sees arrive. */
function wasRefused(entry: ExchangeEntry): boolean {
  return wentWrong(entry) || errorOf(entry.exchange) !== null;
}

/**
 * What is shown of a followed walk.
 * @param facts of the page: the time, the step that is looked at, and an experiment that is under way
 */
export function deriveFollowed(
  followed: Followed,
  facts: Pick<Facts, 'now' | 'viewing' | 'origin'> & Partial<Pick<Facts, 'running'>>,
  offered: readonly string[] | null = null,
): WalkView {
  const { track, state, at } = followed;
  // An experiment is the page's own, in a copy: it does not wait for the client.
  const running = facts.running?.experiment != null ? facts.running : followed.running;
  const steps = stepFacts(track, { state, running, now: facts.now, viewing: null, origin: facts.origin });
  const reached = steps.findLastIndex((step) => step.entries.length > 0);
  const here = steps.findIndex((step) => step.step.id === at);
  const current =
    here >= 0 && steps[here]!.status !== 'done'
      ? at
      : (steps.find((step, index) => index > here && step.status !== 'done')?.step.id ?? null);
  const viewing = facts.viewing ?? current ?? track.steps.at(-1)!.id;
  const view = derive(track, { ...facts, state, running, viewing }, offered);
  const lines = view.steps.map((step, index): StepView => {
    const of = steps[index]!;
    const marked = { ...step, current: step.id === current };
    if (of.entries.length === 0) {
      if (index < reached) return { ...marked, status: 'locked', line: [{ text: PASSED_OVER[step.id] ?? 'not seen' }] };
      return { ...marked, status: 'locked', line: [{ text: step.id === current ? 'what comes next' : 'not yet' }] };
    }
    if (of.status === 'running')
      return { ...marked, line: [{ text: atConsent(of) ? 'asks you, at the consent page' : 'under way' }] };
    return marked;
  });
  const viewed = steps.find((step) => step.step.id === viewing) ?? steps[0]!;
  return {
    ...view,
    steps: lines,
    current,
    finished: reached >= 0 && current === null,
    action: actionFor(followed, view, steps, current),
    failure: viewed.entries.some(wasRefused) ? withoutWayBack(view.failure, viewed.step) : null,
  };
}

/** The way back is the client's to go. */
function withoutWayBack(failure: WalkView['failure'], step: Step): WalkView['failure'] {
  return failure && { ...failure, wayBack: { kind: 'again', step: step.id, label: '' } };
}

const NOTHING = { waitsFor: null, carries: [], href: null, navigates: false, running: false } as const;

function actionFor(
  { track, at, seen, running }: Followed,
  view: WalkView,
  steps: readonly StepFacts[],
  current: string | null,
): ActionView {
  const of = (id: string | null): Step | undefined => track.steps.find((step) => step.id === id);
  const last = of(at);
  const next = of(current);
  if (last && at !== view.step.id && view.step.id !== current) {
    return {
      ...NOTHING,
      kind: 'open',
      step: last.id,
      label: `Go to step ${last.number}, where your client is`,
      note: `${last.title}.`,
      from: last.actor_from,
      to: last.actor_to,
      enabled: true,
    };
  }
  if (reachedEnd(steps))
    return {
      ...NOTHING,
      kind: 'finish',
      step: track.steps.at(-1)!.id,
      label: 'See the whole run',
      note: 'Your client has been through all of it.',
      from: 'you',
      to: 'you',
      enabled: true,
    };
  const isHere = running !== null && running.step === view.step.id;
  const says =
    seen === 0
      ? 'Give it the address, and let it connect.'
      : isHere
        ? running.to === 'you'
          ? 'The browser stands at the consent page.'
          : `${of(running.step)!.title}: one part is done.`
        : next
          ? `Step ${next.number} comes next: ${next.action.toLowerCase()}.`
          : 'It may go on at any time.';
  const shown = next ?? last ?? track.steps[0]!;
  return {
    ...NOTHING,
    kind: 'none',
    step: view.step.id,
    label: seen === 0 ? 'Waits for your client' : 'Waits for its next request',
    note: says,
    from: shown.actor_from,
    to: shown.actor_to,
    enabled: false,
    waitsFor: { says, step: shown.id },
  };
}

function reachedEnd(steps: readonly StepFacts[]): boolean {
  return steps.every((step) => step.status === 'done');
}
