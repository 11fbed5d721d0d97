'use client';

import { Fragment } from 'react';
import { Glyph, Trip } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { shorten, Value } from '#components/values/value.tsx';
import { holdingsOf } from '#lib/labs/derive/end.ts';
import type { MomentView } from '#lib/labs/derive/figure.ts';
import type { Arrow, Line, Piece } from '#lib/labs/derive/row.ts';
import { isMet, isOver } from '#lib/labs/judge.ts';
import type { Hand, Lab, LabRun, Side } from '#lib/labs/types.ts';
import { GoalMark, Ring } from './marks.tsx';
import { ArrowDrawing, Bars, Heads, LANES, Lanes, WIDTH } from '../../_components/wire.tsx';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

interface MomentsProps {
  readonly lab: Lab;
  readonly moments: readonly MomentView[];
  readonly run: LabRun | null;
  readonly list: React.RefObject<HTMLOListElement | null>;
}

/** One wire between two margins: who acts has the title and the exchange, the other side notices what it notices. */
export function Moments({ lab, moments, run, list }: MomentsProps) {
  return (
    <section className="lab-fig" aria-labelledby="fig-1">
      <div className="figh">
        <span className="fign">Fig. 1</span>
        <h2 id="fig-1">The same moments, seen from both sides</h2>
        <span className="cap">
          Who acts has the title. Beads are values, coloured by who made them. A bar is something held.
        </span>
      </div>
      <div className="tri heads">
        <div className="cast cast-a">
          <h3 className="attacker">
            <Glyph hand="attacker" />
            <span className="hand">Mallory</span>
          </h3>
          <p>
            <b>Attacker</b> <Prose text={lab.attacker} />
          </p>
        </div>
        <Heads attackerIs={lab.attackerIs ?? null} />
        <div className="cast cast-v">
          <h3>
            <span className="you">
              <Glyph hand="you" />
            </span>
            You, and{' '}
            <span className="client">
              <Glyph hand="client" />
            </span>
            your client
          </h3>
          <p>
            <b>Victim</b> <Prose text={lab.victim} />
          </p>
        </div>
      </div>
      <ol className="moments" ref={list}>
        {moments.map((view) => (
          <MomentItem key={view.moment.id} view={view} />
        ))}
      </ol>
      <End lab={lab} run={run} />
    </section>
  );
}

function MomentItem({ view }: { readonly view: MomentView }) {
  const { moment, state, number, at, rows, bars, meanwhile, passed } = view;
  const isHers = moment.side === 'attacker';
  const isShown = state === 'done';
  return (
    <li
      className={`tri moment ${isHers ? 'by-a' : 'by-v'} ${state}`}
      style={{ '--n': Math.max(1, rows.length) } as React.CSSProperties}
    >
      <div className="mo-title">
        <h3>
          <i>{number}</i>
          <span className="vh">{isHers ? 'Mallory: ' : 'You: '}</span>
          <span>
            <Prose text={moment.title} />
          </span>
          {at && <small>{'first' in at ? timeOfDay(at.first) : `+${at.since.toLocaleString('en-GB')} ms`}</small>}
        </h3>
        <p className="says">
          <Prose text={state === 'passed' ? `${moment.says} ${passed ?? ''}` : moment.says} />
        </p>
      </div>
      {state === 'done' || state === 'passed' ? (
        <p className="mo-other">
          <span className="vh">{isHers ? 'Meanwhile, you: ' : 'Meanwhile, Mallory: '}</span>
          <Prose text={meanwhile} />
        </p>
      ) : (
        <div className="mo-other" />
      )}
      <Lanes />
      <Bars bars={bars} rows={rows.length} />
      {rows.map((row, index) => {
        const key = index;
        return (
          <Fragment key={key}>
            {row.arrow && <ArrowDrawing arrow={row.arrow} row={index} state={state} />}
            {isShown && row.line && <LineText line={row.line} row={index} loot={row.loot ?? []} />}
            {isShown &&
              row.gains
                .filter((gain) => isFree(gain.lane, row.arrow) || !beginsAt(gain.lane, nextArrow(rows, index)))
                .map((gain) => (
                  <Born
                    key={`${gain.lane}-${gain.word}`}
                    lane={gain.lane}
                    word={gain.word}
                    by={gain.by}
                    at={index}
                    beside={isFree(gain.lane, row.arrow)}
                  />
                ))}
          </Fragment>
        );
      })}
    </li>
  );
}

