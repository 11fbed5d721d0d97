import type { Schema } from './schema.ts';

/** Tables that clients can pile up rows in, with the most rows of a scope, and the columns that name and age a row. */
export const GROWTH = {
  interactions: { max: 2_000, key: 'id', age: 'created_at' },
  pushed_requests: { max: 2_000, key: 'hash', age: 'expires_at' },
  devices: { max: 5_000, key: 'hash', age: 'created_at' },
  sessions: { max: 10_000, key: 'browser_hash', age: 'expires_at' },
  access_tokens: { max: 200_000, key: 'id', age: 'issued_at' },
  refresh_tokens: { max: 200_000, key: 'hash', age: 'issued_at' },
  remembered: { max: 100_000, key: 'name', age: 'expires_at' },
  client_documents: { max: 2_000, key: 'url', age: 'fetched_at' },
  dead_letters: { max: 100, key: 'id', age: 'created_at' },
  ingested_events: { max: 10_000, key: 'key', age: 'created_at' },
  deleted_clients: { max: 10_000, key: 'client_id', age: 'deleted_at' },
} as const satisfies Partial<Record<keyof Schema, { max: number; key: string; age: string }>>;

export type Growing = keyof typeof GROWTH;
