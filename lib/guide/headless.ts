/**
 * A step without its page: what only a browser can do is fetched, and a made-up user approves. For the way to a step
 * ("Bring me here"), for the steps that a track begins with, and for experiments.
 */
import { formOf, queryOfUrl } from '#lib/exchange/read.ts';
import { type Prepared, withQuery } from './prepare.ts';
import { unfulfilled } from './predicates/index.ts';
import { callbackRequest } from './callback.ts';
import { locationOf, type Walker } from './walker.ts';
import type { ExchangeEntry, Step, StepRequest } from './types.ts';

/** What an experiment makes of the requests of a step. */
export interface Variant {
  /** Changes a request before it is sent. */
  readonly alter: (request: StepRequest, prepared: Prepared) => Prepared | Promise<Prepared>;
  /** How many times the request is sent at the same instant. */
  readonly times: (request: StepRequest) => number;
  /** Ids of requests that are sent, though a person would decide about them. */
  readonly insists: ReadonlySet<string>;
  readonly sendsCookies: boolean;
}

export const UNCHANGED: Variant = {
  alter: (_request, prepared) => prepared,
  times: () => 1,
  insists: new Set(),
  sendsCookies: false,
};

/** Sends one request several times at the same instant; only experiments do. */
export type SendAll = (
  step: Step,
  request: StepRequest,
  prepared: Prepared,
  count: number,
  run: number,
) => Promise<ExchangeEntry[]>;

/** The form that a person would send on the page that a navigation opened; undefined if there is none. */
function decisionOf(step: Step, request: StepRequest): StepRequest | undefined {
  return step.requests.find((other) => other.id !== request.id && other.navigates && other.to === 'as');
}

const hidden = (html: string | null | undefined, name: string): string | null =>
  new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html ?? '')?.[1] ??
  new RegExp(`value="([^"]*)"[^>]*name="${name}"`).exec(html ?? '')?.[1] ??
  null;

/** Fills in a form of the server: with the ticket of its page, and without the headers that only a browser sets. */
function asForm(prepared: Prepared, page: ExchangeEntry | null): Prepared {
  const form = new URLSearchParams(prepared.body ?? '');
  const ticket = hidden(page?.exchange.response?.body, 'ticket');
  if (ticket !== null) form.set('ticket', ticket);
  // A scope that nobody has ticked yet is not known: the form then leaves all as it was asked.
  for (const [name, value] of [...form]) if (/^\{\w+\}$/.test(value)) form.delete(name);
  return {
    ...prepared,
    headers: prepared.headers.filter(([name]) => name !== 'Origin'),
    body: form.toString(),
  };
}

/** Sends what a browser would navigate to and, if it has to be decided, the form of its page. */
async function navigate(
  walker: Walker,
  step: Step,
  request: StepRequest,
  variant: Variant,
): Promise<ExchangeEntry | null> {
  const run = Math.max(1, walker.lastRun(step.id));
  const decision = decisionOf(step, request);
  const plain = walker.prepare(step, request);
  const isChanged = variant !== UNCHANGED;
  const leadsBack = callbackRequest(step) !== undefined;
  const asks = isChanged || !leadsBack;
  const prepared = asks ? plain : { ...plain, url: withQuery(plain.url, [['auto_approve', 'true']]) };
  // The form of a page is taken from the browser that was shown the page: its cookie says so.
  const credentials = asks && (variant.sendsCookies || !isChanged) ? 'same-origin' : 'omit';
  await walker.send(step, request, await variant.alter(request, prepared), { run, credentials });
  await walker.enrich();
  let answer = walker.lastExchange(step.id);
  const isAsked = leadsBack
    ? variant.insists.has(decision?.id ?? '') && /\/consent\//.test(locationOf(answer?.exchange) ?? '')
    : answer?.exchange.response?.status === 200;
  if (decision && isAsked) {
    const form = asForm(walker.prepare(step, decision), answer);
    await walker.send(step, decision, await variant.alter(decision, form), { run, credentials });
    await walker.enrich();
    answer = walker.lastExchange(step.id);
  }
  const location = locationOf(answer?.exchange);
  const hasCode = location !== null && queryOfUrl(location).get('code') !== null;
  const wasDecided = answer !== null && formOf(answer.exchange).has('action');
  return leadsBack && hasCode && (!isChanged || wasDecided) ? walker.arrive(location!) : answer;
}

/**
 * Runs a step once.
 * @returns its last exchange; null if it sent nothing
 */
export async function runStep(
  walker: Walker,
  step: Step,
  variant: Variant = UNCHANGED,
  sendAll: SendAll | null = null,
): Promise<ExchangeEntry | null> {
  const before = walker.wasSent(step.id);
  await walker.makeFresh(step);
  const run = before
    ? walker.lastRun(step.id) + (walker.wasSent(step.id) ? 1 : 0)
    : Math.max(1, walker.lastRun(step.id));
  let last: ExchangeEntry | null = null;
  for (const request of step.requests.filter((candidate) => candidate.sends_when === null)) {
    if (request.navigates) {
      last = await navigate(walker, step, request, variant);
      continue;
    }
    await walker.makeProof(step, request, run);
    const prepared = await variant.alter(request, walker.prepare(step, request));
    const count = variant.times(request);
    const sent =
      count === 1 || sendAll === null
        ? [await walker.send(step, request, prepared, { run })]
        : await sendAll(step, request, prepared, count, run);
    last = sent.at(-1) ?? null;
    const expectsMore = step.done_when.some((one) => one.all.some((term) => term.seen?.proof === 'nonce'));
    if (!sent.every((entry) => walker.mayContinue(entry)) && !expectsMore) break;
  }
  return last;
}

/** Whether the latest attempt at a step did what the step is for: then it need not run again. */
export function isDone(walker: Walker, step: Step): boolean {
  const run = walker.lastRun(step.id);
  const all = walker.state.log.filter((entry) => entry.kind === 'exchange');
  const entries = all.filter((entry) => entry.step === step.id && entry.run === run);
  if (entries.length === 0) return false;
  const facts = { ledger: walker.ledger(), entries, all, at: walker.now() };
  return unfulfilled(step.done_when, facts) === null;
}

/**
 * Brings a sandbox to a step: what the track begins with, then the steps before it, as far as they have not run.
 * @param around runs a step with what it needs of the sandbox
 */
export async function bringTo(
  walker: Walker,
  target: Step,
  around: (step: Step, work: () => Promise<void>) => Promise<void> = (_step, work) => work(),
): Promise<void> {
  const { before, steps } = walker.track;
  const own = steps.slice(
    0,
    steps.findIndex((step) => step.id === target.id),
  );
  for (const step of [...before, ...own]) {
    if (isDone(walker, step)) continue;
    await around(step, async () => {
      await runStep(walker, step);
    });
  }
}
