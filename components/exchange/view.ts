/**
 * What the exchange is drawn from: plain data, so that the guide, a sandbox's page and the landing page
 * hand over the same thing.
 */
import type { Party } from '#lib/exchange/types.ts';

/** Whose colour something has; an attacker's is red. */
export type Hand = Party | 'fault';

/** A note beside a line. `lemma` is what it hangs on: a parameter, a header, a member, a status. */
export interface Note {
  readonly side: 'request' | 'response';
  readonly lemma: string;
  /** With `code` and *emphasis*. */
  readonly text: string;
  readonly clause?: { readonly label: string; readonly url: string };
  readonly by?: Hand;
}

/** A stretch of a line in one voice. */
export interface Piece {
  readonly text: string;
  /** `key`: the name of something; `quiet`: punctuation and versions; `strong`: method and status. */
  readonly kind?: 'key' | 'quiet' | 'strong';
  /** The value that this is, or is part of. */
  readonly value?: { readonly name: string; readonly by: Hand };
  /** Percent-encoded text, whose escapes are set back. */
  readonly encoded?: boolean;
}

export interface Line {
  /** Characters from the left. */
  readonly indent: number;
  readonly pieces: readonly Piece[];
  /** What a note or a gloss may find it by. */
  readonly names: readonly string[];
  /** Names of the claims, if it holds a JWT. */
  readonly claims?: readonly string[];
  /** It was not sent, and stands here so that a note can say so. */
  readonly absent?: boolean;
  /** An empty row before it: the one between headers and body. */
  readonly gap?: boolean;
  /** A header that rarely matters: folded with its like. */
  readonly folded?: boolean;
}

interface LineMarks {
  readonly noted: boolean;
  readonly pointed: boolean | undefined;
  readonly inserted: boolean | undefined;
}

/** The classes of a line in a drawn exchange. */
export function lineClass({ indent, gap, absent }: Line, { noted, pointed, inserted }: LineMarks): string {
  const marks = [noted && 'an', gap && 'gap', absent && 'absent', pointed && 'pointed', inserted && 'ins'].filter(
    Boolean,
  );
  return ['ln', `in-${Math.min(indent, 12)}`, ...marks].join(' ');
}

/** The whole text of a line, as it is copied. */
export function lineText(line: Line): string {
  return ' '.repeat(line.indent) + line.pieces.map((piece) => piece.text).join('');
}
