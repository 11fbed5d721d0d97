/**
 * The operations of an experiment. What concerns the sandbox is done through the control API; what
 * concerns a request is done to the request that would have been sent.
 */
import { parseObject } from '#lib/exchange/read.ts';
import { makePkce } from '../pkce.ts';
import { getPointer, type Prepared, setPointer, toJson, withQuery } from '../prepare.ts';
import { fillJson } from '../values.ts';
import type { LabWalker } from './lab-walker.ts';
import type { Bag, ChangeOp, ControlApi, ExchangeEntry, Experiment, SandboxRef, Step, StepRequest } from '../types.ts';
import { runStep, UNCHANGED, type Variant } from './headless.ts';

export interface OpsContext {
  readonly walker: LabWalker;
  readonly step: Step;
  readonly experiment: Experiment;
  readonly api: ControlApi;
  readonly sandbox: SandboxRef;
  readonly run: (variant: Variant) => Promise<ExchangeEntry | null>;
}

const FORM = 'application/x-www-form-urlencoded';

/** Flips a character in the middle of a token's signature: its last ones may carry bits that mean nothing. */
export function tamperSignature(token: string): string {
  const cut = token.lastIndexOf('.') + 1;
  const at = cut + Math.floor((token.length - cut) / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

function withPairs(text: string, edit: (pairs: URLSearchParams) => void): string {
  const pairs = new URLSearchParams(text);
  edit(pairs);
  return pairs.toString();
}

function onQuery(prepared: Prepared, edit: (pairs: URLSearchParams) => void): Prepared {
  const [address, query = ''] = prepared.url.split('?', 2);
  const changed = withPairs(query, edit);
  return { ...prepared, url: changed === '' ? address! : `${address}?${changed}` };
}

function onHeader(prepared: Prepared, name: string, value: string | null): Prepared {
  const others = prepared.headers.filter(([known]) => known.toLowerCase() !== name.toLowerCase());
  return { ...prepared, headers: value === null ? others : [...others, [name, value]] };
}

const valueIn = (prepared: Prepared, name: string): string =>
  prepared.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? '';

/** `set`, `append` and `remove`, wherever the value stands. */
function put(prepared: Prepared, change: ChangeOp, bag: Bag): Prepared {
  const value = fillJson(change.value, bag);
  const next = (before: string): string => (change.op === 'append' ? before + String(value) : String(value));
  if (change.query !== undefined)
    return onQuery(prepared, (pairs) =>
      change.op === 'remove'
        ? pairs.delete(change.query!)
        : pairs.set(change.query!, next(pairs.get(change.query!) ?? '')),
    );
  if (change.form !== undefined) {
    return {
      ...prepared,
      body: withPairs(prepared.body ?? '', (pairs) =>
        change.op === 'remove'
          ? pairs.delete(change.form!)
          : pairs.set(change.form!, next(pairs.get(change.form!) ?? '')),
      ),
    };
  }
  if (change.header !== undefined)
    return onHeader(prepared, change.header, change.op === 'remove' ? null : next(valueIn(prepared, change.header)));
  if (change.at !== undefined) {
    const body = parseObject(prepared.body);
    const before = getPointer(body, change.at);
    return {
      ...prepared,
      body: toJson(
        setPointer(
          body,
          change.at,
          change.op === 'remove'
            ? undefined
            : change.op === 'append'
              ? `${String(before ?? '')}${String(value)}`
              : value,
        ),
      ),
    };
  }
  return prepared;
}

/** JSON as a form: lists become one parameter with spaces, as somebody would try it. */
function asForm(text: string | null): string {
  const body = parseObject(text) ?? {};
  return new URLSearchParams(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : String(value)]),
  ).toString();
}

