/** Rows of a sandbox itself: its record, its faults, what it was told and what it tells. */

export interface BarrierRow {
  tenant: string;
  name: string;
  place: number;
  arrived_at: number;
  ended_at: number | null;
  expires_at: number;
}

export interface WebhookRow {
  tenant: string;
  id: string;
  url: string;
  events: string | null;
  cursor: number;
  attempts: number;
  due_at: number;
  state: string;
  problem: string | null;
  created_at: number;
  delivered_at: number | null;
}

export interface DeadLetterRow {
  tenant: string;
  id: string;
  webhook: string;
  event: string;
  problem: string;
  attempts: number;
  created_at: number;
}

export interface IngestedEventRow {
  tenant: string;
  key: string;
  event_id: string;
  data: string;
  created_at: number;
  expires_at: number;
}

export interface SandboxRow {
  id: string;
  config: string;
  scenario: string | null;
  control_token_hash: string | null;
  secret: string;
  clock_offset: number;
  clock_frozen_at: number | null;
  created_at: number;
  last_used_at: number;
  ttl: number | null;
  expires_at: number | null;
  version: number;
  staged: string;
  config_change: number;
  /** Until the sweep has emptied it. */
  deleted_at: number | null;
  /** Rises with each reset. */
  epoch: number;
}

/** An item of a queue, for as many takers as `remaining` says. */
export interface QueuedRow {
  tenant: string;
  name: string;
  position: number;
  item: string;
  remaining: number;
}

/** Counts that bound a scope (`clients`), running numbers (`exchange-seq`), and `count:` of the engine. */
export interface CounterRow {
  tenant: string;
  name: string;
  value: number;
}

export interface NoteRow {
  tenant: string;
  id: string;
  sub: string;
  text: string;
  created_at: number;
  position: number;
}

export interface ExchangeRow {
  tenant: string;
  seq: number;
  at: number;
  bytes: number;
  data: string;
}

export interface FaultRow {
  tenant: string;
  id: string;
  fault: string;
  matched: number;
  acted: number;
  created_at: number;
  position: number;
}

/** What a sandbox remembers through resets. */
export interface LedgerFactRow {
  tenant: string;
  kind: string;
  name: string;
  at: number;
}

export interface ShareRow {
  tenant: string;
  token_hash: string;
  id: string;
  created_at: number;
}
