import { spans } from '#lib/guide/spans.ts';
import type { Bag } from '#lib/guide/types.ts';
import type { Line, Piece } from './view.ts';

/** A stretch of a line that is a value. */
interface Hit {
  readonly from: number;
  readonly to: number;
  readonly value: NonNullable<Piece['value']>;
}

/**
 * Gives each value on the lines its hand and its name, quotation marks included.
 * @param bag what is known of the values at that moment
 * @param prefer names that win where two values are the same string
 * @param current what is held now: a value that has been replaced since is lit apart from its successor
 */
export function colour(lines: readonly Line[], bag: Bag, prefer: readonly string[] = [], current: Bag = bag): Line[] {
  if (Object.keys(bag).length === 0) return [...lines];
  return lines.map((line) => {
    const text = line.pieces.map((piece) => piece.text).join('');
    const hits = find(text, bag, prefer, current);
    return hits.length === 0 ? line : { ...line, pieces: cut(line.pieces, hits) };
  });
}

function find(text: string, bag: Bag, prefer: readonly string[], current: Bag): Hit[] {
  let at = 0;
  return spans(text, bag, prefer).flatMap((span) => {
    const from = at;
    at += span.text.length;
    if (!span.value || !span.madeBy) return [];
    const quoted = text[from - 1] === '"' && text[at] === '"' ? 1 : 0;
    const held = bag[span.value];
    const name =
      held && current[span.value] && current[span.value]?.value !== held.value
        ? `${span.value}#${held.run}`
        : span.value;
    return [
      {
        from: from - quoted,
        to: at + quoted,
        value: { name, by: span.madeBy === 'attacker' ? ('fault' as const) : span.madeBy },
      },
    ];
  });
}

function cut(pieces: readonly Piece[], hits: readonly Hit[]): Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const end = at + piece.text.length;
    let from = at;
    for (const hit of hits.filter((one) => one.from < end && one.to > at)) {
      if (hit.from > from) result.push({ ...piece, text: piece.text.slice(from - at, hit.from - at) });
      const start = Math.max(from, hit.from);
      const stop = Math.min(end, hit.to);
      result.push({ text: piece.text.slice(start - at, stop - at), encoded: piece.encoded, value: hit.value });
      from = stop;
    }
    if (from < end) result.push({ ...piece, text: piece.text.slice(from - at) });
    at = end;
  }
  return result;
}
