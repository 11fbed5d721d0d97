/** The server's eye: the checks of one request in both positions, side by side. */
import { queryOf } from '#lib/exchange/read.ts';
import { checksOf, objectionOf } from '../judge.ts';
import type { Done, Lab, LabCheck, LabRun, Position } from '../types.ts';

/** What a column says of a check. */
export type Cell = 'passed' | 'objected' | 'not-asked' | 'not-reached' | 'not-run' | 'absent';

export interface CheckRow {
  readonly check: string;
  readonly says: string;
  readonly clause: string | null;
  readonly cells: Readonly<Record<Position, Cell>>;
  /** What was expected and found by the check that objected. */
  readonly evidence: { readonly expected: string | null; readonly got: string | null } | null;
  readonly by: LabCheck['by'];
}

export interface KeptRow {
  readonly name: string;
  readonly cells: Readonly<Record<Position, string | null | undefined>>;
  /** It is what differs. */
  readonly differs: boolean;
}

export interface EyeView {
  /** What is shown of the position that is looked at. */
  readonly done: Done;
  /** Whether both columns are about one request. In some labs another one takes its place with the defence on. */
  readonly isSame: boolean;
  readonly kept: readonly KeptRow[];
  readonly checks: readonly CheckRow[];
  /** Checks that pass in both columns and come first, folded to one line. */
  readonly folded: number;
}

function actOf(run: LabRun | null | undefined, act: string): Done | undefined {
  return run?.done.findLast((done) => done.act === act && done.missing.length === 0);
}

/** The act that a column is about: the one that is stopped, or what takes its place in the other position. */
function subject(lab: Lab, run: LabRun | null | undefined): Done | undefined {
  const own = actOf(run, lab.stop.act);
  if (own || !run) return own;
  const moment = lab.moments.find((one) => one.title === lab.eye.title || one.title.startsWith(`${lab.eye.title}:`));
  return moment?.acts.map((act) => actOf(run, act.id)).find((done) => done !== undefined);
}

function cellOf(check: string, done: Done | undefined, isRun: boolean): Cell {
  if (!isRun || !done) return 'not-run';
  const found = checksOf(done).find((one) => one.check === check);
  if (!found) return objectionOf(done) ? 'not-reached' : 'absent';
  if (!found.ok) return 'objected';
  return found.evidence?.asked === false ? 'not-asked' : 'passed';
}

const asText = (value: unknown): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);

/** A check as it was made: one that was left out says only that. */
const askedIn = (done: readonly (Done | undefined)[], check: string): LabCheck | undefined =>
  done.flatMap((one) => (one ? checksOf(one) : [])).find((one) => one.check === check && one.evidence?.asked !== false);

/** The names of checks in the order in which they were made, of both columns. */
function order(done: readonly (Done | undefined)[]): LabCheck[] {
  const merged: LabCheck[] = [];
  for (const one of done) {
    let at = 0;
    for (const check of one ? checksOf(one) : []) {
      const known = merged.findIndex((other) => other.check === check.check);
      if (known >= 0) at = known + 1;
      else {
        merged.splice(at, 0, check);
        at += 1;
      }
    }
  }
  return merged;
}

function keptRows(lab: Lab, runs: Readonly<Partial<Record<Position, LabRun>>>): KeptRow[] {
  const { kept } = lab.eye;
  if (!kept) return [];
  const keptValue = (name: string, position: Position): string | null | undefined => {
    const exchange = runs[position]?.done.find((done) => done.act === kept.act)?.exchange;
    return exchange ? queryOf(exchange).get(name) : undefined;
  };
  return kept.names.map((name) => ({
    name,
    cells: { off: keptValue(name, 'off'), on: keptValue(name, 'on') },
    differs: lab.defence.leavesOut?.includes(name) === true,
  }));
}

/**
 * The figure, from the runs that there are.
 * @returns null before the request of the figure was sent in the position that is looked at
 */
export function eyeOf(lab: Lab, position: Position, runs: Readonly<Partial<Record<Position, LabRun>>>): EyeView | null {
  const columns = { off: subject(lab, runs.off), on: subject(lab, runs.on) };
  const done = columns[position];
  if (!done) return null;
  const rows = order([columns.off, columns.on]).map((check): CheckRow => {
    const objected = [columns.on, columns.off]
      .map((one) => (one ? objectionOf(one) : null))
      .find((one) => one?.check === check.check);
    return {
      check: check.check,
      says: askedIn([columns.on, columns.off], check.check)?.says ?? check.says,
      clause: check.clause ?? null,
      by: check.by,
      cells: {
        off: cellOf(check.check, columns.off, columns.off !== undefined),
        on: cellOf(check.check, columns.on, columns.on !== undefined),
      },
      evidence: objected
        ? { expected: asText(objected.evidence?.expected), got: asText(objected.evidence?.got) }
        : null,
    };
  });
  const plain = rows.findIndex(({ check }) => check === lab.stop.check);
  // The last check before the one that differs is shown: it says how far the request came.
  const folded = plain > 2 ? plain - 1 : 0;
  const isSame = columns.off === undefined || columns.on === undefined || columns.off.act === columns.on.act;
  return { done, isSame, kept: keptRows(lab, runs), checks: rows.slice(folded), folded };
}
