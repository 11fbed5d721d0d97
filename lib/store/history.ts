/**
 * How much there was of what an operator watches, in samples of five minutes for eight days; and which processes share
 * the database, by the sign of life that each gives.
 */
import { sql } from 'kysely';
import type { Connection, Database } from './database.ts';
import { decodeObject } from './json.ts';
import { statement } from './statement.ts';

/** ms that a sample spans. */
export const SAMPLE_SPAN = 300_000;
/** ms for which samples are kept: a week, and a day to look back from its beginning. */
export const HISTORY_KEPT = 8 * 86_400_000;
/** ms after which a process that gives no sign of life counts as gone. */
export const PROCESS_LIFE = 45_000;
/** ms after which its row is deleted. */
const PROCESS_KEPT = 600_000;

/** A span of five minutes. */
export interface Sample {
  /** When it begins, wall ms. */
  readonly at: number;
  /** Requests of all instances, and how many of them a limit refused. */
  readonly requests: number;
  readonly refused: number;
  /** Sandboxes that were alive, bytes of the database, used bytes of its volume; null: not measured. */
  readonly sandboxes: number | null;
  readonly bytes: number | null;
  readonly volumeUsed: number | null;
}

/** A process that shares the database. */
export interface ProcessRecord {
  readonly id: string;
  /** Which start it belongs to: the processes of an instance have the same. */
  readonly instance: string;
  /** When it last gave a sign of life, wall ms. */
  readonly seenAt: number;
  /** What it counts, as it says. */
  readonly figures: Readonly<Record<string, unknown>>;
}

export interface HistoryVerbs {
  /**
   * Adds to the sample of this time. Counts are added to what other processes have counted; what was measured
   * replaces what was measured before.
   * @param wall now, ms
   */
  addToSample(wall: number, more: Partial<Omit<Sample, 'at'>>): Promise<void>;
  /** Samples from then on, the earliest first. @param since wall ms */
  listSamples(since: number): Promise<Sample[]>;
  /** Says that a process is there. */
  giveSign(process: ProcessRecord): Promise<void>;
  /** Says that a process ends. */
  takeLeave(id: string): Promise<void>;
  /** Processes that gave a sign of life lately. @param wall now, ms */
  listProcesses(wall: number): Promise<ProcessRecord[]>;
}

interface SampleValues {
  readonly at: number;
  readonly requests: number;
  readonly refused: number;
  readonly sandboxes: number | null;
  readonly bytes: number | null;
  readonly volume: number | null;
}

const addSample = statement(({ db }, v: SampleValues) =>
  db
    .insertInto('samples')
    .values({
      at: v.at,
      requests: v.requests,
      refused: v.refused,
      sandboxes: v.sandboxes,
      bytes: v.bytes,
      volume_used: v.volume,
    })
    .onConflict((conflict) =>
      conflict.column('at').doUpdateSet({
        requests: sql`samples.requests + excluded.requests`,
        refused: sql`samples.refused + excluded.refused`,
        sandboxes: sql`coalesce(excluded.sandboxes, samples.sandboxes)`,
        bytes: sql`coalesce(excluded.bytes, samples.bytes)`,
        volume_used: sql`coalesce(excluded.volume_used, samples.volume_used)`,
      }),
    ),
);

const samplesSince = statement(({ db }, v: { since: number }) =>
  db.selectFrom('samples').selectAll().where('at', '>=', v.since).orderBy('at'),
);

const sign = statement(({ db }, v: { id: string; instance: string; seen: number; figures: string }) =>
  db
    .insertInto('processes')
    .values({ id: v.id, instance: v.instance, seen_at: v.seen, figures: v.figures })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: v.seen, figures: v.figures })),
);

const leave = statement(({ db }, v: { id: string }) => db.deleteFrom('processes').where('id', '=', v.id));

const orNull = (value: number | null): number | null => (value === null ? null : Number(value));

export function historyVerbs(db: Database): HistoryVerbs {
  return {
    async addToSample(wall, { requests = 0, refused = 0, sandboxes = null, bytes = null, volumeUsed = null }) {
      const at = wall - (wall % SAMPLE_SPAN);
      await db.run(addSample, { at, requests, refused, sandboxes, bytes, volume: volumeUsed });
    },

    async listSamples(since) {
      return (await db.all(samplesSince, { since })).map((row) => ({
        at: Number(row.at),
        requests: Number(row.requests),
        refused: Number(row.refused),
        sandboxes: orNull(row.sandboxes),
        bytes: orNull(row.bytes),
        volumeUsed: orNull(row.volume_used),
      }));
    },

    async giveSign({ id, instance, seenAt, figures }) {
      await db.run(sign, { id, instance, seen: seenAt, figures: JSON.stringify(figures) });
    },

    async takeLeave(id) {
      await db.run(leave, { id });
    },

    async listProcesses(wall) {
      const rows = await db.kysely
        .selectFrom('processes')
        .selectAll()
        .where('seen_at', '>', wall - PROCESS_LIFE)
        .orderBy('id')
        .execute();
      return rows.map(({ id, instance, seen_at, figures }) => ({
        id,
        instance,
        seenAt: Number(seen_at),
        figures: decodeObject(figures),
      }));
    },
  };
}

/** Forgets what is too old to be compared with, and processes that are gone for good. */
export async function sweepHistory({ kysely }: Connection, wall: number): Promise<number> {
  await kysely
    .deleteFrom('samples')
    .where('at', '<', wall - HISTORY_KEPT)
    .execute();
  await kysely
    .deleteFrom('processes')
    .where('seen_at', '<', wall - PROCESS_KEPT)
    .execute();
  return 0;
}
