/** What is said beside the lines of an exchange: the notes of the tracks that are true of it. */
import { noteFits } from '#lib/exchange/notes.ts';
import type { EndpointNote, Exchange } from './types.ts';

/** Notes that are true of an exchange, the first for each line. */
export function notesFor(notes: readonly EndpointNote[], exchange: Exchange): readonly EndpointNote[] {
  const taken = new Set<string>();
  return notes.filter((note) => {
    const place = `${note.side} ${note.lemma}`;
    if (taken.has(place) || !noteFits(note, exchange)) return false;
    taken.add(place);
    return true;
  });
}
