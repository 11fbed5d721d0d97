'use client';

import { entryOf } from '#lib/spec/own.ts';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Bag } from '#lib/guide/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { Hand } from '../values/glyph.tsx';
import { ClauseLink, Prose } from '../values/prose.tsx';
import { type Annotated, annotate } from './anchor.ts';
import { jwtIn } from '#lib/exchange/named.ts';
import { JwtLine } from './jwt-line.tsx';
import { type Pointed, type Pointer, point } from './point.ts';
import { Between } from './between.tsx';
import { colour } from './colour.ts';
import { watchLeaders } from './leaders.ts';
import { commonGlosses } from './glosses.ts';
import { requestLines, responseLines } from './lines.ts';
import { milliseconds } from './milliseconds.ts';
import { LineNote, LineText, lineNumbers, SectionHead, sentLines } from './line-parts.tsx';
import { cutPieces } from './pieces.tsx';
import { lineClass, lineText, type Note } from './view.ts';
import './exchange.css';

interface ScoreProps {
  readonly exchange: Exchange;
  /** The values that are known at that moment: they are coloured by who made them. */
  readonly bag?: Bag;
  /** What is held now, where that is another moment. */
  readonly current?: Bag;
  /** Names that win where two values are the same string. */
  readonly prefer?: readonly string[];
  readonly notes?: readonly Note[];
  /** What is said of a line without a note of its own while it is pointed at, by its name. */
  readonly glosses?: Readonly<Record<string, Pick<Note, 'text' | 'clause'>>>;
  /** Who sends and who is asked, if the exchange cannot say it: in a lab. */
  readonly hands?: readonly [Hand, Hand];
  /** Beside "Request": "exchange 4, 12:03:52". */
  readonly caption?: string;
  readonly stale?: boolean;
  readonly hideBetween?: boolean;
  /** Places that the evidence of the opened rule is about. */
  readonly pointers?: readonly Pointer[];
  /** For the owner of a sandbox: tokens in the clear can be decoded in place. */
  readonly decode?: { readonly issuer: string; readonly offset: number } | null;
  /** The check that refused it is what went wrong: in red. A refusal that was meant stays ink. */
  readonly wrong?: boolean;
}

const nothing: Bag = {};
const none: readonly never[] = [];

/**
 * One exchange as a manuscript with its apparatus: request, what the server did between, response,
 * notes beside their lines. The lines are one tab stop; the arrow keys go from line to line.
 */
