/** What the notes of a step are true of. */
import type { Conditions } from '#lib/exchange/conditions.ts';
import type { Note, Step } from './types.ts';

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
