/**
 * Whether the goal of a level is reached, term by term: from the exchanges that the sandbox has recorded since the
 * start, the grants that it keeps, and the values in hand. Pure.
 */
import { audienceOf } from '#lib/exchange/read.ts';
import { predicates } from '#lib/guide/predicates/index.ts';
import {
  type Bounds,
  listOf,
  type Records,
  type Seen,
  type That,
  textOf,
  within,
} from '#lib/guide/predicates/predicate.ts';
import { scopesOf } from '#lib/guide/tokens.ts';
import type { ExchangeEntry, Term } from '#lib/guide/types.ts';
import { fill } from '#lib/guide/values.ts';
import type { LevelFacts } from './facts.ts';
import { thats } from './predicates/held.ts';
import { codeLeft, seens } from './predicates/seen.ts';
import { servers } from './predicates/server.ts';
import type { GoalTerm } from './types.ts';

/** A term as Fig. 1 shows it. Texts are in the markup of the curriculum. */
export interface TermView {
  readonly says: string;
  readonly reached: boolean;
  readonly wanted: string;
  readonly now: string;
  /** What would break it, or what is broken; null if nothing is to be said. */
  readonly note: string | null;
}

/** Predicates by name: those of the guide, and those that only goals ask for. */
export const levelPredicates = {
  that: new Map<string, That>([...predicates.that, ...thats.map((one) => [one.that, one] as const)]),
  seen: new Map<string, Seen>([...predicates.seen, ...seens.map((one) => [one.seen, one] as const)]),
  server: new Map<string, Records>([...predicates.server, ...servers.map((one) => [one.server, one] as const)]),
};

/** The exchanges that a term is about. With `hours_apart`, those that are so far from the one before. */
function matching(term: Term, facts: LevelFacts): ExchangeEntry[] {
  const all = facts.entries.filter((entry) =>
    Object.entries(term.seen ?? {}).every(
      ([key, wanted]) => levelPredicates.seen.get(key)?.holds(wanted, entry, facts) ?? false,
    ),
  );
  const apart = Number(term.each?.hours_apart ?? 0) * 3_600_000;
  if (apart === 0) return all;
  const spaced: ExchangeEntry[] = [];
  for (const entry of all) {
    const before = spaced.at(-1);
    if (!before || Date.parse(entry.exchange.clock) - Date.parse(before.exchange.clock) >= apart) spaced.push(entry);
  }
  return spaced;
}

function holds(term: Term, facts: LevelFacts): boolean {
  if (term.not) return !holds(term.not, facts);
  if (term.held !== undefined) {
    const name = term.held;
    if (facts.ledger.bag[name] === undefined) return false;
    return Object.entries(term.that ?? {}).every(
      ([key, wanted]) => levelPredicates.that.get(key)?.holds(wanted, name, facts) ?? false,
    );
  }
  if (term.server !== undefined)
    return within(levelPredicates.server.get(term.server)?.count(term.where ?? {}, facts) ?? 0, term.count);
  return term.seen ? within(matching(term, facts).length, term.count) : false;
}

const WORDS = ['never', 'once', 'twice', 'three times', 'four times', 'five times'];
const times = (count: number): string => WORDS[count] ?? `${count} times`;

function bounds({ min, max }: Bounds): string {
  if (max === undefined) return (min ?? 1) === 1 ? 'once' : times(min ?? 1);
  if (max === 0) return 'never';
  return min === max ? `exactly ${times(max)}` : `${times(max)} at most`;
}

function seenView(term: Term, facts: LevelFacts, wanted: Bounds): Omit<TermView, 'says' | 'reached'> {
  const found = matching(term, facts);
  const moves = [...new Set(found.map(facts.moveOf))];
  const none = wanted.max === undefined || (wanted.min ?? 0) > 0 ? 'not yet' : 'never so far';
  const left = codeLeftNow(term, facts);
  const now =
    found.length === 0
      ? (left ?? none)
      : `${times(found.length)}, in move${moves.length > 1 ? 's' : ''} ${moves.join(' and ')}`;
  const { max } = wanted;
  const note =
    max === undefined
      ? null
      : found.length > max
        ? 'that is too often: undo it'
        : max === 0
          ? 'one would break it'
          : found.length === max
            ? `${max === 1 ? 'a second' : 'one more'} would break it`
            : null;
  return { wanted: bounds(wanted), now, note };
}

