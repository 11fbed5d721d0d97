import { expect, test } from 'vitest';
import type { Connection } from './database.ts';
import type { Statement } from './statement.ts';
import { together } from './together.ts';

/** A connection that notes what it runs; `refuse` says which values it cannot take. */
function recording(refuse: (values: object) => boolean = () => false) {
  const log: string[] = [];
  const connection = (name: string) =>
    ({
      async run(_: unknown, values: object) {
        log.push(`${name}:${JSON.stringify(values)}`);
        if (refuse(values)) throw new Error('refused');
        return 1;
      },
    }) as unknown as Connection;
  const transaction = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    log.push('begin');
    try {
      const result = await work(connection('together'));
      log.push('commit');
      return result;
    } catch (error) {
      log.push('rollback');
      throw error;
    }
  };
  return { log, run: together(transaction, connection('alone')) };
}

const statement = {} as Statement<{ id: number }, unknown>;

test('what arrives in one turn shares a commit, and is answered after it', async () => {
  const { log, run } = recording();
  expect(await Promise.all([1, 2, 3].map((id) => run(statement, { id })))).toEqual([1, 1, 1]);
  expect(log).toEqual(['begin', 'together:{"id":1}', 'together:{"id":2}', 'together:{"id":3}', 'commit']);
});

test('one that comes alone needs no transaction', async () => {
  const { log, run } = recording();
  await run(statement, { id: 1 });
  expect(log).toEqual(['alone:{"id":1}']);
});

test('one that fails takes no other with it', async () => {
  const { run } = recording((values) => (values as { id: number }).id === 2);
  const outcomes = await Promise.allSettled([1, 2, 3].map((id) => run(statement, { id })));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
