/** Which notes are true of an exchange: what stands beside a fact is computed from the fact. */
import { type Conditions, holdsFor, mentions, type Side } from './conditions.ts';
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
  const { request_lacks: lacks } = note.when;
  // A note about what is not there has no line of its own.
  const isAbsence =
    lacks !== undefined && (lacks === note.lemma || (Array.isArray(lacks) && lacks.includes(note.lemma)));
  return (
    holdsFor(note.when, exchange) && (isAbsence || note.lemma.split(', ').some((one) => has(note.side, one, exchange)))
  );
}

function has(side: Side, lemma: string, exchange: Exchange): boolean {
  if (side === 'response' && /^\d{3}$/.test(lemma)) return exchange.response?.status === Number(lemma);
  // The names of claims stand inside a token, where only the reader of the token sees them.
  return mentions(exchange, side, lemma) || (lemma.length <= 4 && mentions(exchange, side, 'dpop'));
}
