/** Numbers that must be right however many ask at once: bounds and running numbers. */
import { sql } from 'kysely';
import type { Connection } from './database.ts';
import { statement } from './statement.ts';
import { LimitError } from './errors.ts';

/** What is bounded in a scope, in the words of the message, and how many there may be. */
export const LIMITS = {
  clients: 1000,
  users: 1000,
  'temporary users': 20_000,
  'live grants': 10_000,
  faults: 100,
  notes: 1000,
} as const;
export type Limit = keyof typeof LIMITS;

const increase = statement(({ db }, v: { tenant: string; name: string; by: number }) =>
  db
    .insertInto('counters')
    .values({ tenant: v.tenant, name: v.name, value: v.by })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'name']).doUpdateSet({ value: sql`counters.value + excluded.value` }),
    )
    .returning('value'),
);

const increaseBelow = statement(({ db }, v: { tenant: string; name: string; max: number }) =>
  db
    .insertInto('counters')
    .values({ tenant: v.tenant, name: v.name, value: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'name'])
        .doUpdateSet({ value: sql`counters.value + 1` })
        .where('counters.value', '<', v.max),
    )
    .returning('value'),
);

const read = statement(({ db }, v: { tenant: string; name: string }) =>
  db.selectFrom('counters').select('value').where('tenant', '=', v.tenant).where('name', '=', v.name),
);

/** Adds `by` to the number and returns what it is then. */
export async function add(connection: Connection, tenant: string, name: string, by: number): Promise<number> {
  const row = await connection.first(increase, { tenant, name, by });
  return row!.value;
}

/** The number as it stands; 0 where nothing was counted. */
export async function current(connection: Connection, tenant: string, name: string): Promise<number> {
  return (await connection.first(read, { tenant, name }))?.value ?? 0;
}

/** Counts one more unless the bound is reached; says whether it did. */
export async function tryClaim(connection: Connection, tenant: string, limit: Limit): Promise<boolean> {
  return (await connection.first(increaseBelow, { tenant, name: limit, max: LIMITS[limit] })) !== undefined;
}

/** Counts one more. @throws LimitError where the bound is reached */
export async function claim(connection: Connection, tenant: string, limit: Limit): Promise<void> {
  if (!(await tryClaim(connection, tenant, limit))) throw new LimitError(limit, LIMITS[limit]);
}

/** Gives back what was claimed. */
export async function release(connection: Connection, tenant: string, limit: Limit, count: number): Promise<void> {
  if (count > 0) await add(connection, tenant, limit, -count);
}