export function Score({
  exchange,
  bag = nothing,
  current = bag,
  prefer = none,
  notes = none,
  glosses = {},
  caption,
  hands,
  stale,
  hideBetween,
  wrong = false,
  pointers = none,
  decode = null,
}: ScoreProps) {
  const id = useId();
  const [sender, asked] = hands ?? [exchange.from, exchange.to];
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [unfolded, setUnfolded] = useState<readonly string[]>([]);
  const plain = useMemo(
    () => ({
      request: annotate(
        colour(requestLines(exchange.request), bag, prefer, current),
        notes.filter((note) => note.side === 'request'),
      ),
      response: exchange.response
        ? annotate(
            colour(responseLines(exchange.response, exchange.request.httpVersion), bag, prefer, current),
            notes.filter((note) => note.side === 'response'),
          )
        : [],
    }),
    [exchange, bag, current, prefer, notes],
  );

  const request = useMemo(() => point(plain.request, pointers, 'request'), [plain, pointers]);
  const response = useMemo(() => point(plain.response, pointers, 'response'), [plain, pointers]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another exchange has other lines
  useEffect(() => (box.current ? watchLeaders(box.current) : undefined), [request, response]);

  const move = (event: React.KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('.ln')) return;
    const lines = [...(box.current?.querySelectorAll<HTMLElement>('.ln') ?? [])];
    const here = lines.indexOf(event.target);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    lines[Math.max(0, Math.min(lines.length - 1, to))]?.focus();
  };
  const draw = (side: 'request' | 'response', lines: readonly Pointed[], first: number, firstShown: number) => {
    const shown = lineNumbers(lines, firstShown);
    const open = unfolded.includes(side);
    const folded = lines.flatMap(({ line }, index) => (line.folded ? [index] : []));
    return lines.flatMap(({ line, notes: hung, pointed, inserted }, index) => {
      const number = first + index;
      const fold =
        index === folded[0] && folded.length > 1 ? (
          <p key={`${side}-fold`} className="fold-line">
            {!open && <i aria-hidden="true">{shown[index]}…</i>}
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setUnfolded(open ? unfolded.filter((each) => each !== side) : [...unfolded, side])}
            >
              {open ? 'fold these headers' : `${folded.length} more headers`}
            </button>
          </p>
        ) : null;
      if (line.folded && !open && folded.length > 1) return fold ? [fold] : [];
      return [
        fold,
        <LineRow
          key={`${side}-${number}`}
          id={`${id}-${number}`}
          number={shown[index]}
          line={line}
          pointed={pointed ?? false}
          inserted={inserted ?? false}
          decode={decode}
          notes={hung}
          gloss={
            hung.length === 0
              ? line.names
                  .slice(0, 4)
                  .map((name) => entryOf(glosses, name) ?? entryOf(commonGlosses, name))
                  .find(Boolean)
              : undefined
          }
          current={number === at || (at === 0 && number === 1)}
          onFocus={() => setAt(number)}
        />,
      ];
    });
  };
  return (
    <div className={stale ? 'score-box stale' : 'score-box'}>
      {/* biome-ignore lint/a11y/useSemanticElements: lines with notes, walked by arrow keys; no fieldset */}
      <div
        className="score"
        role="group"
        aria-label={`Exchange ${exchange.seq}, line by line; arrow keys move`}
        ref={box}
        onKeyDown={move}
      >
        <SectionHead from={sender} to={asked} title="Request" detail={caption ?? ''} />
        {draw('request', request, 1, 1)}
        {!hideBetween && exchange.between.length > 0 && <Between exchange={exchange} wrong={wrong} />}
        {exchange.response && (
          <SectionHead
            from={asked}
            to={sender}
            title="Response"
            detail={`${milliseconds(exchange.duration)} later${exchange.delivered ? '' : ', not delivered'}`}
          />
        )}
        {draw('response', response, request.length + 1, sentLines(request) + 1)}
        {!exchange.response && <p className="sec no-answer">No answer came.</p>}
      </div>
    </div>
  );
}

/** Characters from which on a line is folded, and how many of them are shown then. */
const LONG = 900;
const SHOWN = 240;

interface LineRowProps {
  readonly id: string;
  /** None beside a line that was not sent. */
  readonly number: number | undefined;
  readonly line: Annotated['line'];
  readonly pointed: boolean;
  readonly inserted: boolean;
  readonly decode: ScoreProps['decode'];
  readonly notes: readonly Note[];
  readonly gloss: Pick<Note, 'text' | 'clause'> | undefined;
  readonly current: boolean;
  readonly onFocus: () => void;
}

function LineRow({ id, number, line, pointed, inserted, decode, notes, gloss, current, onFocus }: LineRowProps) {
  const [whole, setWhole] = useState(false);
  const length = line.pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  const long = length > LONG;
  const pieces = long && !whole ? cutPieces(line.pieces, SHOWN) : line.pieces;
  const values = [...new Set(line.pieces.flatMap((piece) => (piece.value ? [piece.value.name] : [])))];
  const token = decode ? jwtIn(lineText(line)) : null;
  const noted = notes.length > 0 || gloss !== undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of protocol text, focusable to be read with its note
    <div
      className={lineClass(line, { noted: notes.length > 0, pointed, inserted })}
      role="group"
      tabIndex={current ? 0 : -1}
      aria-labelledby={`${id}-t`}
      aria-describedby={noted ? `${id}-n` : undefined}
      data-lights={values.join(' ') || undefined}
      onFocus={onFocus}
    >
      <i aria-hidden="true">{number}</i>
      <code id={`${id}-t`}>
        <LineText pieces={pieces} inserted={inserted} />
      </code>
      {long && (
        <button type="button" className="decode" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'fold' : `… ${(length - SHOWN).toLocaleString('en-GB')} more characters`}
        </button>
      )}
      {token && decode && <JwtLine token={token} issuer={decode.issuer} offset={decode.offset} />}
      {noted && (
        <span id={`${id}-n`} className="nts">
          {notes.map((note) => (
            <LineNote key={note.lemma + note.text} line={line} note={note} tabbable={current} />
          ))}
          {gloss && (
            <span className="nt gloss">
              <Prose text={gloss.text} />
              {gloss.clause && (
                <>
                  {' '}
                  <ClauseLink {...gloss.clause} tabbable={current} />
                </>
              )}
            </span>
          )}
        </span>
      )}
    </div>
  );
}