/** Applies one operation to a request that is about to be sent. */
export function alterRequest(prepared: Prepared, change: ChangeOp, bag: Bag): Prepared {
  switch (change.op) {
    case 'set':
    case 'append':
    case 'remove':
      return put(prepared, change, bag);
    case 'set_url':
      return {
        ...prepared,
        url:
          String(fillJson(change.value, bag)) +
          (prepared.url.includes('?') && !String(change.value).includes('?')
            ? prepared.url.slice(prepared.url.indexOf('?'))
            : ''),
      };
    case 'content_type': {
      const isForm = String(change.value).includes('form');
      return onHeader(
        { ...prepared, body: isForm && parseObject(prepared.body) ? asForm(prepared.body) : prepared.body },
        'Content-Type',
        String(change.value),
      );
    }
    case 'method': {
      if (change.value !== 'GET') return { ...prepared, method: String(change.value) };
      const isForm = valueIn(prepared, 'Content-Type').includes(FORM);
      const bare = onHeader({ ...prepared, method: 'GET', body: null }, 'Content-Type', null);
      return isForm ? { ...bare, url: withQuery(prepared.url, [...new URLSearchParams(prepared.body ?? '')]) } : bare;
    }
    case 'tamper':
      return change.header
        ? onHeader(prepared, change.header, tamperSignature(valueIn(prepared, change.header)))
        : prepared;
    default:
      return prepared;
  }
}

const TO_REQUESTS = new Set(['set', 'append', 'remove', 'set_url', 'content_type', 'method', 'tamper']);

function variantOf(context: OpsContext, changes: readonly ChangeOp[]): Variant {
  const { walker, step } = context;
  const first = step.requests[0]!.id;
  const targets = (change: ChangeOp): string => change.request ?? first;
  return {
    alter: (request: StepRequest, prepared: Prepared) =>
      changes
        .filter((change) => TO_REQUESTS.has(change.op) && targets(change) === request.id)
        .reduce((altered, change) => alterRequest(altered, change, walker.bag()), prepared),
    parallel: (request) =>
      changes.find((change) => change.op === 'parallel' && targets(change) === request.id)?.count ?? 1,
    insists: new Set(changes.map(targets)),
    only: null,
  };
}

/** What is done to the sandbox before the step runs. */
async function prepareSandbox(context: OpsContext): Promise<void> {
  const { walker, api, sandbox, experiment } = context;
  for (const change of experiment.change) {
    if (change.op === 'clock') await api.post(sandbox, 'clock', { advance: change.advance });
    else if (change.op === 'fault') await api.post(sandbox, 'faults', change.fault);
    else if (change.op === 'api')
      await api.post(sandbox, String(change.path), fillJson(change.body ?? {}, walker.bag()));
    else if (change.op === 'user') await api.post(sandbox, 'users', change.user ?? {});
    else if (change.op === 'register_another') await walker.registerAnother();
  }
  if (JSON.stringify(experiment.change).includes('{fresh_code_verifier}'))
    walker.hold({ fresh_code_verifier: (await makePkce()).verifier });
}

/**
 * Prepares the sandbox, runs the step with its changes, and what is to follow it.
 */
export async function applyOps(context: OpsContext): Promise<void> {
  const { walker, step, experiment } = context;
  await prepareSandbox(context);
  const later = experiment.change.filter((change) => change.after !== undefined);
  const sooner = experiment.change.filter(
    (change) => change.after === undefined && change.op !== 'replay' && change.op !== 'then',
  );
  const replays = experiment.change.filter((change) => change.op === 'replay');
  const isFirstPlain =
    later.some((change) => change.op !== 'replay') && sooner.every((change) => !TO_REQUESTS.has(change.op));
  // Experiments at a step that navigates must ask, so an unchanged step still runs as a variant.
  await context.run(isFirstPlain ? UNCHANGED : variantOf(context, sooner));
  await walker.enrich();
  const edits = later.filter((change) => change.op !== 'replay');
  if (edits.length > 0) await context.run(variantOf(context, edits));
  for (const change of replays) await walker.replay(step, change.request ?? step.requests[0]!.id);
  await walker.enrich();
  for (const change of experiment.change)
    if (change.op === 'then' && change.step) await runStep(walker, walker.step(change.step));
}
