/** Which notes are true of an exchange: what stands beside a fact is computed from the fact. */
import { type Conditions, holdsFor, type Side } from './conditions.ts';
import { namedIn } from './named.ts';
import type { Exchange } from './types.ts';

/** A note beside a line of an exchange, and of which exchanges it is true. */
export interface ConditionalNote {
  readonly side: Side;
  /** What it stands beside: a parameter, a header, a member, a status; or several. */
  readonly lemma: string;
  readonly when: Conditions;
}

/** Whether a note is true of this exchange, and has a line to stand beside. */
export function noteFits(note: ConditionalNote, exchange: Exchange): boolean {
  const { request_lacks: lacks, request_claims, response_claims } = note.when;
  // A note about what is not there has no line of its own.
  const isAbsence =
    lacks !== undefined && (lacks === note.lemma || (Array.isArray(lacks) && lacks.includes(note.lemma)));
  // The claims of a token stand on the line of the token.
  const isClaim = request_claims !== undefined || response_claims !== undefined;
  const { names, claims } = namedIn(exchange, note.side);
  const has = (name: string) => (isClaim ? claims.has(name) : names.has(bareLemma(name)));
  return holdsFor(note.when, exchange) && (isAbsence || lemmasOf(note.lemma).some(has));
}

/** A lemma may name several things: `htm, htu`. */
export const lemmasOf = (lemma: string): readonly string[] => lemma.split(', ');

/** A lemma as it is compared: in lower case, and `"none"` without its quotation marks. */
export const bareLemma = (lemma: string): string => lemma.toLowerCase().replace(/^"|"$/g, '');