/** How much time the code of the latest token request had left, if that is asked for. */
function codeLeftNow(term: Term, facts: LevelFacts): string | null {
  if (term.seen?.code_left === undefined) return null;
  const last = facts.entries.findLast((entry) => codeLeft(entry.exchange, facts.all) !== null);
  return last ? `with ${Math.round(codeLeft(last.exchange, facts.all)! * 10) / 10} s left` : null;
}

/** Only the path of an address of the sandbox: the rest is the same for all. */
const brief = (url: string): string => `/${url.split('/').at(-1) ?? ''}`;

function heldView(term: Term, facts: LevelFacts): Omit<TermView, 'says' | 'reached'> {
  const { bag } = facts.ledger;
  const that = term.that ?? {};
  const name = term.held!;
  const value = textOf(name, facts);
  const wanted: string[] = [];
  const now: string[] = [];
  if (that.scope_has !== undefined)
    wanted.push(
      listOf(that.scope_has)
        .map((scope) => `\`${scope}\``)
        .join(' '),
    );
  if (that.scope_lacks !== undefined) wanted.push(...listOf(that.scope_lacks).map((scope) => `no \`${scope}\``));
  if (that.audience !== undefined) wanted.push(`for \`${brief(fill(String(that.audience), bag))}\``);
  if (that.user !== undefined) wanted.push(that.user === null ? 'no user' : 'a user');
  if (that.actor !== undefined) wanted.push('an actor');
  if (that.bound_to !== undefined) wanted.push('bound to a key');
  if (bag[name] === undefined) return { wanted: wanted.join(', ') || 'in hand', now: 'none yet', note: null };
  if (that.active !== undefined && !levelPredicates.that.get('active')!.holds(true, name, facts))
    now.push('no longer good');
  else {
    if (that.scope_has !== undefined || that.scope_lacks !== undefined)
      now.push(
        scopesOf(value).length === 0
          ? 'no scope'
          : scopesOf(value)
              .map((scope) => `\`${scope}\``)
              .join(' '),
      );
    if (that.audience !== undefined)
      now.push(
        `for ${audienceOf(value)
          .map((url) => `\`${brief(url)}\``)
          .join(' and ')}`,
      );
    for (const [key, yes, no] of [
      ['user', that.user === null ? 'no user' : 'a user', that.user === null ? 'a user' : 'no user'],
      ['actor', 'an actor', 'no such actor'],
      ['bound_to', 'bound to a key', 'not bound'],
    ] as const)
      if (that[key] !== undefined) now.push(levelPredicates.that.get(key)!.holds(that[key], name, facts) ? yes : no);
  }
  return { wanted: wanted.join(', ') || 'in hand', now: now.join(', ') || 'in hand', note: null };
}

function serverView(term: Term, facts: LevelFacts, wanted: Bounds): Omit<TermView, 'says' | 'reached'> {
  const count = levelPredicates.server.get(term.server!)?.count(term.where ?? {}, facts) ?? 0;
  const { min, max } = wanted;
  return {
    wanted: max === 0 ? 'none' : String(min ?? max ?? 1),
    now: count === 0 ? 'none' : String(count),
    note: null,
  };
}

/** The bounds of a term that is wrapped in `not`: what may not be is wanted never. */
function unwrapped(term: Term): { readonly inner: Term; readonly count: Bounds } {
  if (!term.not) return { inner: term, count: term.count ?? { min: 1 } };
  return { inner: term.not, count: { max: (term.not.count?.min ?? 1) - 1 } };
}

/** One term of a goal, judged, with what is wanted and what is there now. */
export function judgeTerm(term: GoalTerm, facts: LevelFacts): TermView {
  const { inner, count } = unwrapped(term);
  const view =
    inner.held !== undefined
      ? heldView(inner, facts)
      : inner.server !== undefined
        ? serverView(inner, facts, count)
        : seenView(inner, facts, count);
  return { says: term.says, reached: holds(term, facts), ...view };
}
