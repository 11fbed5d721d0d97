/**
 * When a step is done: the terms of `done_when`, judged on the facts of its latest run.
 */
import { audienceOf, decodeToken, errorOf, formOf, queryOfUrl } from '#lib/exchange/read.ts';
import { isAlive, type Ledger, lifeOf } from './ledger.ts';
import { fill } from './values.ts';
import type { ExchangeEntry, Predicate, Term } from './types.ts';

export interface PredicateFacts {
  /** As of the end of the step's latest run. */
  readonly ledger: Ledger;
  /** Exchanges of the step's latest run, in order. */
  readonly entries: readonly ExchangeEntry[];
  /** Everything up to then; for what the server records. */
  readonly all: readonly ExchangeEntry[];
  /** Wall ms at which it is judged. */
  readonly at: number;
}

type Judge = (value: unknown, name: string, facts: PredicateFacts) => boolean;

const scopeOf = (token: string): string[] =>
  String(decodeToken(token)?.claims.scope ?? '')
    .split(' ')
    .filter(Boolean);
const textOf = (name: string, facts: PredicateFacts): string => facts.ledger.bag[name]?.value ?? '';

/** What `that` can ask of a value in hand. */
const THAT: Readonly<Record<string, Judge>> = {
  active: (wanted, name, facts) => isAlive(lifeOf(facts.ledger, name), facts.at) === wanted,
  audience: (wanted, name, facts) => audienceOf(textOf(name, facts)).includes(fill(String(wanted), facts.ledger.bag)),
  scope_has: (wanted, name, facts) => scopeOf(textOf(name, facts)).includes(String(wanted)),
  scope_lacks: (wanted, name, facts) => !scopeOf(textOf(name, facts)).includes(String(wanted)),
  equals: (wanted, name, facts) => textOf(name, facts) === fill(String(wanted), facts.ledger.bag),
  returned: (wanted, name, facts) => {
    const back = facts.entries.findLast((entry) => entry.exchange.to === 'client');
    const sent = facts.entries.find((entry) => entry.exchange.endpoint === 'authorize');
    const [there, here] = [
      queryOfUrl(sent?.exchange.request.url ?? '').get(name),
      queryOfUrl(back?.exchange.request.url ?? '').get(name),
    ];
    return back !== undefined && (wanted === 'equal') === ((sent ? there : textOf(name, facts)) === here);
  },
  generation: (wanted, name, facts) =>
    within(lifeOf(facts.ledger, name)?.generation ?? 0, wanted as { min?: number; max?: number }),
};

/** Kinds of record that the server is known to keep, from what it answered. */
const RECORDS: Readonly<Record<string, (where: Readonly<Record<string, string>>, facts: PredicateFacts) => number>> = {
  clients: (where, facts) => {
    const wanted = where.client_id === undefined ? null : fill(where.client_id, facts.ledger.bag);
    return facts.all.filter(
      (entry) => entry.made.client_id !== undefined && (wanted === null || entry.made.client_id === wanted),
    ).length;
  },
  refresh_families: (_where, facts) =>
    facts.ledger.lives.filter((life) => life.name === 'refresh_token' && isAlive(life, facts.at)).length,
};

const SEEN: Readonly<Record<string, (wanted: unknown, entry: ExchangeEntry) => boolean>> = {
  endpoint: (wanted, entry) => entry.exchange.endpoint === wanted,
  status: (wanted, entry) => entry.exchange.response?.status === wanted,
  error: (wanted, entry) => (wanted === true ? errorOf(entry.exchange) !== null : errorOf(entry.exchange) === wanted),
  reason: (wanted, entry) => entry.exchange.reason === wanted,
  tool: (wanted, entry) => entry.exchange.tool === wanted,
  grant_type: (wanted, entry) => entry.exchange.grantType === wanted,
  form: (wanted, entry) =>
    Object.entries(wanted as Record<string, string>).every(
      ([name, value]) => formOf(entry.exchange).get(name) === value,
    ),
};

/** Terms that tracks may use; the tests hold them against the data. */
export const knownTerms = { that: Object.keys(THAT), server: Object.keys(RECORDS), seen: Object.keys(SEEN) } as const;

function within(count: number, bounds: { readonly min?: number; readonly max?: number } = { min: 1 }): boolean {
  return count >= (bounds.min ?? 0) && count <= (bounds.max ?? Number.POSITIVE_INFINITY);
}

/** Whether one term holds. */
export function holds(term: Term, facts: PredicateFacts): boolean {
  if (term.not) return !holds(term.not, facts);
  if (term.held !== undefined) {
    const name = term.held;
    if (facts.ledger.bag[name] === undefined) return false;
    return Object.entries(term.that ?? {}).every(([key, wanted]) => THAT[key]?.(wanted, name, facts) ?? false);
  }
  if (term.server !== undefined) return within(RECORDS[term.server]?.(term.where ?? {}, facts) ?? 0, term.count);
  if (term.seen) {
    const matching = facts.entries.filter((entry) =>
      Object.entries(term.seen!).every(([key, wanted]) => SEEN[key]?.(wanted, entry) ?? false),
    );
    return within(matching.length, term.count);
  }
  return false;
}

/** The first of a step's predicates that does not hold, or null where it is done. */
export function unfulfilled(predicates: readonly Predicate[], facts: PredicateFacts): Predicate | null {
  return predicates.find((predicate) => !predicate.all.every((term) => holds(term, facts))) ?? null;
}
