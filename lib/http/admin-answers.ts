/** What the operator's API takes and answers. */
import { z } from 'zod';
import type { Plan } from '#lib/sandbox/plans/plan.ts';
import type { ClientRecord, PlanRecord, UserRecord } from '#lib/store/store.ts';
import type { BusySandbox } from './busy.ts';
import type { Glance } from './minute.ts';
import { wholeNumber } from './parsed.ts';

const page = wholeNumber(1, 100_000, 1).describe('Which page, from 1.');

const limit = wholeNumber(1, 100, 25).describe('How many on a page.');

export const sandboxQuery = z.object({
  search: z
    .string()
    .max(200)
    .default('')
    .describe('Beginning of an id, or part of the name of a scenario, or of the name or identifier of a client.'),
  more_than: wholeNumber(0, 1_000_000, 0).describe('Only those with more entries in their ledger; 0: all.'),
  used_within: wholeNumber(0, 604_800, 0).describe('Only those used within so many seconds; 0: all.'),
  order: z.enum(['used', 'idle']).default('used').describe('The latest used first, or the longest idle.'),
  page,
  limit,
});

export const pageQuery = z.object({ page, limit });

export const reportQuery = z.object({
  order: z.enum(['newest', 'oldest']).default('newest').describe('Which ones come first.'),
  page,
  limit,
});

export const listQuery = z.object({
  after: z.string().max(2000).default('').describe('The last one of the page before.'),
  limit,
});

export const summary = z.object({
  id: z.string(),
  scenario: z.string().nullable(),
  client: z.string().nullable().describe('Who sent the latest exchange: name, identifier or User-Agent, as it says.'),
  created_at: z.string(),
  last_used_at: z.string(),
  expires_at: z.string().nullable(),
  exchanges: z.int(),
  bytes: z.int(),
});

const volume = z
  .object({ bytes: z.int(), free: z.int() })
  .nullable()
  .describe('The volume of the database file; null if there is none, or nobody says.');

const busiest = z
  .object({
    id: z.string(),
    requests_a_minute: z.int(),
    share: z.number().describe('Its part of all requests of the latest minute, from 0 to 1.'),
    one_address: z.boolean().describe('Whether all of them came from one address.'),
  })
  .nullable()
  .describe('The sandbox that most requests of the latest minute went to.');

/** The busiest sandbox beside all requests of the same minute. */
export function busiestOf(
  { requests_a_minute: all }: Glance,
  [first]: readonly BusySandbox[],
): z.output<typeof busiest> {
  if (first === undefined) return null;
  const { id, requests, address } = first;
  return {
    id,
    requests_a_minute: requests,
    share: Math.min(1, requests / Math.max(1, all)),
    one_address: address !== null,
  };
}

export const instanceAnswer = z.object({
  version: z.string(),
  up_seconds: z.number(),
  origin: z.string(),
  public: z.boolean(),
  database: z.object({ kind: z.enum(['SQLite', 'PostgreSQL']), bytes: z.int(), volume }),
  rate_limits: z.boolean(),
  trusted_proxies: z.int(),
  instances: z.int().describe('Instances that share the database and gave a sign of life within 45 s.'),
  memory_bytes: z.int().describe('Of all processes of all instances; so is the traffic.'),
  memory_limit_bytes: z.int().describe('What one process may take.'),
  max_sandboxes: z.int().describe('How many sandboxes the database holds; beyond that the longest idle one goes.'),
  totals: z.record(z.string(), z.int()),
  traffic: z.object({
    requests_a_minute: z.int(),
    p99_ms: z.number().nullable(),
    refused: z
      .object({ count: z.int(), since: z.string() })
      .describe('Requests that a limit refused (429) in the latest 24 h, and since when they are counted.'),
    streams: z.int(),
    busiest,
  }),
  a_day_ago: z.object({ sandboxes: z.int().nullable() }).describe('null: nobody has counted then.'),
  volume_full_at: z
    .string()
    .nullable()
    .describe('When the volume is full if it goes on as in the past week; null: there is no steady trend.'),
  last_uses: z.object({ seconds: z.int(), counts: z.array(z.int()) }),
});

export const iso = (ms: number): string => new Date(ms).toISOString();

export const answer = (body: unknown): Response => Response.json(body, { headers: { 'cache-control': 'no-store' } });

export function userView({ sub, email, temporary, createdAt, lastUsedAt }: UserRecord) {
  return { sub, email, temporary, created_at: iso(createdAt), last_used_at: iso(lastUsedAt) };
}

export function clientView({ clientId, source, metadata, createdAt }: ClientRecord) {
  return {
    client_id: clientId,
    name: typeof metadata.client_name === 'string' ? metadata.client_name.slice(0, 80) : null,
    source,
    created_at: iso(createdAt),
  };
}

export const planSummary = z.object({
  id: z.string(),
  items: z.int(),
  done: z.int().describe('Items that are done or skipped.'),
  created_at: z.string(),
  expires_at: z.string(),
});

export function planSummaryOf({ id, data, createdAt, expiresAt }: PlanRecord): z.output<typeof planSummary> {
  const { items } = data as unknown as Plan;
  const done = items.filter(({ state }) => state === 'done' || state === 'skipped').length;
  return { id, items: items.length, done, created_at: iso(createdAt), expires_at: iso(expiresAt) };
}
