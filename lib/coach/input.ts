/** What a report is made from. Everything comes in here: the ledger, the time, and what is known of the sandbox. */
import type { LedgerEntry } from '#lib/exchange/types.ts';

/** What the coach needs to know of a scenario. */
export interface ScenarioFacts {
  readonly id: string;
  readonly title: string;
  /** Ids of the rules that it is about. */
  readonly judgedBy: readonly string[];
  /** MCP revisions that it concerns; `oauth` for clients without MCP. */
  readonly versions: readonly string[];
  readonly knobs: Readonly<Record<string, unknown>>;
  /** Whether it can run only where the sandbox is alone on its origin. */
  readonly needsOwnOrigin: boolean;
}

/** A client that the sandbox knows now. */
export interface KnownClient {
  readonly clientId: string;
  readonly source: 'dynamic' | 'pre-registered' | 'document';
  /** The registered `token_endpoint_auth_method`; null if it left the choice. */
  readonly method: string | null;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[] | null;
  readonly name: string | null;
  /** Issuer that knows it; the sandbox's own if left out. */
  readonly issuer?: string;
}

export interface CoachInput {
  readonly entries: readonly LedgerEntry[];
  /** ms since the epoch. */
  readonly now: number;
  readonly sandbox: {
    readonly id: string;
    readonly origin: string;
    /** Where the endpoints are; equal to the issuer but for `issuer.trailingSlash`. */
    readonly base: string;
    readonly issuer: string;
    readonly inspectUrl: string;
    /** Whether the sandbox is alone on its origin. */
    readonly ownOrigin: boolean;
    readonly scenario: string | null;
    /** Number of the change that put the present configuration in force. */
    readonly configNumber: number;
    /** The configuration in force: every knob with its value. */
    readonly config: Readonly<Record<string, unknown>>;
    /** Every knob with its default. */
    readonly defaults: Readonly<Record<string, unknown>>;
    /** ms since the epoch when the sandbox was made or used first. */
    readonly createdAt: number;
  };
  readonly clients: readonly KnownClient[];
  readonly scenarios: readonly ScenarioFacts[];
  /** After which numbers runs were closed, and when (ms since the epoch), oldest first. */
  readonly finals: readonly { readonly seq: number; readonly at: number }[];
  /** What the sandbox remembers past the exchanges that are kept. */
  readonly memory?: {
    /** When protected resource metadata was first asked for, and metadata of each issuer; ISO times. */
    readonly prm: string | null;
    readonly asMetadata: Readonly<Record<string, string>>;
    /** Ids of clients that the server forgot. */
    readonly forgottenClients: readonly string[];
    /** Number of the oldest exchange that is kept. */
    readonly firstKept: number;
  };
}
