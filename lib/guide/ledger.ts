/**
 * The log of a run, folded: which values are in hand, and how long each lived. Nothing here looks
 * at a clock; a value's end is an exchange, or its own expiry.
 */
import { codeLifetimeOf, formOf, headerOf, jsonOf, queryOf, queryOfUrl } from '#lib/exchange/read.ts';
import type { Memory } from './client-checks.ts';
import { isCallback } from './callback.ts';
import { givenValues, held, withDerived } from './values.ts';
import type { Bag, Entry, ExchangeEntry, HeldValue, Life, RunState, Track } from './types.ts';

export interface Ledger {
  readonly bag: Bag;
  readonly lives: readonly Life[];
}

interface Mutable extends Omit<Life, 'ended' | 'how' | 'by'> {
  ended: number | null;
  how: Life['how'];
  by: string | null;
  family: string;
}

const LIVING = new Set([
  'state',
  'code_verifier',
  'code',
  'access_token',
  'refresh_token',
  'subject_token',
  'exchanged_token',
  'actor_token',
]);

/** Whether an exchange was answered, and not refused. */
export function succeeded(entry: ExchangeEntry): boolean {
  const status = entry.exchange.response?.status ?? 0;
  return status >= 200 && status < 400 && entry.checks.every((check) => check.ok);
}

/** What the client remembers of its last authorization request. */
export function memoryOf(log: readonly Entry[], pendingUrl: string | null): Omit<Memory, 'now'> {
  const entries = log.filter((entry) => entry.kind === 'exchange');
  const authorize = entries.findLast(
    (entry) => entry.exchange.endpoint === 'authorize' && entry.exchange.request.method === 'GET',
  );
  const url = pendingUrl ?? authorize?.exchange.request.url ?? '';
  const answered =
    authorize !== undefined && entries.slice(entries.indexOf(authorize)).some((entry) => isCallback(entry.exchange));
  const metadata = entries.findLast((entry) => entry.made.token_endpoint !== undefined);
  return {
    expects: pendingUrl !== null || (authorize !== undefined && !answered),
    state: stateSent(url, entries),
    asked: url === '' ? null : url,
    issPromised: jsonOf(metadata?.exchange.response)?.authorization_response_iss_parameter_supported === true,
  };
}

/** The `state` of a request, in its address or where its reference was made; null if it has none. */
function stateSent(url: string, entries: readonly ExchangeEntry[]): string | null {
  const query = queryOfUrl(url);
  if (!query.has('request_uri')) return query.get('state');
  const pushed = entries.findLast((entry) => entry.made.request_uri === query.get('request_uri'));
  return pushed ? formOf(pushed.exchange).get('state') : null;
}

/** What folding needs of a track. */
type Folded = Pick<Track, 'values' | 'lifetimes'>;

class Fold {
  readonly bag: Record<string, HeldValue>;
  readonly lives: Mutable[] = [];
  readonly #track: Folded;
  readonly #offset: number;

  constructor(track: Folded, given: Bag, offset: number) {
    this.#track = track;
    this.bag = { ...given };
    this.#offset = offset;
  }

  living(name: string, value: string | null | undefined): Mutable | undefined {
    return this.lives.findLast((life) => life.name === name && life.value === value);
  }

