/**
 * A step without a browser: what navigates is fetched, and who would approve is made up.
 */
import { queryOfUrl } from '#lib/exchange/read.ts';
import type { Prepared } from '../prepare.ts';
import { withQuery } from '../prepare.ts';
import { locationOf } from '../walker.ts';
import type { LabWalker } from './lab-walker.ts';
import type { ExchangeEntry, Step, StepRequest } from '../types.ts';

/** What an experiment makes of one of a step's requests. */
export interface Variant {
  /** Changes the request before it is sent. */
  readonly alter: (request: StepRequest, prepared: Prepared) => Prepared;
  /** How often the request is sent at once. */
  readonly parallel: (request: StepRequest) => number;
  /** Ids of requests that must be sent, though somebody else's doing. */
  readonly insists: ReadonlySet<string>;
  /** Stop after the request that was changed, where no later one is needed. */
  readonly only: string | null;
}

export const UNCHANGED: Variant = {
  alter: (_request, prepared) => prepared,
  parallel: () => 1,
  insists: new Set(),
  only: null,
};

/** Sends the authorization request and, where the variant insists on it, the consent form. */
async function navigate(
  walker: LabWalker,
  step: Step,
  request: StepRequest,
  variant: Variant,
): Promise<ExchangeEntry | null> {
  const run = Math.max(1, walker.lastRun(step.id));
  const plain = walker.prepare(step, request);
  const consent = step.requests.find((other) => other.id !== request.id && other.navigates && other.to === 'as');
  const asks = variant !== UNCHANGED;
  const prepared = variant.alter(
    request,
    asks ? plain : { ...plain, url: withQuery(plain.url, [['auto_approve', 'true']]) },
  );
  await walker.send(step, request, prepared, { run, credentials: asks ? 'same-origin' : 'omit' });
  await walker.enrich();
  let answer = walker.lastExchange(step.id);
  if (asks && consent && variant.insists.has(consent.id) && /\/consent\//.test(locationOf(answer?.exchange) ?? '')) {
    const form = variant.alter(consent, walker.prepare(step, consent));
    // A browser adds Origin by itself, and the cookie of the page; a script has neither.
    await walker.send(
      step,
      consent,
      { ...form, headers: form.headers.filter(([name]) => name !== 'Origin') },
      { run, credentials: 'same-origin' },
    );
    await walker.enrich();
    answer = walker.lastExchange(step.id);
  }
  const location = locationOf(answer?.exchange);
  if (location !== null && !asks && queryOfUrl(location).get('code') !== null) return walker.arrive(location);
  return answer;
}

/**
 * Runs a step once.
 * @returns its last exchange; null where it sent nothing
 */
export async function runStep(
  walker: LabWalker,
  step: Step,
  variant: Variant = UNCHANGED,
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
    const count = variant.parallel(request);
    const prepared = variant.alter(request, walker.prepare(step, request));
    const sent =
      count === 1
        ? [await walker.send(step, request, prepared, { run })]
        : await walker.sendAll(step, request, prepared, count, run);
    last = sent.at(-1) ?? null;
    const mayGoOn = sent.every((entry) => walker.mayContinue(entry));
    if (!mayGoOn || variant.only === request.id) break;
  }
  return last;
}

/**
 * Brings a fresh sandbox to a step by walking the ones before.
 * @returns null, or why it could not be brought there
 */
export async function bringTo(walker: LabWalker, target: Step): Promise<string | null> {
  for (const step of walker.track.steps) {
    if (step.id === target.id) return null;
    await runStep(walker, step);
  }
  return null;
}
