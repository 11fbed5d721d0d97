/** The request that is about to be sent, line by line, and the exchanges that were made. */
import { noteFits } from '#lib/exchange/notes.ts';
import { isOmitted, parameterKey, parameterValue, prepareRequest } from '../prepare.ts';
import { type Ledger, ledgerOf } from '../ledger.ts';
import { fill, fillSpans, missingIn, namesIn } from '../values.ts';
import type {
  Bag,
  ExchangeEntry,
  ExchangeView,
  Facts,
  Parameter,
  ParameterView,
  RequestEdits,
  RequestView,
  Step,
  StepRequest,
  Track,
} from '../types.ts';
import { exchangesOf, type StepFacts } from './steps.ts';

/** First character (from 1) in which two texts differ; null if they do not. */
export function differsAt(a: string, b: string): number | null {
  if (a === b) return null;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at + 1;
}

function parameterView(track: Track, parameter: Parameter, bag: Bag, edits: RequestEdits | undefined): ParameterView {
  const key = parameterKey(parameter);
  const original = fill(parameter.value, bag);
  const value = parameterValue(parameter, bag, edits);
  const edited = edits?.[key]?.value != null && value !== original;
  return {
    key,
    parameter,
    in: parameter.in,
    clause: track.clauses[parameter.clause] ?? null,
    value,
    original,
    edited,
    spans: edited ? [{ text: value }] : fillSpans(parameter.value, bag),
    omitted: isOmitted(parameter, edits),
    canOmit: parameter.optional,
    missing: edited ? [] : missingIn(parameter.value, bag),
    differsAt: edited ? differsAt(value, original) : null,
  };
}

function requestView(track: Track, step: Step, request: StepRequest, facts: Facts, bag: Bag): RequestView {
  const edits = facts.state.edits[step.id]?.[request.id];
  const prepared = prepareRequest(request, bag, edits);
  return {
    id: request.id,
    title: request.title,
    from: request.from,
    to: request.to,
    method: prepared.method,
    url: prepared.url,
    headers: prepared.headers,
    body: prepared.body,
    parameters: request.parameters.map((parameter) => parameterView(track, parameter, bag, edits)),
    navigates: request.navigates,
    sendsWhen: request.sends_when,
    missing: prepared.missing,
  };
}

/**
 * All requests of a step: as they were sent where they were and nothing was edited since, else as
 * they would be sent now.
 */
export function requestsOf(track: Track, of: StepFacts, facts: Facts, now: Ledger): RequestView[] {
  return of.step.requests.map((request) => {
    const entry =
      of.edited || of.status === 'stale' || of.status === 'failed'
        ? undefined
        : of.entries.find((candidate) => candidate.request === request.id);
    // The client knew what it sent before it sent it; what others send brings its values along.
    const bag = !entry
      ? now.bag
      : request.from === 'client'
        ? ledgerOf(track, facts.state, facts.origin, facts.state.log.indexOf(entry)).bag
        : of.ledger.bag;
    return requestView(track, of.step, request, facts, bag);
  });
}

/** Names that the templates of a request use: they win where two values are the same string. */
export function preferred(request: StepRequest | undefined): string[] {
  if (!request) return [];
  const templates = [
    request.url,
    ...request.headers.map((header) => header.value),
    ...request.parameters.map((parameter) => parameter.value),
    JSON.stringify(request.body ?? ''),
  ];
  return [...new Set(templates.flatMap(namesIn))];
}

/** An exchange of a step, with its notes. */
export function exchangeView(track: Track, of: StepFacts, entry: ExchangeEntry, facts: Facts): ExchangeView {
  const request = of.step.requests.find((candidate) => candidate.id === entry.request);
  return {
    entry,
    title: request?.title ?? entry.request,
    number: exchangesOf(facts).indexOf(entry) + 1,
    notes: of.step.notes
      .filter((note) => note.request === entry.request && noteFits(note, entry.exchange))
      .map((note) => (note.clause && !track.clauses[note.clause] ? { ...note, clause: null } : note)),
    stale: of.status === 'stale',
    bag: of.ledger.bag,
    prefer: [...Object.keys(entry.made), ...preferred(request)],
  };
}

/** The last exchange before a step's own: shown until there is one. */
export function exchangeBefore(
  track: Track,
  steps: readonly StepFacts[],
  viewed: StepFacts,
  facts: Facts,
): ExchangeView | null {
  if (viewed.entries.length > 0) return null;
  const before = steps.slice(0, steps.indexOf(viewed)).findLast((step) => step.entries.length > 0);
  const entry = before?.entries.at(-1);
  return before && entry ? exchangeView(track, before, entry, facts) : null;
}