  #end(life: Mutable | undefined, how: Life['how'], at: number, by: string | null): void {
    if (!life || life.ended !== null) return;
    life.ended = at;
    life.how = how;
    life.by = by;
  }

  #endFamily(family: string | undefined, at: number, by: string): void {
    if (family === undefined) return;
    for (const life of this.lives)
      if (life.family === family && (life.name === 'access_token' || life.name === 'refresh_token'))
        this.#end(life, 'revoked', at, by);
  }

  hold(made: Readonly<Record<string, string>>, entry: Entry, at: number): void {
    const family = this.#familyOf(entry);
    for (const [name, value] of Object.entries(made)) {
      this.bag[name] = held(this.#track, name, value, entry.step, entry.run);
      if (!LIVING.has(name) || this.living(name, value)) continue;
      const before = this.lives.findLast((life) => life.name === name && life.ended === null);
      if (name !== 'access_token' && name !== 'code')
        this.#end(
          before,
          name === 'refresh_token' && before?.family === family ? 'spent' : 'replaced',
          at,
          entry.kind === 'exchange' ? entry.key : null,
        );
      this.lives.push({
        name,
        value,
        step: entry.step,
        born: at,
        ended: null,
        how: null,
        by: null,
        family,
        expires: this.#expiry(name, made, entry, at),
        lifetime: name === 'code' ? (this.#issued.get(value)?.lifetime ?? this.#track.lifetimes.code) : null,
        generation: name === 'refresh_token' && before && before.family === family ? before.generation + 1 : 1,
      });
    }
    const youngest = this.bag.refresh_token && this.living('refresh_token', this.bag.refresh_token.value);
    if (youngest)
      this.bag.refresh_generation = held(
        this.#track,
        'refresh_generation',
        String(youngest.generation),
        entry.step,
        entry.run,
      );
  }

  #expiry(name: string, made: Readonly<Record<string, string>>, entry: Entry, at: number): number | null {
    const protocol = entry.kind === 'exchange' ? Date.parse(entry.exchange.clock) - this.#offset : at;
    const born = Number.isNaN(protocol) ? at : protocol;
    if (name === 'code') {
      const issued = this.#issued.get(made.code ?? '');
      return (issued?.at ?? born) + (issued?.lifetime ?? this.#track.lifetimes.code) * 1000;
    }
    if (name === 'access_token' && made.expires_in) return born + Number(made.expires_in) * 1000;
    return null;
  }

  /** Tokens of one redemption are a family; a renewal stays in it. */
  #familyOf(entry: Entry): string {
    if (entry.kind !== 'exchange') return entry.key;
    const form = formOf(entry.exchange);
    return this.living('refresh_token', form.get('refresh_token'))?.family ?? entry.key;
  }

  exchange(entry: ExchangeEntry): void {
    const { exchange } = entry;
    const form = formOf(exchange);
    const at = entry.at + exchange.duration;
    const ok = succeeded(entry);
    const issued = queryOfUrl(headerOf(exchange.response, 'location') ?? '').get('code');
    if (issued)
      this.#issued.set(issued, {
        at: Date.parse(exchange.clock) - this.#offset,
        lifetime: codeLifetimeOf(exchange) ?? this.#track.lifetimes.code,
      });
    if (form.get('grant_type') && ok) {
      this.#end(this.living('code', form.get('code')), 'spent', at, entry.key);
      this.#end(this.living('code_verifier', form.get('code_verifier')), 'spent', at, entry.key);
    }
    if (ok || exchange.response) this.hold(entry.made, entry, at);
    if (ok && queryOf(exchange).get('code') !== null)
      this.#end(this.living('state', queryOf(exchange).get('state')), 'returned', at, entry.key);
    if (exchange.reason === 'code-spent') this.#endFamily(this.#ofCode(form.get('code')), at, entry.key);
    if (exchange.reason === 'refresh-spent')
      this.#endFamily(this.living('refresh_token', form.get('refresh_token'))?.family, at, entry.key);
    if (exchange.reason === 'token-revoked')
      this.#end(this.living('access_token', bearerOf(entry)), 'revoked', at, entry.key);
    if (exchange.endpoint === 'revoke' && ok) {
      const refresh = this.living('refresh_token', form.get('token'));
      if (refresh) this.#endFamily(refresh.family, at, entry.key);
      else this.#end(this.living('access_token', form.get('token')), 'revoked', at, entry.key);
    }
  }

  /** When a code was put into a redirect, in wall ms, and its lifetime in seconds, which begins there. */
  readonly #issued = new Map<string, { readonly at: number; readonly lifetime: number }>();
  readonly #codes = new Map<string, string>();
  noteRedemption(entry: ExchangeEntry): void {
    const code = formOf(entry.exchange).get('code');
    if (code && entry.made.access_token) this.#codes.set(code, entry.key);
  }
  #ofCode(code: string | null): string | undefined {
    return code === null ? undefined : this.#codes.get(code);
  }
}

/** The token that a request carried. */
function bearerOf(entry: ExchangeEntry): string | undefined {
  return /^(?:bearer|dpop) (.+)$/i.exec(headerOf(entry.exchange.request, 'authorization') ?? '')?.[1];
}

/** Folds of a state that does not change any more: a page looks at the same facts each second. */
const folded = new WeakMap<RunState, Map<string, Ledger>>();

/**
 * Folds the log, from the start to `upTo` (exclusive; defaults to the whole).
 * @param origin of the page
 */
export function ledgerOf(track: Folded, state: RunState, origin: string, upTo: number = state.log.length): Ledger {
  const known = folded.get(state) ?? new Map<string, Ledger>();
  folded.set(state, known);
  const key = `${upTo} ${origin}`;
  const before = known.get(key);
  if (before) return before;
  const fold = new Fold(track, givenValues(track, origin, state.sandbox, state.server ?? null), state.clockOffset);
  for (const entry of state.log.slice(0, upTo)) {
    if (entry.kind === 'made') fold.hold(entry.made, entry, entry.at);
    else {
      fold.exchange(entry);
      fold.noteRedemption(entry);
    }
  }
  const ledger: Ledger = { bag: withDerived(track, fold.bag), lives: fold.lives };
  known.set(key, ledger);
  return ledger;
}

/** Whether a life is good at a moment of wall time. */
export function isAlive(life: Life | undefined, at: number): boolean {
  return life !== undefined && life.ended === null && (life.expires === null || at < life.expires);
}

/** The life of a value that is in hand. */
export function lifeOf(ledger: Ledger, name: string): Life | undefined {
  const value = ledger.bag[name]?.value;
  return value === undefined ? undefined : ledger.lives.findLast((life) => life.name === name && life.value === value);
}
