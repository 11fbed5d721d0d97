/** Everything that the page of a level shows: one pure function of the level, its player and the time. */
import { answerOf, challengesOf, errorOf, formOf, headerOf, jsonOf, queryOf, redirectOf } from '#lib/exchange/read.ts';
import { isCallback } from '#lib/guide/callback.ts';
import { holdingsOf } from '#lib/guide/derive/holdings.ts';
import { requestsOf } from '#lib/guide/derive/requests.ts';
import { type StepFacts, wentWrong } from '#lib/guide/derive/steps.ts';
import { messagesOf, plannedMessages, shortPath } from '#lib/guide/derive/wire.ts';
import { PARTY_NAMES, PARTY_TITLES, PARTY_WORDS } from '#lib/guide/derive/words.ts';
import { type Ledger, ledgerOf } from '#lib/guide/ledger.ts';
import { scopesOf } from '#lib/guide/tokens.ts';
import type { Bag, Exchange, ExchangeEntry, Facts, HoldingRow, ParameterView, Party, Wire } from '#lib/guide/types.ts';
import { held } from '#lib/guide/values.ts';
import { countOf, goalOf, isReached } from './goal.ts';
import type { TermView } from './judge.ts';
import type { PlayerSnapshot } from './player.ts';
import { entriesOf, type LevelState } from './state.ts';
import type { Level, LevelMove, Played } from './types.ts';
import { editsOf } from './walker.ts';

/** A line of Fig. 2. Texts are in the markup of the curriculum. */
export interface MoveRow {
  readonly number: number;
  readonly from: Party;
  readonly to: Party;
  /** The clock is no message. */
  readonly isClock: boolean;
  readonly method: string;
  readonly path: string;
  readonly detail: string;
  readonly status: string;
  readonly says: string;
}

/** A button of Fig. 3. */
export interface MoveChoice {
  readonly move: LevelMove;
  readonly chosen: boolean;
  /** Why it cannot be made yet; null: it can. */
  readonly waits: string | null;
}

export interface LevelView {
  readonly terms: readonly TermView[];
  readonly reached: number;
  readonly solved: boolean;
  readonly requests: number;
  /** What has run, or will, before the first move. */
  readonly begins: string;
  /** The same, and what is in hand. */
  readonly start: string;
  readonly rows: readonly MoveRow[];
  readonly undone: MoveRow | null;
  readonly choices: readonly MoveChoice[];
  readonly chosen: LevelMove | null;
  readonly parameters: readonly ParameterView[];
  /** How many of them stand at the head; the others are folded. */
  readonly shown: number;
  readonly wire: Wire;
  /** The step of the wire that is a band: the move to come. */
  readonly band: string | null;
  readonly holdings: readonly HoldingRow[];
  readonly bag: Bag;
}

