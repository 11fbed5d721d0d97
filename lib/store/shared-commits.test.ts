import { expect, test } from 'vitest';
import type { Statement } from './statement.ts';
import { type Bound, sharedCommits } from './shared-commits.ts';

/** Connections that log what they run; `refuse` says which values they reject. */
function recording(refuse: (values: object) => boolean = () => false) {
  const log: string[] = [];
  const run = (name: string, values: object): number => {
    log.push(`${name}:${JSON.stringify(values)}`);
    if (refuse(values)) throw new Error('refused');
    return 1;
  };
  const single = { run: async (_: unknown, values: object) => run('single', values) };
  const inOneCommit = async (statements: readonly Bound[]): Promise<number[]> => {
    log.push('begin');
    const changed = statements.map(({ values }) => run('shared', values));
    log.push('commit');
    return changed;
  };
  return { log, run: sharedCommits(inOneCommit, single) };
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
