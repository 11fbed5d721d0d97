import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clause } from '#lib/spec/clauses.ts';
import { requirements, type Requirement } from '#lib/spec/requirements/index.ts';

const testFiles = ['lib', 'tests', 'e2e', 'components']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(test|spec)\.ts$/.test(file))
      .map((file) => join(folder, file)),
  )
  .filter((file) => file !== join('tests', 'requirements.test.ts'));

/** Citations in titles of tests: `[#code.single-use]`. */
const citations = testFiles.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/\[#([a-z0-9.-]+)\]/g)].map((match) => ({ file, id: match[1]! })),
);

test('every requirement is cited by a test that asks from outside', () => {
  const cited = new Set(
    citations.filter(({ file }) => file.startsWith('tests') || file.startsWith('e2e')).map(({ id }) => id),
  );
  expect(Object.keys(requirements).filter((id) => !cited.has(id))).toEqual([]);
});

test('no test cites a requirement that does not exist', () => {
  expect(citations.filter(({ id }) => !Object.hasOwn(requirements, id))).toEqual([]);
});

test('every requirement names clauses and a place that exist', () => {
  for (const [id, requirement] of Object.entries<Requirement>(requirements)) {
    for (const cited of [requirement.clause, ...(requirement.also ?? [])])
      expect.soft(clause(cited), `${id}: ${cited}`).toBeDefined();
    expect.soft(existsSync(requirement.at), `${id}: ${requirement.at}`).toBe(true);
  }
});
