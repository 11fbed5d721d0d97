/** Numbers that must be right however many requests run at once: bounds and running numbers. */
import { sql } from 'kysely';
import type { Connection } from './database.ts';
import { statement } from './statement.ts';
import { LimitError } from './errors.ts';
import type { Limit } from './limits.ts';

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

/** Adds `by` to the number and returns the result. */
export async function add(connection: Connection, tenant: string, name: string, by: number): Promise<number> {
  const row = await connection.first(increase, { tenant, name, by });
  return row!.value;
}

/** The present number; 0 if nothing was counted. */
export async function current(connection: Connection, tenant: string, name: string): Promise<number> {
  return (await connection.first(read, { tenant, name }))?.value ?? 0;
}

/** Counts one more unless the bound is reached. @returns whether it did */
export async function tryClaim(connection: Connection, tenant: string, limit: Limit): Promise<boolean> {
  const values = { tenant, name: limit, max: connection.limits[limit] };
  return (await connection.first(increaseBelow, values)) !== undefined;
}

/**
 * Counts one more. If the bound is reached, makes room first.
 * @param makeRoom deletes what is needed least; returns how many it deleted
 * @throws LimitError if there is no room to be made
 */
export async function claimWithRoom(
  connection: Connection,
  tenant: string,
  limit: Limit,
  makeRoom: () => Promise<number>,
): Promise<void> {
  if (await tryClaim(connection, tenant, limit)) return;
  await release(connection, tenant, limit, await makeRoom());
  await claim(connection, tenant, limit);
}

/** Counts one more. @throws LimitError if the bound is reached */
export async function claim(connection: Connection, tenant: string, limit: Limit): Promise<void> {
  if (!(await tryClaim(connection, tenant, limit))) throw new LimitError(limit, connection.limits[limit]);
}

/** Gives back what was claimed. */
export async function release(connection: Connection, tenant: string, limit: Limit, count: number): Promise<void> {
  if (count > 0) await add(connection, tenant, limit, -count);
}
