/**
 * The tables, as Kysely sees them; `migrations/` makes them.
 *
 * `tenant` is the scope of a `TenantStore`: the id of a sandbox, or of one of its further issuers
 * (`id/as2`). It is the first column of every key, so that nothing is found without it. Lists and
 * objects are JSON text, times are milliseconds, and what never ends has `FOREVER` or null.
 */
import type {
  SandboxRow,
  CounterRow,
  NoteRow,
  ExchangeRow,
  FaultRow,
  LedgerFactRow,
  ShareRow,
  QueuedRow,
  WebhookRow,
  DeadLetterRow,
  IngestedEventRow,
  BarrierRow,
} from './rows/sandbox.ts';
import type {
  KeyRow,
  ClientRow,
  DeletedClientRow,
  ClientDocumentRow,
  UserRow,
  SessionRow,
  InteractionRow,
  GrantRow,
  CodeRow,
  AccessTokenRow,
  RefreshTokenRow,
  DeviceRow,
  PushedRequestRow,
  RememberedRow,
} from './rows/authorization.ts';
import type { PlanRow, ReportRow, LeaseRow, ClassRow, ClassMemberRow, ProcessRow, SampleRow } from './rows/instance.ts';

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
  samples: SampleRow;
  processes: ProcessRow;
}
