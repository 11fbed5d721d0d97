import { annotate } from '#components/exchange/anchor.ts';
import { colour } from '#components/exchange/colour.ts';
import { requestLines, responseLines } from '#components/exchange/lines.ts';
import { Pieces } from '#components/exchange/pieces.tsx';
import { type Pointed, type Pointer, point } from '#components/exchange/point.ts';
import { lineClass, type Note } from '#components/exchange/view.ts';
import { Trip } from '#components/values/glyph.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import type { Bag, Party } from '#lib/guide/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import '#components/exchange/exchange.css';

interface StillScoreProps {
  readonly exchange: Exchange;
  readonly bag: Bag;
  readonly notes: readonly Note[];
  /** Beside "Request" and "Response". */
  /** Places that evidence is about. */
  readonly pointers?: readonly Pointer[];
  readonly captions: { readonly request: string; readonly response: string };
}

/**
 * An exchange as the guide draws it, made on the server and at rest: the same lines and notes, without
 * the script that the guide's own needs.
 */
export function StillScore({ exchange, bag, notes, captions, pointers = [] }: StillScoreProps) {
  const of = (side: Note['side']) => notes.filter((note) => note.side === side);
  const request = point(
    annotate(colour(requestLines(exchange.request), bag), of('request')),
    pointers,
    'request',
  ).filter(({ line }) => !line.folded);
  const response = point(
    exchange.response
      ? annotate(colour(responseLines(exchange.response, exchange.request.httpVersion), bag), of('response'))
      : [],
    pointers,
    'response',
  ).filter(({ line }) => !line.folded);
  return (
    <div className="score-box">
      <div className="score">
        <Head from={exchange.from} to={exchange.to} title="Request" detail={captions.request} />
        {request.map(row(1))}
        <Head from={exchange.to} to={exchange.from} title="Response" detail={captions.response} />
        {response.map(row(request.length + 1))}
      </div>
    </div>
  );
}

/** A line and its number, which is also its name: the lines never change. */
function row(first: number) {
  return (one: Pointed, index: number) => {
    const number = first + index;
    return <Row key={number} number={number} {...one} />;
  };
}

function Head({
  from,
  to,
  title,
  detail,
}: {
  readonly from: Party;
  readonly to: Party;
  readonly title: string;
  readonly detail: string;
}) {
  return (
    <h3 className="sec">
      <Trip from={from} to={to} />
      {title} <small>{detail}</small>
    </h3>
  );
}

function Row({ number, line, notes, pointed, inserted }: Pointed & { readonly number: number }) {
  const hands = [...new Set(line.pieces.flatMap((piece) => (piece.value ? [piece.value.by] : [])))];
  const only = hands.length === 1 ? hands[0] : undefined;
  return (
    <div className={lineClass(line, { noted: notes.length > 0, pointed, inserted })}>
      <i aria-hidden="true">{number}</i>
      <code>
        {inserted ? (
          <>
            <span className="vh">missing: </span>
            <ins>
              <Pieces pieces={line.pieces} />
            </ins>
          </>
        ) : (
          <Pieces pieces={line.pieces} />
        )}
      </code>
      {notes.length > 0 && (
        <span className="nts">
          {notes.map((note) => (
            <span key={note.lemma} className={`nt ${note.by ?? (only && line.names.includes(note.lemma) ? only : '')}`}>
              <b className="m">{note.lemma}</b> <Prose text={note.text} />
              {note.clause && (
                <>
                  {' '}
                  <ClauseLink {...note.clause} />
                </>
              )}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}
