/**
 * The log of a walk that an outside client makes: its recorded exchanges, each at its step, with the
 * values that they show. Pure: the same exchanges make the same log.
 */
import { isCallback } from '../callback.ts';
import { formOf, headerOf, jsonOf, parameterOf, queryOfUrl } from '#lib/exchange/read.ts';
import { extractValues } from '../extract.ts';
import { pageExchange } from '../record.ts';
import { freshKey } from '../state.ts';
import type { Entry, Exchange, ExchangeEntry, RunState, Step, Track } from '../types.ts';
import { type Place, placeOf } from './place.ts';

/** Values of an authorization request that its client has made, or brings along. */
const BROUGHT = ['state', 'code_challenge', 'redirect_uri', 'nonce'] as const;

class FollowedLog {
  log: Entry[] = [];
  readonly #track: Track;
  readonly #empty: RunState;
  readonly #runs = new Map<string, number>();
  #clientId: string | null = null;
  #revoked = false;

  constructor(track: Track, empty: RunState) {
    this.#track = track;
    this.#empty = empty;
  }

  #step(id: string): Step {
    return this.#track.steps.find((step) => step.id === id)!;
  }

  #number(id: string): number {
    return this.#step(id).number;
  }

  #of(step: string, run: number): ExchangeEntry[] {
    return this.log
      .filter((entry) => entry.kind === 'exchange')
      .filter((entry) => entry.step === step && entry.run === run);
  }

  /** A new attempt where the client has gone on since, or asks again what was answered. */
  #runFor({ step, request }: Place, exchange: Exchange): number {
    const run = this.#runs.get(step) ?? 1;
    // Documents may be read again at any time; that is no other attempt.
    if (step === 'discovery') return run;
    const mine = this.#of(step, run);
    const last = mine.at(-1);
    const goneOn =
      last !== undefined &&
      this.log
        .slice(this.log.indexOf(last))
        .some((entry) => entry.kind === 'exchange' && this.#number(entry.step) > this.#number(step));
    const refused = (one: Exchange): boolean => (one.response?.status ?? 500) >= 400;
    const answered =
      mine.some((entry) => entry.request === request && !refused(entry.exchange)) ||
      (step === 'call' && refused(exchange));
    const begins = request === 'authorize' || step === 'challenge';
    const next =
      last !== undefined && (goneOn || answered || begins) && !(step === 'revoke' && request === 'call')
        ? run + 1
        : run;
    this.#runs.set(step, next);
    return next;
  }

  #key(step: string, what: string, run: number): string {
    return freshKey({ ...this.#empty, log: this.log }, step, what, run);
  }

  #push(place: Place, run: number, exchange: Exchange, made: Readonly<Record<string, string>>): void {
    const request = this.#step(place.step).requests.find((candidate) => candidate.id === place.request)!;
    const at = Date.parse(exchange.at);
    this.log.push({
      kind: 'exchange',
      key: this.#key(place.step, place.request, run),
      step: place.step,
      request: place.request,
      run,
      at,
      source: 'recorder',
      used: {},
      edits: {},
      checks: [],
      exchange: { ...exchange, from: request.from, to: request.to },
      made,
      failed: exchange.response === null ? 'network' : null,
    });
  }

  /** What the client must have made before: it shows now. */
  #note(step: string, at: number, made: Readonly<Record<string, string>>): void {
    const run = this.#runs.get(step) ?? 1;
    this.log.push({ kind: 'made', key: this.#key(step, 'made', run), step, run, at, made });
  }

  /** A document that is read again takes the place of the one before. */
  #forgetSame(place: Place, exchange: Exchange): void {
    this.log = this.log.filter(
      (entry) =>
        !(
          entry.kind === 'exchange' &&
          entry.step === place.step &&
          entry.request === place.request &&
          entry.exchange.request.url === exchange.request.url &&
          entry.exchange.response?.status === exchange.response?.status
        ),
    );
  }

  add(exchange: Exchange): void {
    const place = placeOf(exchange, { revoked: this.#revoked });
    if (place === null || !this.#step(place.step)?.requests.some((request) => request.id === place.request)) return;
    if (place.request === 'authorize' && this.#isRepeated(exchange)) return;
    if (place.step === 'discovery') this.#forgetSame(place, exchange);
    if (place.step === 'token') this.#arrival(exchange);
    const run = this.#runFor(place, exchange);
    const step = this.#step(place.step);
    const made = {
      ...extractValues(step, step.requests.find((request) => request.id === place.request)!, exchange),
      ...this.#brought(place, exchange),
    };
    this.#push(place, run, exchange, made);
    if (made.client_id) this.#clientId = made.client_id;
    if (place.step === 'revoke' && place.request === 'revoke') this.#revoked = (exchange.response?.status ?? 500) < 400;
    if (made.access_token) this.#revoked = false;
  }

  /** "Authorization requests that are equal byte for byte count once": browsers repeat and prefetch them. */
  #isRepeated(exchange: Exchange): boolean {
    const last = this.log.findLast((entry) => entry.kind === 'exchange' && entry.request === 'authorize');
    return (
      last?.kind === 'exchange' &&
      last.exchange.request.url === exchange.request.url &&
      last.exchange.request.method === exchange.request.method &&
      exchange.request.method === 'GET'
    );
  }

  #brought(place: Place, exchange: Exchange): Record<string, string> {
    if (place.request !== 'authorize') return {};
    const sent = (name: string) => parameterOf(exchange, name);
    const found = Object.fromEntries(BROUGHT.flatMap((name) => (sent(name) ? [[name, sent(name)!]] : [])));
    // A client that is known by other means than registration here.
    const clientId = sent('client_id');
    return clientId && clientId !== this.#clientId ? { ...found, client_id: clientId } : found;
  }

  /**
   * The redirect to the client is between the browser and the client: nobody sees it here. That the
   * client redeems its code shows that it has arrived.
   */
  #arrival(exchange: Exchange): void {
    const code = formOf(exchange).get('code');
    const verifier = formOf(exchange).get('code_verifier');
    const sent = this.log.findLast(
      (entry) =>
        entry.kind === 'exchange' &&
        queryOfUrl(headerOf(entry.exchange.response, 'location') ?? '').get('code') === code,
    );
    if (code === null || sent?.kind !== 'exchange') return;
    const location = headerOf(sent.exchange.response, 'location')!;
    const hasArrived = this.log.some(
      (entry) => entry.kind === 'exchange' && isCallback(entry.exchange) && entry.exchange.request.url === location,
    );
    const at = Date.parse(sent.exchange.at) + sent.exchange.duration;
    if (!hasArrived) {
      const step = this.#step('authorization');
      const callback = step.requests.find((request) => isCallback(request))!;
      const seen = pageExchange(
        { method: 'GET', url: location, headers: [], body: null },
        callback.from,
        callback.to,
        at,
        Date.parse(sent.exchange.clock) - Date.parse(sent.exchange.at),
      );
      const arrived: Exchange = {
        ...seen,
        endpoint: 'callback',
        delivered: true,
        client: sent.exchange.client,
        response: { status: 200, statusText: '', headers: [], body: null },
      };
      this.#push({ step: step.id, request: callback.id }, sent.run, arrived, extractValues(step, callback, arrived));
    }
    if (verifier) this.#note('authorization', Date.parse(exchange.at), { code_verifier: verifier });
  }
}

/** Milliseconds from wall time to the sandbox's, as of the last exchange. */
export function clockOffsetOf(exchanges: readonly Exchange[]): number {
  const last = exchanges.at(-1);
  const offset = last ? Date.parse(last.clock) - Date.parse(last.at) : 0;
  return Number.isFinite(offset) && Math.abs(offset) > 1500 ? offset : 0;
}

/**
 * The log that the exchanges of a client make.
 * @param exchanges of one client, oldest first
 * @param empty the state that the log will belong to
 */
export function followedLog(track: Track, exchanges: readonly Exchange[], empty: RunState): Entry[] {
  const followed = new FollowedLog(track, empty);
  for (const exchange of exchanges) followed.add(exchange);
  return followed.log;
}

/** Members of the last token answer of a step, for the line under its title. */
export function tokenAnswerOf(log: readonly Entry[], step: string): Readonly<Record<string, unknown>> | null {
  const last = log.findLast(
    (entry) => entry.kind === 'exchange' && entry.step === step && (entry.exchange.response?.status ?? 500) < 400,
  );
  return last?.kind === 'exchange' ? jsonOf(last.exchange.response) : null;
}
