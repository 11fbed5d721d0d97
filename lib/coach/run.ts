/** What a rule is given: the exchanges of one client in one run, and the ledger to look things up in. */
import type { Authorization, Call, DeviceFlow, Document, Registration, TokenRequest, Tokens } from './entries.ts';
import type { Ledger } from './ledger.ts';
import type { Identity } from './attribution.ts';
import { waiting } from './findings.ts';
import { type Seen, byTime } from './seen.ts';
import type { Finding, RevisionInfo } from './types.ts';

/** Real time after which something that a client should not do counts as not done, in ms. */
export const PATIENCE = 60_000;

export interface RunShape {
  readonly id: string;
  readonly client: Identity | null;
  /** Own and unnamed exchanges, in order of time. */
  readonly seen: readonly Seen[];
  readonly own: ReadonlySet<Seen>;
  /** ms since the epoch; null while it is open. */
  readonly closedAt: number | null;
  readonly closedSeq: number | null;
  readonly dropped: number;
}

export class Run {
  readonly ledger: Ledger;
  readonly shape: RunShape;
  readonly revision: RevisionInfo;
  /** Whether more than one client was seen in this run. */
  readonly crowded: boolean;
  /** Whether the client sends MCP requests, or is judged as one that does. */
  readonly mcp: boolean;
  readonly #members: ReadonlySet<Seen>;
  readonly #memo = new Map<string, readonly unknown[]>();

  constructor(ledger: Ledger, shape: RunShape, revision: RevisionInfo, crowded: boolean) {
    this.ledger = ledger;
    this.shape = shape;
    this.revision = revision;
    this.crowded = crowded;
    this.#members = new Set(shape.seen);
    this.mcp = revision.value !== 'oauth' && (revision.value !== null || this.calls.length > 0);
  }

  /** Own and unnamed exchanges, in order of time. */
  get seen(): readonly Seen[] {
    return this.shape.seen;
  }
  get closed(): boolean {
    return this.shape.closedAt !== null;
  }
  /** ms since the epoch up to which is judged. */
  get now(): number {
    return this.shape.closedAt ?? this.ledger.input.now;
  }
  /** Whether everything since the run began is kept. */
  get complete(): boolean {
    return this.shape.dropped === 0;
  }
  /** The issuer identifier of the sandbox. */
  get issuer(): string {
    return this.ledger.input.sandbox.issuer;
  }
  get origin(): string {
    return this.ledger.input.sandbox.origin;
  }
  get base(): string {
    return this.ledger.input.sandbox.base;
  }

  has(seen: Seen): boolean {
    return this.#members.has(seen);
  }

  /** Whether an exchange is this client's for certain. */
  owns(seen: Seen): boolean {
    return this.shape.own.has(seen);
  }

  #of<T extends { readonly seen: Seen }>(name: string, all: readonly T[]): readonly T[] {
    const known = this.#memo.get(name);
    if (known !== undefined) return known as readonly T[];
    const mine = all.filter(({ seen }) => this.#members.has(seen));
    this.#memo.set(name, mine);
    return mine;
  }
  get authorizations(): readonly Authorization[] {
    return this.#of('authorizations', this.ledger.authorizations);
  }
  get tokenRequests(): readonly TokenRequest[] {
    return this.#of('tokenRequests', this.ledger.tokenRequests);
  }
  get registrations(): readonly Registration[] {
    return this.#of('registrations', this.ledger.registrations);
  }
  get calls(): readonly Call[] {
    return this.#of('calls', this.ledger.calls);
  }
  get documents(): readonly Document[] {
    return this.#of('documents', this.ledger.documents);
  }
  get devices(): readonly DeviceFlow[] {
    return this.#of('devices', this.ledger.devices);
  }
  get prm(): readonly Seen[] {
    return this.#of(
      'prm',
      this.ledger.prm.map((seen) => ({ seen })),
    ).map(({ seen }) => seen);
  }
  /** Token requests with a code. */
  get redemptions(): readonly TokenRequest[] {
    return this.tokenRequests.filter(({ grantType }) => grantType === 'authorization_code');
  }
  get refreshes(): readonly TokenRequest[] {
    return this.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token');
  }
  /** Successful answers of the token endpoint. */
  get tokens(): readonly Tokens[] {
    return this.tokenRequests.flatMap(({ tokens }) => tokens ?? []);
  }
  /** Requests without a token that were refused, and whose answer arrived. */
  get challenged(): readonly Call[] {
    return this.calls.filter(({ seen, token }) => seen.status === 401 && token === null && seen.delivered);
  }

  /** The exchanges of the run that began after another did. */
  after(seen: Seen): readonly Seen[] {
    const { seen: all } = this.shape;
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byTime(all[middle]!, seen) <= 0) low = middle + 1;
      else high = middle;
    }
    return all.slice(low);
  }

  /** Those before. */
  before(seen: Seen): readonly Seen[] {
    return this.seen.filter((one) => byTime(one, seen) < 0);
  }

  /** Whether enough real time has gone by since the end of an exchange, or the run is closed. */
  isOver(since: Seen, ms: number): boolean {
    return this.closed || this.ledger.input.now - since.end >= ms;
  }

  /** The finding of a rule that forbids something for a while, before the while is over. */
  wait(since: Seen, ms: number, says: string): Finding {
    return waiting(since.end + ms, says);
  }

  /** The value of a knob when an exchange came; undefined if that is no longer known. */
  knob(seen: Seen, name: string): unknown {
    const { sandbox, scenarios } = this.ledger.input;
    const { exchange } = seen;
    if (exchange.config === undefined || exchange.config === sandbox.configNumber) return sandbox.config[name];
    const scenario = scenarios.find(({ id }) => id === exchange.scenario);
    if (scenario === undefined) return undefined;
    return Object.hasOwn(scenario.knobs, name) ? scenario.knobs[name] : sandbox.defaults[name];
  }

  /** The scenario in force when an exchange came. */
  scenario(seen: Seen): string | null {
    return seen.exchange.scenario === undefined ? this.ledger.input.sandbox.scenario : seen.exchange.scenario;
  }

  /** Whether the sandbox forgot clients at some time: then an unknown identifier may have been good. */
  get forgot(): boolean {
    return (
      this.ledger.resets.length > 0 || (this.ledger.input.memory?.forgottenClients.length ?? 0) > 0 || !this.complete
    );
  }
}
