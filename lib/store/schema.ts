/**
 * The tables, as Kysely sees them; `migrations/` makes them.
 *
 * `tenant` is the scope of a `TenantStore`: the id of a sandbox, or of one of its further issuers
 * (`id/as2`). It is the first column of every key, so that nothing is found without it. Lists and
 * objects are JSON text, times are milliseconds, and what never ends has `FOREVER` or null.
 */

/** Stands for "never" where a time must sort behind all others. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

export interface Schema {
  sandboxes: SandboxRow;
  counters: CounterRow;
  keys: KeyRow;
  clients: ClientRow;
  deleted_clients: DeletedClientRow;
  client_documents: ClientDocumentRow;
  users: UserRow;
  sessions: SessionRow;
  interactions: InteractionRow;
  grants: GrantRow;
  codes: CodeRow;
  access_tokens: AccessTokenRow;
  refresh_tokens: RefreshTokenRow;
  devices: DeviceRow;
  pushed_requests: PushedRequestRow;
  remembered: RememberedRow;
  notes: NoteRow;
  exchanges: ExchangeRow;
  faults: FaultRow;
  ledger_facts: LedgerFactRow;
  shares: ShareRow;
  queued: QueuedRow;
  plans: PlanRow;
  reports: ReportRow;
  leases: LeaseRow;
  webhooks: WebhookRow;
  dead_letters: DeadLetterRow;
  ingested_events: IngestedEventRow;
  barriers: BarrierRow;
  classes: ClassRow;
  class_members: ClassMemberRow;
}

export interface BarrierRow {
  tenant: string;
  name: string;
  place: number;
  arrived_at: number;
  ended_at: number | null;
  expires_at: number;
}

export interface ClassRow {
  id: string;
  control_token_hash: string;
  address_hash: string;
  data: string;
  created_at: number;
  expires_at: number;
  version: number;
}

export interface ClassMemberRow {
  class_id: string;
  member_hash: string;
  data: string;
  joined_at: number;
  seen_at: number;
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

export interface LeaseRow {
  name: string;
  holder: string;
  until: number;
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

export interface ReportRow {
  id: string;
  sandbox_id: string;
  address_hash: string;
  control_token_hash: string | null;
  delete_token_hash: string;
  data: string;
  bytes: number;
  created_at: number;
  expires_at: number;
  read_at: number;
}

export interface PlanRow {
  id: string;
  control_token_hash: string;
  data: string;
  created_at: number;
  expires_at: number;
  version: number;
}

/** Counts that bound a scope (`clients`), running numbers (`exchange-seq`), and `count:` of the engine. */
export interface CounterRow {
  tenant: string;
  name: string;
  value: number;
}

export interface KeyRow {
  tenant: string;
  kid: string;
  alg: string;
  private_jwk: string;
  public_jwk: string;
  created_at: number;
  retired_at: number | null;
}

export interface ClientRow {
  tenant: string;
  client_id: string;
  source: string;
  metadata: string;
  auth_methods: string;
  secret_hash: string | null;
  secret_expires_at: number;
  registration_token_hash: string | null;
  created_at: number;
  /** null: never used. */
  last_used_at: number | null;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

/** Ends the access tokens of a deleted client that belong to no grant. */
export interface DeletedClientRow {
  tenant: string;
  client_id: string;
  deleted_at: number;
}

export interface ClientDocumentRow {
  tenant: string;
  url: string;
  document: string;
  fetched_at: number;
  fresh_until: number;
  etag: string | null;
}

export interface UserRow {
  tenant: string;
  sub: string;
  email: string | null;
  email_key: string | null;
  password_hash: string | null;
  claims: string;
  temporary: number;
  created_at: number;
  last_used_at: number;
  /** 1 if it was created by signing in: such users make room for others. */
  self_made: number;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

export interface SessionRow {
  tenant: string;
  browser_hash: string;
  id: string;
  sub: string;
  auth_time: number;
  expires_at: number;
}

export interface InteractionRow {
  tenant: string;
  id: string;
  browser_hash: string;
  request: string;
  created_at: number;
  expires_at: number;
}

export interface GrantRow {
  tenant: string;
  id: string;
  client_id: string;
  sub: string | null;
  kind: string;
  scope: string;
  resource: string;
  audience: string;
  details: string;
  created_at: number;
  revoked_at: number | null;
  revoked_by: string | null;
  /** 1 while it counts against the bound of live grants. */
  live: number;
  /** The end of whatever hangs on it and ends last. */
  live_until: number;
  /** null: its code was not redeemed. */
  last_used_at: number | null;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

export interface CodeRow {
  tenant: string;
  hash: string;
  grant_id: string;
  client_id: string;
  redirect_uri: string;
  code_challenge: string | null;
  code_challenge_method: string | null;
  created_at: number;
  expires_at: number;
  spent_at: number | null;
}

export interface AccessTokenRow {
  tenant: string;
  id: string;
  grant_id: string | null;
  client_id: string;
  sub: string | null;
  scope: string;
  audience: string;
  issued_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  jkt: string | null;
  details: string;
}

export interface RefreshTokenRow {
  tenant: string;
  hash: string;
  grant_id: string;
  client_id: string;
  scope: string;
  generation: number;
  parent_hash: string | null;
  issued_at: number;
  expires_at: number;
  used_at: number | null;
  jkt: string | null;
}

export interface DeviceRow {
  tenant: string;
  hash: string;
  user_code: string;
  client_id: string;
  request: string;
  created_at: number;
  expires_at: number;
  interval_seconds: number;
  polls: number;
  last_poll_at: number | null;
  status: string;
  grant_id: string | null;
}

export interface PushedRequestRow {
  tenant: string;
  hash: string;
  client_id: string;
  request: string;
  expires_at: number;
}

export interface RememberedRow {
  tenant: string;
  name: string;
  expires_at: number;
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