/** Whether nothing is drawn to the right of a lane, in the row of this arrow. */
function isFree(lane: Hand, arrow: Arrow | null): boolean {
  if (arrow === null) return true;
  const reach = Math.max(LANES[arrow.from], LANES[arrow.to]);
  return reach <= LANES[lane] && !(arrow.status !== null && arrow.from === lane);
}

/** The next arrow below a row; on a phone it lies right below. */
const nextArrow = (rows: MomentView['rows'], index: number): Arrow | null =>
  rows.slice(index + 1).find((row) => row.arrow !== null)?.arrow ?? null;

/** Whether the words of an arrow begin at a lane: they stand where its next word would be. */
function beginsAt(lane: Hand, arrow: Arrow | null): boolean {
  return arrow !== null && Math.min(LANES[arrow.from], LANES[arrow.to]) === LANES[lane];
}

/** The word for what somebody begins to hold: beside the shaft of its arrow, or below it if the arrow is in the way. */
function Born({
  lane,
  word,
  by,
  at,
  beside,
}: {
  readonly lane: Hand;
  readonly word: string;
  readonly by: Hand;
  readonly at: number;
  readonly beside: boolean;
}) {
  if (word === '') return null;
  return (
    <span
      className={`born ${by}${beside ? ' beside' : ''}`}
      style={{ '--r': at, '--xn': LANES[lane] / WIDTH } as React.CSSProperties}
      aria-hidden="true"
    >
      {word}
    </span>
  );
}

function LineText({
  line,
  row,
  loot,
}: {
  readonly line: Line;
  readonly row: number;
  readonly loot: readonly string[];
}) {
  return (
    <div className="mo-line" style={{ '--r': row } as React.CSSProperties}>
      <p className={line.trip ? 'pl' : 'pl vl'}>
        <span className="g">{line.trip && <Trip from={line.trip[0]} to={line.trip[1]} />}</span>
        <span className="x">
          <Pieces pieces={line.pieces} />
        </span>
        {line.end && (
          <small>{'exchange' in line.end ? `exchange ${line.end.exchange}` : `${line.end.later} ms later`}</small>
        )}
      </p>
      {loot.length > 0 && (
        <ul className="loot" aria-label="What was read">
          {loot.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Pieces({ pieces }: { readonly pieces: readonly Piece[] }) {
  return pieces.map((piece, index) => {
    const key = index;
    if (piece.value)
      return (
        <Value key={key} name={piece.value.name} by={piece.value.by}>
          {piece.text}
        </Value>
      );
    if (piece.is === 'remark')
      return (
        <em key={key}>
          <Prose text={piece.text} />
        </em>
      );
    if (piece.is === 'left-out') return <del key={key}>{piece.text}</del>;
    if (piece.is === 'name')
      return (
        <span key={key} className="k">
          {piece.text}
        </span>
      );
    return <Fragment key={key}>{piece.text}</Fragment>;
  });
}

/** In the end: what each side holds, and the goal. */
function End({ lab, run }: { readonly lab: Lab; readonly run: LabRun | null }) {
  const over = isOver(lab, run) ? run : null;
  const met = over ? isMet(lab.goal, over) : null;
  return (
    <div className="tri end">
      <Held lab={lab} run={over} side="attacker" title="In the end, Mallory holds" />
      <div className="verdict">
        {met === null ? <Ring label="not known yet" /> : <GoalMark met={met} />}
        <div className={met === false ? 'no' : undefined}>
          <b>{met === null ? 'The goal' : met ? 'Goal met' : 'Goal not met'}</b>
          <p>
            <Prose text={met === false ? `${lab.goal.says} ${lab.damage.says}` : lab.goal.says} />
          </p>
        </div>
      </div>
      <Held lab={lab} run={over} side="victim" title="In the end, your client holds" />
    </div>
  );
}

function Held({
  lab,
  run,
  side,
  title,
}: {
  readonly lab: Lab;
  readonly run: LabRun | null;
  readonly side: Side;
  readonly title: string;
}) {
  return (
    <div className={`held held-${side === 'attacker' ? 'a' : 'v'}`}>
      <h3>{title}</h3>
      {run === null ? (
        <p className="says">nothing yet</p>
      ) : (
        <dl>
          {holdingsOf(lab, run, side).map((row) => (
            <div key={row.name}>
              <dt>{row.name}</dt>
              <dd>
                {row.value && (
                  <Value name="access_token" by="as">
                    {shorten(row.value, 10, 8)}
                  </Value>
                )}{' '}
                <em>{row.says}</em>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
