import type { Database } from './database.ts';
import type { LedgerFactRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';
import type { LedgerFact } from './records.ts';

/** Facts of one kind that a sandbox keeps; the latest stay. */
export const MAX_FACTS = 1000;

const insert = statement(({ db }, v: LedgerFactRow) =>
  db
    .insertInto('ledger_facts')
    .values(pick(v, ['tenant', 'kind', 'name', 'at']))
    .onConflict((conflict) => conflict.doNothing()),
);

const all = statement(({ db }, v: { tenant: string }) =>
  db
    .selectFrom('ledger_facts')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .orderBy('at')
    .limit(3 * MAX_FACTS),
);

const trim = statement(({ db }, v: { tenant: string; kind: string; most: number }) =>
  db
    .deleteFrom('ledger_facts')
    .where('tenant', '=', v.tenant)
    .where('kind', '=', v.kind)
    .where('name', 'in', (older) =>
      older
        .selectFrom('ledger_facts')
        .select('name')
        .where('tenant', '=', v.tenant)
        .where('kind', '=', v.kind)
        .orderBy('at', 'desc')
        .limit(MAX_FACTS)
        .offset(v.most),
    ),
);

/** What a sandbox remembers of what happened in it since it was made, also through resets. */
export interface LedgerFactVerbs {
  /** Notes facts that are not noted yet: the first time counts. Keeps the latest 1000 of a kind. */
  noteLedgerFacts(facts: readonly LedgerFact[]): Promise<void>;
  /** In the order in which they happened. */
  listLedgerFacts(): Promise<LedgerFact[]>;
}

export function ledgerFactVerbs(db: Database, tenant: string): LedgerFactVerbs {
  return {
    async noteLedgerFacts(facts) {
      if (facts.length === 0) return;
      await db.transaction(async (connection) => {
        for (const fact of facts) await connection.run(insert, { tenant, ...fact });
        for (const kind of new Set(facts.map((fact) => fact.kind)))
          await connection.run(trim, { tenant, kind, most: MAX_FACTS });
      });
    },

    async listLedgerFacts() {
      return (await db.all(all, { tenant })).map(({ kind, name, at }) => ({
        kind: kind as LedgerFact['kind'],
        name,
        at,
      }));
    },
  };
}
