/** What an exchange is drawn of, whether it moves (`Score`) or is at rest (`StillScore`). */
import { Fragment } from 'react';

import { type Hand, Trip } from '../values/glyph.tsx';
import { ClauseLink, Prose } from '../values/prose.tsx';
import type { Annotated } from './anchor.ts';
import { Pieces } from './pieces.tsx';
import type { Note, Piece } from './view.ts';

interface SectionHeadProps {
  readonly from: Hand;
  readonly to: Hand;
  readonly title: string;
  readonly detail: string;
}

/** Over the request or the response: who speaks to whom. */
export function SectionHead({ from, to, title, detail }: SectionHeadProps) {
  return (
    <h3 className="sec">
      <Trip from={from} to={to} />
      {title} {detail && <small>{detail}</small>}
    </h3>
  );
}

/** How many of the lines were sent: one that only says that a header is absent is not counted. */
export const sentLines = (lines: readonly Annotated[]): number => lines.filter(({ line }) => !line.absent).length;

/** The numbers beside lines; none beside one that was not sent. */
export function lineNumbers(lines: readonly Annotated[], first: number): readonly (number | undefined)[] {
  return lines.map(({ line }, index) => (line.absent ? undefined : first + sentLines(lines.slice(0, index))));
}

/** The text of a line; one that is missing is set in as a correction. */
export function LineText({ pieces, inserted }: { readonly pieces: readonly Piece[]; readonly inserted: boolean }) {
  if (!inserted) return <Pieces pieces={pieces} />;
  return (
    <>
      <span className="vh">missing: </span>
      <ins>
        <Pieces pieces={pieces} />
      </ins>
    </>
  );
}

interface LineNoteProps {
  readonly line: Annotated['line'];
  readonly note: Note;
  /** Whether its clause is a tab stop. */
  readonly tabbable?: boolean;
}

/** A note on a line: it opens with what it is about, in the colour of whoever made that value. */
export function LineNote({ line, note, tabbable }: LineNoteProps) {
  return (
    <span className={`nt ${note.by ?? handOf(line, note.lemma)}`}>
      <b className="m">
        <Lemma text={note.lemma} />
      </b>{' '}
      <Prose text={note.text} />
      {note.clause && (
        <>
          {' '}
          <ClauseLink {...note.clause} tabbable={tabbable} />
        </>
      )}
    </span>
  );
}

/** A name of a protocol, or an address, breaks between its words, never inside one. */
export function Lemma({ text }: { readonly text: string }) {
  const words = text.split(/(?<=[_.\-/])(?=\w)/);
  return words.map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of one unchanging name
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}

/** The hand of the one value on a line, for the colour of its lemma. */
function handOf(line: Annotated['line'], lemma: string): string {
  if (!line.names.includes(lemma)) return '';
  const hands = new Set(line.pieces.flatMap((piece) => (piece.value ? [piece.value.by] : [])));
  return hands.size === 1 ? [...hands].join('') : '';
}
