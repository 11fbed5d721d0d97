import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
const SMALL = /\b(?:keys|clients|faults|exchanges)\b/;

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
  // All tokens of a sandbox, at once: a stage of its configuration, which happens once.
  const byStage = [
    expect.stringMatching(/^update "access_tokens" set "revoked_at" .* "revoked_at" is null$/),
    expect.stringMatching(/^update "access_tokens" set "expires_at" /),
  ];
  expect(scopes.map(({ sql }) => sql).sort()).toEqual([byStage[1], ofDeletedClient, byStage[0]]);
});
