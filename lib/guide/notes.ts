/** Which notes of a step are true of an exchange: what stands beside a fact is computed from the fact. */
import { type Conditions, holdsFor, mentions } from '#lib/exchange/conditions.ts';
import type { Exchange, Note, Step } from './types.ts';

/** Whether a note is true of this exchange, and has a line to stand beside. */
export function fits(note: Pick<Note, 'side' | 'lemma' | 'when'>, exchange: Exchange): boolean {
  const { request_lacks: lacks } = note.when;
  // A note about what is not there has no line of its own.
  const isAbsence =
    lacks !== undefined && (lacks === note.lemma || (Array.isArray(lacks) && lacks.includes(note.lemma)));
  return (
    holdsFor(note.when, exchange) && (isAbsence || note.lemma.split(', ').some((one) => has(note.side, one, exchange)))
  );
}

function has(side: Note['side'], lemma: string, exchange: Exchange): boolean {
  if (side === 'response' && /^\d{3}$/.test(lemma)) return exchange.response?.status === Number(lemma);
  // The names of claims stand inside a token, where only the reader of the token sees them.
  return mentions(exchange, side, lemma) || (lemma.length <= 4 && mentions(exchange, side, 'dpop'));
}

/**
 * What a note is true of if it says nothing itself: an answer of the kind that the step is for. Most notes on answers
 * speak of an answer that did not refuse; those of a step that wants to be refused speak of the refusal.
 */
export function defaultWhen(step: Pick<Step, 'done_when'>, note: Pick<Note, 'side' | 'when'>): Conditions {
  if (note.side === 'request') return {};
  const named = ['refused', 'status', 'error', 'reason'].some((name) => name in note.when);
  if (named) return {};
  const seen = step.done_when.flatMap((one) => one.all.flatMap((term) => (term.seen ? [term.seen] : [])));
  const wantsRefusal =
    seen.length > 0 &&
    seen.every((one) => Number(one.status ?? 0) >= 400 || (one.error !== undefined && one.error !== false));
  return { refused: wantsRefusal };
}
