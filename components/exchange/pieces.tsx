import { Fragment } from 'react';
import type { Piece } from './view.ts';

const voices = { key: 'k', quiet: 'p', strong: 'w' } as const;

/** The pieces of a line in their voices and colours. */
export function Pieces({ pieces }: { readonly pieces: readonly Piece[] }) {
  return pieces.map((piece, index) => {
    const text = <Breakable text={piece.text} encoded={piece.encoded ?? false} />;
    const key = index;
    if (piece.value)
      return (
        <b key={key} className={`v ${piece.value.by}`} data-v={piece.value.name}>
          {text}
        </b>
      );
    if (piece.kind === 'strong')
      return (
        <b key={key} className="w">
          {text}
        </b>
      );
    if (piece.kind)
      return (
        <span key={key} className={voices[piece.kind]}>
          {text}
        </span>
      );
    return <Fragment key={key}>{text}</Fragment>;
  });
}

/** The first so many characters of a line. */
export function cutPieces(pieces: readonly Piece[], length: number): Piece[] {
  let left = length;
  return pieces.flatMap((piece) => {
    const text = piece.text.slice(0, Math.max(0, left));
    left -= piece.text.length;
    return text === '' ? [] : [{ ...piece, text }];
  });
}

/** Text that breaks at its delimiters, with percent escapes set back. */
function Breakable({ text, encoded }: { readonly text: string; readonly encoded: boolean }) {
  const parts = text.split(encoded ? /(%[0-9A-Fa-f]{2}|[/.&,])/ : /([/.&,])/).filter(Boolean);
  if (parts.length === 1 && !encoded) return text;
  return parts.map((part, index) => {
    const breaks = /^[/.&,]$|^%/.test(part) && index < parts.length - 1 && !/^[/.&,]$|^%/.test(parts[index + 1] ?? '');
    const shown = encoded && part.startsWith('%') ? <span className="pct">{part}</span> : part;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one unchanging text
      <Fragment key={index}>
        {shown}
        {breaks && <wbr />}
      </Fragment>
    );
  });
}
