import type { Line, Note } from './view.ts';

/** A line with the notes that hang on it. */
export interface Annotated {
  readonly line: Line;
  readonly notes: readonly Note[];
}

/**
 * Hangs each note on the line that it is about. A note about a header that the request
 * does not have hangs where it would have stood; other notes about what is not there are left out.
 */
export function annotate(lines: readonly Line[], notes: readonly Note[]): Annotated[] {
  const hung = new Map<number, Note[]>();
  for (const note of notes) {
    const at = place(lines, note);
    if (at >= 0) hung.set(at, [...(hung.get(at) ?? []), note]);
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
    ...headers.filter(({ line }) => line.folded),
    ...(body < 0 ? [] : annotated.slice(body)),
  ];
}

function place(lines: readonly Line[], { lemma, side }: Note): number {
  const wanted = lemma.toLowerCase();
  const bare = wanted.replace(/^"|"$/g, '');
  const exact = lines.findIndex((line) => line.names[0]?.toLowerCase() === wanted);
  if (exact >= 0) return exact;
  const named = lines.findIndex((line) =>
    line.names.some((name) => name.toLowerCase() === wanted || name.toLowerCase() === bare),
  );
  if (named >= 0) return named;
  const within = lines.findIndex(
    (line) => !line.folded && line.names.some((name) => name.toLowerCase().includes(bare)),
  );
  if (within >= 0) return within;
  // A header that is missed in a request is missed where it would have stood; what an answer lacks was never promised.
  if (side === 'response' || !/^[A-Z]/.test(lemma)) return -1;
  const body = lines.findIndex((line) => line.gap);
  const headers = lines.slice(0, body < 0 ? lines.length : body).filter((line) => !line.folded).length;
  return headers > 0 ? headers - 1 : -1;
}
