/** What the goal of a level is judged on. */
import type { PredicateFacts } from '#lib/guide/predicates/predicate.ts';
import type { ExchangeEntry } from '#lib/guide/types.ts';

/** A grant of the sandbox, as far as goals ask for it. */
export interface GrantFacts {
  readonly client_id: string;
  readonly sub: string | null;
  readonly revoked: boolean;
  /** Whether refresh tokens were issued under it, and whether one can still be used. */
  readonly family: boolean;
  readonly live: boolean;
}

export interface LevelFacts extends PredicateFacts {
  readonly grants: readonly GrantFacts[];
  /** The sandbox's clock, ms. */
  readonly clock: number;
  /** The move that sent an exchange, from 1. */
  readonly moveOf: (entry: ExchangeEntry) => number;
}
