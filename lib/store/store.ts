/**
 * What the server remembers, in verbs of the domain.
 *
 * Each verb is atomic: it is one transaction. Where only one of many concurrent callers may win, exactly one does.
 * Times are milliseconds since the epoch and come in as arguments (`now`), because protocol time is the clock of the
 * sandbox and not the clock of the machine (`wall`). Secrets arrive hashed.
 */
import type { AuthorizationVerbs } from './authorization.ts';
import type { BarrierVerbs } from './barriers.ts';
import type { ClassVerbs } from './class-records.ts';
import type { ClientVerbs } from './clients.ts';
import type { DeviceVerbs } from './device.ts';
import type { ExchangeVerbs } from './exchanges.ts';
import type { FaultVerbs } from './faults.ts';
import type { HistoryVerbs } from './history.ts';
import type { KeyVerbs } from './keys.ts';
import type { LedgerFactVerbs } from './ledger-facts.ts';
import type { LeaseVerbs } from './leases.ts';
import type { NewsListener } from './news.ts';
import type { NoteVerbs } from './notes.ts';
import type { OperatorVerbs } from './operator.ts';
import type { OnceVerbs } from './once.ts';
import type { PlanVerbs } from './plan-records.ts';
import type { ReportVerbs } from './report-records.ts';
import type { QueueVerbs } from './queues.ts';
import type { SandboxVerbs } from './sandboxes.ts';
import type { ShareVerbs } from './shares.ts';
import type { SweepVerbs } from './sweep.ts';
import type { TokenVerbs } from './tokens.ts';
import type { UserVerbs } from './users.ts';
import type { WebhookScopeVerbs, WebhookVerbs } from './webhooks.ts';

export * from './errors.ts';
export type { ProcessRecord, Sample } from './history.ts';
export type { ReportSummary, SandboxSummary, Totals } from './operator.ts';
export type { ClassMember, ClassRecord } from './class-records.ts';
export type { PlanRecord } from './plan-records.ts';
export type { ReportRecord } from './report-records.ts';
export type { Queued } from './queues.ts';
export type { DeadLetterRecord, IngestedEventRecord, WebhookProgress, WebhookRecord } from './webhooks.ts';
export type * from './records.ts';

/** The whole database. */
export interface Store
  extends LeaseVerbs,
    HistoryVerbs,
    SandboxVerbs,
    PlanVerbs,
    ClassVerbs,
    ReportVerbs,
    SweepVerbs,
    WebhookScopeVerbs,
    OperatorVerbs {
  /** Resolves when the database has taken a write. @throws StoreUnavailableError if it cannot */
  ping(): Promise<void>;
  /**
   * Hears what other instances on the same database change; nothing if there can be no others.
   * @param listener gets a topic (`exchanges SANDBOX`, `reset SANDBOX`); null if news may have been missed
   * @returns what ends it
   */
  onNews(listener: NewsListener): () => void;
  /** For a library that keeps a table of its own in a database that instances share; null if there are no others. */
  readonly pool: { query(text: unknown, values?: unknown): Promise<unknown> } | null;
  /** Writes out what is pending, and closes. */
  close(): Promise<void>;
  /** What one sandbox, or one of its further issuers (`id/as2`), remembers. Cheap to ask for: it holds no state. */
  tenant(scope: string): TenantStore;
}

/** What one issuer remembers. Nothing of one scope is visible in another. */
export interface TenantStore
  extends KeyVerbs,
    ClientVerbs,
    UserVerbs,
    AuthorizationVerbs,
    TokenVerbs,
    DeviceVerbs,
    OnceVerbs,
    NoteVerbs,
    ExchangeVerbs,
    FaultVerbs,
    LedgerFactVerbs,
    ShareVerbs,
    QueueVerbs,
    WebhookVerbs,
    BarrierVerbs {
  readonly scope: string;
}
