import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GROWTH } from './growing.ts';
import { openStore } from './open.ts';
import { declared } from './statement.ts';

const directory = mkdtempSync(join(tmpdir(), 'authwalk-plans-'));
let database: DatabaseSync;

beforeAll(async () => {
  const path = join(directory, 'plans.db');
  await (await openStore(`file:${path}`)).close();
  database = new DatabaseSync(path);
});

afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

/** Tables whose rows of one scope are so few that reading them all is fine. */
const SMALL = /\b(?:keys|clients|faults|exchanges|shares|ledger_facts|webhooks|dead_letters)\b/;

/** How SQLite finds the rows of each declared statement. */
function plans(): { sql: string; steps: string[] }[] {
  return declared.map((statement) => {
    const { sql, parameters } = statement.bind('sqlite', {});
    const rows = database.prepare(`explain query plan ${sql}`).all(...parameters.map(() => null));
    return { sql, steps: rows.map((row) => String(row.detail)) };
  });
}

it('no statement reads a whole table', () => {
  expect(plans().length).toBeGreaterThan(60);
  expect(plans().filter(({ steps }) => steps.some((step) => /^SCAN (?!CONSTANT ROW)/.test(step)))).toEqual([]);
});

it('no statement reads a whole scope of what there may be much of', () => {
  const scopes = plans().filter(({ steps }) => steps.some((step) => /\(tenant=\?\)/.test(step) && !SMALL.test(step)));
  // The tokens of a client whose id was deleted and is taken again.
  const ofDeletedClient = expect.stringMatching(/^update "access_tokens" set "revoked_at" .* "client_id" = /);
  // Made-up users that make room: read from the oldest on until 200 are found, which then go at once.
  const makingRoom = expect.stringMatching(/^select "sub" from "users" .* "temporary" = .* limit /);
  // All tokens of a sandbox, at once: a stage of its configuration, which happens once.
  const byStage = [
    expect.stringMatching(/^update "access_tokens" set "revoked_at" .* "revoked_at" is null$/),
    expect.stringMatching(/^update "access_tokens" set "expires_at" /),
  ];
  expect(scopes.map(({ sql }) => sql).sort()).toEqual([makingRoom, byStage[1], ofDeletedClient, byStage[0]]);
});

it('every table that grows without a counter has a statement that reports its inserts', () => {
  const reporting = declared.flatMap(({ grows }) => grows ?? []);
  expect(reporting.toSorted()).toEqual(Object.keys(GROWTH).toSorted());
});
