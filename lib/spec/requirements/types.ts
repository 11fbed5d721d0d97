import type { ClauseId } from '../clauses.ts';

/** One thing that the server claims to do, in our own words. */
export interface Requirement {
  readonly says: string;
  /** `OWN` is stricter than any clause, and ours. */
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'OWN';
  readonly clause: ClauseId;
  /** Further clauses on the same point. */
  readonly also?: readonly ClauseId[];
  /** Where it is enforced: a file of the repository. */
  readonly at: string;
}
