/** The moments of a lab as they are drawn: rows beside a wire, and bars for what is held. */
import { objectionOf } from '../judge.ts';
import type { Hand, Lab, LabRun, Moment, Position } from '../types.ts';
import { type Row, wordsFor } from './row.ts';
import { rowsOf } from './rows.ts';

export type MomentState = 'done' | 'next' | 'future' | 'passed';

/** A stretch of a bar in one moment, from row to row; null: from its top, or to its bottom. */
export interface BarPiece {
  readonly lane: Hand;
  readonly from: number | null;
  readonly to: number | null;
  readonly by: Hand;
  /** At its birth. */
  readonly word: string | null;
  /** It is worth nothing any more. */
  readonly gone: boolean;
}

export interface MomentView {
  readonly moment: Moment;
  readonly number: number;
  readonly state: MomentState;
  /** Of the first moment its time of day, of the others the time since; null before it is done. */
  readonly at: { readonly first: number } | { readonly since: number } | null;
  readonly rows: readonly Row[];
  readonly bars: readonly BarPiece[];
  readonly meanwhile: string;
  /** Why nothing was sent, if nothing was. */
  readonly passed: string | null;
}

interface Held {
  by: Hand;
  gone: boolean;
}

/** The lanes on which bars are drawn. */
const LANES: readonly Hand[] = ['attacker', 'client', 'as'];

function barsOf(rows: readonly Row[], held: Map<Hand, Held>): BarPiece[] {
  const pieces: BarPiece[] = [];
  for (const lane of LANES) {
    let from: number | null = null;
    let word: string | null = null;
    const close = (to: number | null): void => {
      const now = held.get(lane);
      if (now && (from !== to || to === null)) pieces.push({ lane, from, to, by: now.by, word, gone: now.gone });
      word = null;
    };
    rows.forEach((row, index) => {
      for (const gain of row.gains.filter((one) => one.lane === lane)) {
        if (gain.spent && !held.has(lane)) continue;
        close(index);
        held.set(lane, { by: gain.by, gone: gain.spent === true });
        from = index;
        word = gain.spent ? null : gain.word;
      }
    });
    close(null);
  }
  return pieces;
}

/** Moments of a position, in their order, as far as they have been played. */
export function figureOf(lab: Lab, position: Position, run: LabRun | null): MomentView[] {
  const held = new Map<Hand, Held>();
  const begun = run?.done.find((done) => done.moment >= 0)?.at ?? 0;
  let number = 0;
  return lab.moments.flatMap((moment, index): MomentView[] => {
    if (moment.only !== undefined && moment.only !== position) return [];
    number += 1;
    const next = run?.next ?? 0;
    const entries = (run?.done ?? []).filter((done) => done.moment === index);
    const happened = entries.filter((done) => done.missing.length === 0);
    const isPlayed = index < next;
    const state: MomentState = isPlayed
      ? happened.length > 0
        ? 'done'
        : 'passed'
      : index === next
        ? 'next'
        : 'future';
    const rows = moment.acts
      .filter((act) => act.only === undefined || act.only === position)
      .filter((act) => !isPlayed || happened.some((done) => done.act === act.id))
      .flatMap((act) =>
        rowsOf(
          act,
          happened.filter((done) => done.act === act.id),
          { lab, position, run, moment: index },
        ),
      );
    const first = happened[0]?.at;
    return [
      {
        moment,
        number,
        state,
        at: first === undefined ? null : number === 1 ? { first } : { since: Math.max(0, Math.round(first - begun)) },
        rows: state === 'passed' ? [] : rows,
        bars: isPlayed ? barsOf(state === 'passed' ? [] : rows, held) : [],
        meanwhile: wordsFor(moment.meanwhile, position),
        passed: state === 'passed' ? (moment.passed ?? 'What it needs is not there, so nothing is sent.') : null,
      },
    ];
  });
}

/** Moments of a position, without what it leaves out. */
export function momentsOf(lab: Lab, position: Position): readonly Moment[] {
  return lab.moments.filter((moment) => moment.only === undefined || moment.only === position);
}

/** Who speaks first in a moment, and to whom: for the action that plays it. */
export function tripOf(lab: Lab, moment: Moment, position: Position): readonly [Hand, Hand] {
  const rows = moment.acts.flatMap((act) => rowsOf(act, [], { lab, position, run: null, moment: 0 }));
  const arrow = rows.find((row) => row.arrow && !(row.arrow.label === 'open URL'))?.arrow;
  return arrow ? [arrow.from, arrow.to] : [moment.side === 'attacker' ? 'attacker' : 'you', 'as'];
}

/** Whether the check of the lab objected in the run that is shown. */
export function wasStopped(lab: Lab, run: LabRun): boolean {
  return run.done.some((done) => done.act === lab.stop.act && objectionOf(done)?.check === lab.stop.check);
}
