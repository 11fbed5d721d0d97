/** Notes when a client was used: one that never was makes room for others first. */
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { Connection, Database } from './database.ts';
import { statement } from './statement.ts';

/** Ms within which another use of a client is not written again. */
const USE_INTERVAL = 3_600_000;
/** Clients of a scope whose latest use this process remembers to have written. */
const REMEMBERED = 1000;

const use = statement(({ db }, v: { tenant: string; client_id: string; now: number; before: number }) =>
  db
    .updateTable('clients')
    .set({ last_used_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', v.before)])),
);

const valuesOf = (tenant: string, clientId: string, now: number) => ({
  tenant,
  client_id: clientId,
  now,
  before: now - USE_INTERVAL,
});

/** Notes a use within a transaction. */
export async function noteClientUse(
  connection: Connection,
  tenant: string,
  clientId: string,
  now: number,
): Promise<void> {
  await connection.run(use, valuesOf(tenant, clientId, now));
}

/** Notes uses of the clients of one scope: a client that gets a thousand tokens a second is written once. */
export function clientUses(db: Database, tenant: string): (clientId: string, now: number) => Promise<void> {
  const written = new BoundedMap<string, number>(REMEMBERED);
  return async (clientId, now) => {
    if (Math.abs(now - (written.get(clientId) ?? Number.NEGATIVE_INFINITY)) < USE_INTERVAL) return;
    written.set(clientId, now);
    await db.runInSharedCommit(use, valuesOf(tenant, clientId, now));
  };
}