/** What an answer says, in a few words. */
export function answerWords(exchange: Exchange): string {
  const { response } = exchange;
  if (!response) return 'no answer';
  const location = headerOf(response, 'location');
  if (location !== null) {
    if (/\/consent\//.test(location)) return 'to the consent page';
    const error = errorOf(exchange);
    return error ? `with \`${error}\`` : redirectOf(exchange)?.parameters.has('code') ? 'with `code`' : 'on';
  }
  const challenge = challengesOf(exchange)[0];
  const scope = challenge?.parameters.scope;
  if (typeof scope === 'string' && response.status === 403) return `\`scope="${scope}"\``;
  const error = errorOf(exchange);
  if (error) return `\`${error}\``;
  if (challenge?.parameters.resource_metadata !== undefined) return '`resource_metadata`';
  if (jsonOf(response)?.access_token !== undefined) return '`access_token`';
  if (jsonOf(response)?.client_id !== undefined) return '`client_id`';
  if (answerOf(exchange)?.error !== undefined) return 'an error of the tool';
  return response.status >= 400 ? 'a page' : '';
}

/** What a request is about, in a few words. */
function detailWords(exchange: Exchange): string {
  if (exchange.tool) return `*${exchange.tool}*`;
  if (exchange.endpoint === 'authorize') {
    const scope = queryOf(exchange).get('scope');
    return scope === null ? '' : `\`scope=${scope}\``;
  }
  const form = formOf(exchange);
  if (exchange.endpoint === 'consent')
    return form.get('action') === 'deny' ? '*deny*' : `*approve${form.get('scope') ? `, ${form.get('scope')}` : ''}*`;
  const grant = form.get('grant_type');
  return grant ? `*${grant.split(':').at(-1)!.replaceAll('_', ' ')}*` : '';
}

function rowOf(level: Level, number: number, played: Played, entry: ExchangeEntry | null): MoveRow {
  const move = level.moves.find((one) => one.id === played.move);
  if (!entry)
    return {
      ...{ number, from: 'you', to: 'you', isClock: true, method: '', path: move?.title ?? played.move },
      ...{ detail: played.seconds === null ? '' : `by ${played.seconds} s`, status: '', says: '' },
    };
  const { exchange } = entry;
  return {
    number,
    from: exchange.from,
    to: exchange.to,
    isClock: false,
    method: exchange.request.method,
    path: new URL(exchange.request.url).pathname.replace(/^\/s\/[^/]+/, ''),
    detail: detailWords(exchange),
    status: String(exchange.response?.status ?? ''),
    says: answerWords(exchange),
  };
}

/** The exchanges of each move, in order. */
function byMove(state: LevelState): ExchangeEntry[][] {
  const { log } = state.run;
  return state.moves.map((move, index) =>
    log.slice(state.moves[index - 1]?.end ?? state.started ?? 0, move.end).filter((entry) => entry.kind === 'exchange'),
  );
}

const HELD: readonly (readonly [string, string])[] = [
  ['refresh_token', 'a refresh token'],
  ['previous_refresh_token', 'the refresh token before it, which is used up'],
  ['client_secret', 'a client secret'],
];

/** "You hold an access token for `notes:read` and a refresh token." */
function inHand(level: Level, state: LevelState, origin: string): string {
  const { bag } = ledgerOf(level.track, state.run, origin, state.started ?? 0);
  const token = bag.access_token?.value;
  const scopes = token === undefined ? [] : scopesOf(token);
  const things = [
    ...(token === undefined ? [] : [`an access token for ${scopes.map((one) => `\`${one}\``).join(' and ')}`]),
    ...HELD.filter(([name]) => bag[name] !== undefined).map(([, words]) => words),
  ];
  if (things.length === 0) return bag.client_id === undefined ? '' : 'You have a `client_id`.';
  const last = things.pop()!;
  return `You hold ${things.length > 0 ? `${things.join(', ')} and ` : ''}${last}.`;
}

/** Whether the latest authorization request still waits for its approval. */
function isAsked(state: LevelState): boolean {
  const last = entriesOf(state).findLast(({ exchange }) => ['authorize', 'consent'].includes(exchange.endpoint));
  return last?.exchange.endpoint === 'authorize' || (last?.exchange.response?.status ?? 0) >= 400;
}

function waitsOf(move: LevelMove, bag: Bag, state: LevelState): string | null {
  if (!move.waits) return null;
  if (bag[move.waits.value] === undefined) return move.waits.says;
  return move.id === 'approve' && !isAsked(state) ? move.waits.says : null;
}

const asStep = (
  level: Level,
  id: string,
  number: number,
  entries: readonly ExchangeEntry[],
  ledger: Ledger,
): StepFacts => {
  const step = level.track.steps.find((one) => one.id === id)!;
  return {
    step: { ...step, id: `move-${number}`, number },
    status: entries.some(wentWrong) ? 'failed' : 'done',
    entries,
    ledger,
    lacking: null,
    failing: null,
    staleBecause: null,
    edited: true,
    away: false,
  };
};

function wireOf(level: Level, state: LevelState, chosen: LevelMove | null, facts: Facts, origin: string): Wire {
  const moves = byMove(state);
  const { log } = state.run;
  const past = moves.flatMap((entries, index) =>
    entries.flatMap((entry) => {
      const ledger = ledgerOf(level.track, state.run, origin, log.indexOf(entry) + 1);
      return messagesOf(asStep(level, entry.step, index + 1, entries, ledger), entry, ledger.bag, facts);
    }),
  );
  const next = state.moves.length + 1;
  const now = ledgerOf(level.track, state.run, origin);
  const planned =
    chosen?.step == null
      ? []
      : plannedMessages(
          { ...onlyRequest(asStep(level, chosen.step, next, [], now), chosen.request!), status: 'ready' },
          true,
        );
  return {
    title: 'Your moves, as a sequence of messages',
    parties: (['you', 'client', 'as', 'mcp'] as const).map((party) => ({ party, name: PARTY_NAMES[party] })),
    messages: [...past, ...planned],
    bars: [],
    alt: moves.flatMap((entries, index) => entries.map((entry) => altWords(entry, index + 1))),
    empty: moves.length === 0 ? 'No move has been made yet.' : null,
  };
}

function onlyRequest(of: StepFacts, request: string): StepFacts {
  return { ...of, step: { ...of.step, requests: of.step.requests.filter((one) => one.id === request) } };
}

function altWords({ exchange }: ExchangeEntry, number: number): string {
  if (isCallback(exchange)) return `Move ${number}. You to the client: the browser brings the answer.`;
  const { method, url } = exchange.request;
  return (
    `Move ${number}. ${PARTY_TITLES[exchange.from]} to ${PARTY_WORDS[exchange.to]}: ${method} ${shortPath(url)}, ` +
    `answered by ${exchange.response?.status ?? 'nothing'}.`
  );
}

function parametersOf(level: Level, chosen: LevelMove, played: Played, facts: Facts, now: Ledger): ParameterView[] {
  const step = level.track.steps.find((one) => one.id === chosen.step)!;
  const request = step.requests.find((one) => one.id === chosen.request)!;
  const state = {
    ...facts.state,
    edits: { [step.id]: { [request.id]: editsOf(request, played, now.bag) } },
  };
  const of = { ...asStep(level, step.id, 1, [], now), step };
  const views = requestsOf(level.track, of, { ...facts, state }, now).find((one) => one.id === request.id)!.parameters;
  // Those that matter here first, then those that were changed.
  const rank = (view: ParameterView): number =>
    chosen.shows.includes(view.parameter.name) ? 0 : played.set[view.parameter.name] !== undefined ? 1 : 2;
  const matters = (view: ParameterView): boolean => rank(view) < 2 || played.without.includes(view.parameter.name);
  return [...views.filter(matters), ...views.filter((view) => !matters(view))];
}

/** Works out what is shown. @param now wall time, ms */
export function viewOf(level: Level, snapshot: PlayerSnapshot, origin: string, now: number): LevelView {
  const { state, chosen: played, pending } = snapshot;
  const terms = goalOf(level, state, origin);
  const solved = isReached(terms);
  const ledger = ledgerOf(level.track, state.run, origin);
  const made = Object.fromEntries(
    Object.entries(pending).map(([name, value]) => [name, held(level.track, name, value, null)]),
  );
  const bag: Bag = { ...ledger.bag, ...made };
  const facts: Facts = { state: state.run, running: null, now, viewing: null, origin };
  const chosen = solved ? null : (level.moves.find((one) => one.id === played?.move) ?? null);
  const parameters =
    chosen?.step != null && played ? parametersOf(level, chosen, played, facts, { ...ledger, bag }) : [];
  const matters = parameters.filter(
    ({ parameter: { name } }) =>
      chosen!.shows.includes(name) || played!.set[name] !== undefined || played!.without.includes(name),
  ).length;
  const moves = byMove(state);
  return {
    terms,
    reached: terms.filter((term) => term.reached).length,
    solved,
    requests: countOf(state),
    begins: state.started === null ? level.willBegin : level.begins,
    start:
      state.started === null ? level.willBegin : [level.begins, inHand(level, state, origin)].filter(Boolean).join(' '),
    rows: state.moves.map((move, index) => rowOf(level, index + 1, move.played, moves[index]![0] ?? null)),
    undone: state.undone ? rowOf(level, state.moves.length + 1, state.undone.played, state.undone.entry) : null,
    choices: level.moves.map((move) => ({
      move,
      chosen: move.id === chosen?.id,
      waits: state.started === null ? null : waitsOf(move, ledger.bag, state),
    })),
    chosen,
    parameters,
    shown: chosen && chosen.shows.length === 0 ? parameters.length : matters,
    wire: wireOf(level, state, chosen, facts, origin),
    band: chosen ? `move-${state.moves.length + 1}` : null,
    holdings: holdingsOf(level.track, facts, ledger),
    bag,
  };
}
