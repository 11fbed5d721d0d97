import { expect, test } from 'vitest';
import { type Commits, sharedCommits } from './shared-commits.ts';

/** A connection that logs what it is told; `failing` says which commits fail. */
function recording(failing: (nth: number) => boolean = () => false) {
  const log: string[] = [];
  let open = false;
  let nth = 0;
  const connection: Commits = {
    begin() {
      log.push('begin');
      open = true;
    },
    commit() {
      nth += 1;
      if (failing(nth)) throw new Error('disk full');
      log.push('commit');
      open = false;
    },
    rollback() {
      log.push('rollback');
      open = false;
    },
    mark: () => log.push('mark'),
    backToMark: () => log.push('back to mark'),
    unmark: () => log.push('unmark'),
    isOpen: () => open,
    hold: (work) => work(),
  };
  return { log, commits: sharedCommits(connection), connection, lose: () => (open = false) };
}

test('works of one turn share a commit, and are answered after it', async () => {
  const { log, commits } = recording();
  const done = await Promise.all([
    commits.run(() => log.push('statement'), true),
    commits.run(async () => {
      await Promise.resolve();
      log.push('transaction');
      return 'a';
    }),
  ]);
  expect(done).toEqual([2, 'a']);
  expect(log).toEqual(['begin', 'statement', 'mark', 'transaction', 'unmark', 'commit']);
});

test('a single statement needs no transaction, and a transaction that is alone no mark', async () => {
  const { log, commits } = recording();
  await commits.run(() => log.push('statement'), true);
  await commits.run(() => log.push('transaction'));
  expect(log).toEqual(['statement', 'begin', 'transaction', 'commit']);
});

test('a work that fails is undone alone, and does not make others fail', async () => {
  const { log, commits } = recording();
  const outcomes = await Promise.allSettled([
    commits.run(() => 1),
    commits.run(() => Promise.reject(new Error('refused'))),
    commits.run(() => 3),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['begin', 'mark', 'unmark', 'mark', 'back to mark', 'mark', 'unmark', 'commit']);
});

test('if the commit fails, each work runs again in a commit of its own', async () => {
  const { log, commits } = recording((nth) => nth === 1 || nth === 3);
  const runs = [0, 0, 0];
  const outcomes = await Promise.allSettled(runs.map((_, at) => commits.run(() => ++runs[at]!)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(runs).toEqual([2, 2, 2]);
  expect(log.filter((said) => said === 'commit')).toHaveLength(2);
});

test('while another process writes, works gather, and share the commit that comes then', async () => {
  const { log, commits, connection } = recording();
  let looks = 0;
  connection.tryBegin = () => {
    looks += 1;
    if (looks < 3) return false;
    connection.begin();
    return true;
  };
  const first = commits.run(() => log.push('first'));
  while (looks === 0) await new Promise(setImmediate);
  const second = commits.run(() => log.push('second'), true);
  await Promise.all([first, second]);
  expect(log).toEqual(['begin', 'mark', 'first', 'unmark', 'second', 'commit']);
});

test('what was undone because the database took everything back is not answered as done', async () => {
  const { log, commits, lose } = recording();
  const runs = [0, 0];
  const first = commits.run(() => ++runs[0]!);
  const second = commits.run(() => {
    runs[1]! += 1;
    if (runs[1] === 1) {
      lose();
      throw new Error('disk full');
    }
    return runs[1];
  });
  expect(await Promise.all([first, second])).toEqual([2, 2]);
  expect(log.slice(-4)).toEqual(['begin', 'commit', 'begin', 'commit']);
});
