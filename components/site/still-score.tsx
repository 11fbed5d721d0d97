import { annotate } from '#components/exchange/anchor.ts';
import { colour } from '#components/exchange/colour.ts';
import { requestLines, responseLines } from '#components/exchange/lines.ts';
import { LineNote, LineText, lineNumbers, SectionHead, sentLines } from '#components/exchange/line-parts.tsx';
import { type Pointed, type Pointer, point } from '#components/exchange/point.ts';
import { lineClass, type Note } from '#components/exchange/view.ts';
import type { Bag } from '#lib/guide/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import '#components/exchange/exchange.css';

interface StillScoreProps {
  readonly exchange: Exchange;
  readonly bag: Bag;
  readonly notes: readonly Note[];
  /** Places that evidence is about. */
  readonly pointers?: readonly Pointer[];
  /** Beside "Request" and "Response". */
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
        <SectionHead from={exchange.from} to={exchange.to} title="Request" detail={captions.request} />
        {rows(request, 1)}
        <SectionHead from={exchange.to} to={exchange.from} title="Response" detail={captions.response} />
        {rows(response, sentLines(request) + 1)}
      </div>
    </div>
  );
}

/** Lines with their numbers; they never change, so that the place of a line is its name. */
function rows(lines: readonly Pointed[], first: number) {
  const numbers = lineNumbers(lines, first);
  // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
  return lines.map((one, index) => <Row key={index} number={numbers[index]} {...one} />);
}

function Row({ number, ...one }: Pointed & { readonly number: number | undefined }) {
  const { line, notes, pointed = false, inserted = false } = one;
  return (
    <div className={lineClass(line, { noted: notes.length > 0, pointed, inserted })}>
      <i aria-hidden="true">{number}</i>
      <code>
        <LineText pieces={line.pieces} inserted={inserted} />
      </code>
      {notes.length > 0 && (
        <span className="nts">
          {notes.map((note) => (
            <LineNote key={note.lemma} line={line} note={note} />
          ))}
        </span>
      )}
    </div>
  );
}
