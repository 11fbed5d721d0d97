import { bareLemma, lemmasOf } from '#lib/exchange/notes.ts';
import type { Line, Note } from './view.ts';

/** A line with the notes that hang on it. */
export interface Annotated {
  readonly line: Line;
  readonly notes: readonly Note[];
}

/**
 * Hangs each note on the line that it is about, and on no other. A header that the request does not have gets a line
 * that says so, if there is a note about it; other notes about what is not there are left out.
 */
export function annotate(lines: readonly Line[], notes: readonly Note[]): Annotated[] {
  const hung = new Map<number, Note[]>();
  const absent: Annotated[] = [];
  for (const note of notes) {
    const at = place(lines, note);
    if (at >= 0) hung.set(at, [...(hung.get(at) ?? []), note]);
    // What an answer lacks was never promised.
    else if (note.side === 'request' && /^[A-Z]/.test(note.lemma))
      absent.push({ line: absentHeader(note.lemma), notes: [note] });
  }
  const annotated = lines.map((line, index) => ({
    line: hung.has(index) ? { ...line, folded: false } : line,
    notes: hung.get(index) ?? [],
  }));
  // A header that there is something to say of stands before those that are folded.
  const body = annotated.findIndex(({ line }) => line.gap);
  const headers = annotated.slice(0, body < 0 ? undefined : body);
  return [
    ...headers.filter(({ line }) => !line.folded),
    ...absent,
    ...headers.filter(({ line }) => line.folded),
    ...(body < 0 ? [] : annotated.slice(body)),
  ];
}

function absentHeader(name: string): Line {
  return {
    indent: 0,
    names: [name],
    absent: true,
    pieces: [{ text: `${name}:`, kind: 'key' }, { text: ' ' }, { text: 'not sent', kind: 'quiet' }],
  };
}

/** The line of a note: by the name of the line, then by what else it names, then by the claims of its token. */
function place(lines: readonly Line[], { lemma }: Note): number {
  const wanted = lemmasOf(lemma).map(bareLemma);
  const hits = (names: readonly string[]) => names.some((name) => wanted.includes(name.toLowerCase()));
  const ways = [
    ({ names }: Line) => hits(names.slice(0, 1)),
    ({ names }: Line) => hits(names),
    ({ claims }: Line) => hits(claims ?? []),
  ];
  return ways.map((way) => lines.findIndex(way)).find((at) => at >= 0) ?? -1;
}
