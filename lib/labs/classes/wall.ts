/** The wall of a class, as its page draws it: sums by step, and who is quiet. Pure. */
import type { WallAnswer } from '#lib/spec/answers.ts';

export interface Disc {
  readonly state: 'moving' | 'quiet' | 'stuck';
  readonly name: string | null;
  /** Whole minutes since the participant's page said anything. */
  readonly minutes: number;
}

/** Ms without a word after which a participant is quiet. */
export const QUIET = 3 * 60_000;

/**
 * The discs of each step, the stuck ones last.
 * @param steps ids in order; who is before all of them, or where no step is, stands at the first
 * @param now wall time, ms
 */
export function discsOf(wall: Pick<WallAnswer, 'members'>, steps: readonly string[], now: number): Disc[][] {
  const columns = steps.map((): Disc[] => []);
  for (const member of wall.members) {
    const silent = Math.max(0, now - Date.parse(member.seen_at));
    const isOver = member.step === 'done';
    const state = member.state === 'stuck' ? 'stuck' : silent > QUIET && !isOver ? 'quiet' : 'moving';
    columns[Math.max(0, steps.indexOf(member.step))]!.push({
      state,
      name: member.name,
      minutes: Math.floor(silent / 60_000),
    });
  }
  const rank = { stuck: 0, quiet: 1, moving: 2 } as const;
  for (const column of columns) column.sort((a, b) => rank[a.state] - rank[b.state]);
  return columns;
}

/** The place of the column where most participants are; the first of several. */
export function fullest(columns: readonly (readonly Disc[])[]): number {
  const most = Math.max(0, ...columns.map((column) => column.length));
  return Math.max(
    0,
    columns.findIndex((column) => column.length === most),
  );
}

/** "24 here, 5 stuck, 2 quiet": what is read aloud, counts only. */
export function countWords(columns: readonly (readonly Disc[])[]): string {
  const all = columns.flat();
  const of = (state: Disc['state']): number => all.filter((disc) => disc.state === state).length;
  return `${all.length} here, ${of('stuck')} stuck, ${of('quiet')} quiet`;
}
