/** Barriers that requests at several instances wait at. */
import type { Database } from './database.ts';
import type { BarrierRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';

/** A request at a barrier. Times are wall ms. */
export interface AtBarrier {
  /** From 1, in the order of arrival. */
  readonly place: number;
  readonly arrivedAt: number;
  /** When it was carried out; null: it waits, or is under way. */
  readonly endedAt: number | null;
}

/** ms that a barrier is remembered. */
const LIFE = 600_000;

const arrive = statement(({ db }, v: BarrierRow) =>
  db
    .insertInto('barriers')
    .values(pick(v, ['tenant', 'name', 'place', 'arrived_at', 'ended_at', 'expires_at']))
    .onConflict((conflict) => conflict.doNothing()),
);
const present = statement(({ db }, v: { tenant: string; name: string }) =>
  db.selectFrom('barriers').selectAll().where('tenant', '=', v.tenant).where('name', '=', v.name).orderBy('place'),
);
const end = statement(({ db }, v: { tenant: string; name: string; place: number; now: number }) =>
  db
    .updateTable('barriers')
    .set({ ended_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('name', '=', v.name)
    .where('place', '=', v.place),
);

export interface BarrierVerbs {
  arriveAtBarrier(name: string, place: number, now: number): Promise<void>;
  /** Who has come, by place. */
  readBarrier(name: string): Promise<AtBarrier[]>;
  endAtBarrier(name: string, place: number, now: number): Promise<void>;
}

export function barrierVerbs(db: Database, tenant: string): BarrierVerbs {
  return {
    async arriveAtBarrier(name, place, now) {
      await db.run(arrive, { tenant, name, place, arrived_at: now, ended_at: null, expires_at: now + LIFE });
    },
    async readBarrier(name) {
      return (await db.all(present, { tenant, name })).map((row) => ({
        place: row.place,
        arrivedAt: row.arrived_at,
        endedAt: row.ended_at,
      }));
    },
    async endAtBarrier(name, place, now) {
      await db.run(end, { tenant, name, place, now });
    },
  };
}
