import type { Annotated } from './anchor.ts';

/** A place in the exchange that a piece of evidence is about. */
export interface Pointer {
  readonly side: 'request' | 'response';
  readonly in: 'query' | 'form' | 'header' | 'json' | 'jwt' | 'body';
  readonly name: string;
  /** What should have been there; null if nothing is known of it. */
  readonly expected: string | null;
  /** What stands in its place, in words, if it is absent. */
  readonly says?: string;
  /** The evidence says that it is absent. */
  readonly absent: boolean;
}

export interface Pointed extends Annotated {
  /** The evidence is about this line. */
  readonly pointed?: boolean;
  /** Not sent: what should have been there. */
  readonly inserted?: boolean;
}

/** Marks the lines that evidence is about; what is missing is written in where it should have been. */
export function point(lines: readonly Annotated[], pointers: readonly Pointer[], side: Pointer['side']): Pointed[] {
  let result: Pointed[] = [...lines];
  for (const pointer of pointers) {
    if (pointer.side !== side) continue;
    const wanted = pointer.name.toLowerCase();
    const at = result.findIndex(({ line }) => line.names[0]?.toLowerCase() === wanted);
    const within =
      at >= 0 ? at : result.findIndex(({ line }) => line.names.some((name) => name.toLowerCase() === wanted));
    if (within >= 0 && !pointer.absent) {
      result = result.with(within, {
        ...(result[within] as Pointed),
        line: { ...(result[within] as Pointed).line, folded: false },
        pointed: true,
      });
    } else if (pointer.absent) result.splice(placeOf(result, pointer), 0, inserted(pointer));
  }
  return result;
}

function placeOf(lines: readonly Pointed[], pointer: Pointer): number {
  const gap = lines.findIndex(({ line }) => line.gap);
  const headersEnd = gap < 0 ? lines.length : gap;
  if (pointer.in === 'header') {
    const folded = lines.findIndex(({ line }, index) => index < headersEnd && line.folded);
    return folded < 0 ? headersEnd : folded;
  }
  if (pointer.in !== 'query') return lines.length;
  const first = lines.findIndex(({ line }, index) => index > 0 && line.indent === 0);
  return first < 0 ? headersEnd : first;
}

function inserted({ in: where, name, expected, says }: Pointer): Pointed {
  const value = says ?? expected ?? '…';
  const text =
    where === 'header'
      ? `${name}: ${value}`
      : where === 'json'
        ? `"${name}": "${value}"`
        : `&${name}=${says ?? (expected === null ? value : encodeURIComponent(expected))}`;
  return {
    line: { indent: where === 'header' ? 0 : 2, pieces: [{ text }], names: [name] },
    notes: [],
    pointed: true,
    inserted: true,
  };
}
