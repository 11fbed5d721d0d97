import { notesIn } from './notes.ts';
import type { Read } from '../value.ts';

/** How many notes a tool gave. */
export const notesCount: Read = {
  value: 'notes_count',
  with: ['notes'],
  read: (exchange) => {
    const notes = notesIn(exchange);
    return notes ? String(notes.length) : null;
  },
};
