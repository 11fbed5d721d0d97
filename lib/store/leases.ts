/** Which instance does a job: one at a time, and another if that one is gone. */
import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** Takes turns among instances. */
export interface LeaseVerbs {
  /**
   * Takes the lease, or extends it.
   * @param name of the job
   * @param holder who takes it
   * @param wall now, ms
   * @param life ms until it is free again, unless extended
   * @returns whether the holder has it now
   */
  takeLease(name: string, holder: string, wall: number, life: number): Promise<boolean>;
}

const take = statement(({ db }, v: { name: string; holder: string; until: number; wall: number }) =>
  db
    .insertInto('leases')
    .values({ name: v.name, holder: v.holder, until: v.until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder: v.holder, until: v.until })
        .where((or) => or.or([or('leases.until', '<', v.wall), or('leases.holder', '=', v.holder)])),
    )
    .returning('name'),
);

export function leaseVerbs(db: Database): LeaseVerbs {
  return {
    async takeLease(name, holder, wall, life) {
      return (await db.first(take, { name, holder, until: wall + life, wall })) !== undefined;
    },
  };
}
