import { expect, test } from 'vitest';
import type { Connection } from './database.ts';
import type { Statement } from './statement.ts';
import { sharedCommits } from './shared-commits.ts';

/** A connection that logs what it runs; `refuse` says which values it rejects. */
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
      const result = await work(connection('shared'));
      log.push('commit');
      return result;
    } catch (error) {
      log.push('rollback');
      throw error;
    }
  };
  return { log, run: sharedCommits(transaction, connection('single')) };
}

const statement = {} as Statement<{ id: number }, unknown>;

test('statements of one turn share a commit, and are answered after it', async () => {
  const { log, run } = recording();
  expect(await Promise.all([1, 2, 3].map((id) => run(statement, { id })))).toEqual([1, 1, 1]);
  expect(log).toEqual(['begin', 'shared:{"id":1}', 'shared:{"id":2}', 'shared:{"id":3}', 'commit']);
});

test('a single statement needs no transaction', async () => {
  const { log, run } = recording();
  await run(statement, { id: 1 });
  expect(log).toEqual(['single:{"id":1}']);
});

test('a statement that fails does not make others fail', async () => {
  const { run } = recording((values) => (values as { id: number }).id === 2);
  const outcomes = await Promise.allSettled([1, 2, 3].map((id) => run(statement, { id })));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
