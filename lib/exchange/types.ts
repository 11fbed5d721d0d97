/**
 * What the ledger of a sandbox holds: exchanges, and changes that were made to the sandbox between them.
 *
 * The same shape in the recorder, in the guide, on the page of a sandbox, in exports and in tests. Plain data.
 */

/** The four parties: who makes a value, who sends a message. */
export type Party = 'you' | 'client' | 'as' | 'mcp';

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Named facts behind a check or a refusal, without secrets. */
export type Evidence = Readonly<Record<string, unknown>>;

/** One check that the server made, in the order in which it made them. */
export interface Check {
  /** Name of the check: its file in `lib/oauth/checks`, or the step of the endpoint. */
  readonly check: string;
  /** In words: "SHA-256 of the verifier is the challenge". */
  readonly says: string;
  readonly ok: boolean;
  /** What was compared, without secrets. */
  readonly evidence?: Evidence;
  /** Id of the clause that demands it. */
  readonly clause?: string;
}

/** Names and values of headers as they came, in order; a name may come twice. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface HttpMessage {
  readonly headers: Headers;
  /** As text; null if there was none. */
  readonly body: string | null;
  /** The whole length in bytes, if only the beginning of the body was kept. */
  readonly truncatedFrom?: number;
}

export interface HttpRequest extends HttpMessage {
  readonly method: string;
  readonly url: string;
  /** The number alone: `1.1`. */
  readonly httpVersion: string;
}

export interface HttpResponse extends HttpMessage {
  readonly status: number;
  readonly statusText: string;
}

/** Who an exchange is attributed to. */
export interface Sender {
  readonly clientId: string | null;
  readonly name: string | null;
  readonly userAgent: string | null;
  /** Address and port of the other end, as `address#port`. */
  readonly connection: string | null;
  /** True if the client is only claimed: it stands in a token whose signature was not verified. */
  readonly claimed?: boolean;
}

/** A document that the sandbox fetched because the client named its address. */
export interface Fetched {
  readonly url: string;
  readonly status: number | null;
  readonly headers: Headers;
  readonly body: string | null;
  /** Why there is no answer; null if a host answered. */
  readonly problem: 'refused' | 'unreachable' | 'timeout' | null;
}

/** What made the server behave other than by default. */
export interface Acted {
  readonly kind: 'fault' | 'knob' | 'stage' | 'patch';
  readonly name: string;
}

/** A request, its response, and what the server did between them. */
export interface Exchange {
  /** Number in the ledger of the sandbox; 0 until it has one. */
  readonly seq: number;
  /** Wall time of arrival, ISO 8601 with milliseconds. */
  readonly at: string;
  /** Protocol time of the sandbox at arrival, ISO 8601. */
  readonly clock: string;
  /** ms since the epoch at arrival, on a clock that only runs forward. */
  readonly monotonic: number;
  /** ms from arrival to the answer. */
  readonly duration: number;
  readonly from: Party;
  readonly to: Party;
  /** The endpoint of the route table, such as `token`, `mcp`, `as-metadata`. */
  readonly endpoint: string;
  readonly request: HttpRequest;
  readonly response: HttpResponse | null;
  /** False if the connection ended before the answer was sent. */
  readonly delivered: boolean;
  readonly client: Sender;
  readonly grantType: string | null;
  /** JSON-RPC method, and name of the tool, of MCP requests. */
  readonly rpcMethod: string | null;
  readonly tool: string | null;
  readonly grantId: string | null;
  /** Parameters of form, query and JSON body, merged by name; a list if a name came more than once. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Trace id of the `traceparent` header. @see https://www.w3.org/TR/trace-context/#trace-id */
  readonly traceId: string | null;
  /** What the server did, in order. */
  readonly between: readonly Check[];
  /** Why it refused: id of the reason, error code, id of the clause. */
  readonly reason: string | null;
  readonly error: string | null;
  readonly clause: string | null;
  readonly evidence: Evidence | null;
  /** The faults, knobs, stages and patches that acted. */
  readonly acted: readonly Acted[];
  /** The scenario in force; null if there was none. */
  readonly scenario: string | null;
  /** Number of the change that put the configuration in force; 0 for the one the sandbox was made with. */
  readonly config: number;
  /** What was fetched on the client's word. */
  readonly fetched: readonly Fetched[];
  /** Names of the values that were masked. */
  readonly redacted: readonly string[];
}

export const changeMakers = ['control', 'stage', 'page'] as const;
export const changeKinds = [
  'config',
  'scenario',
  'reset',
  'clock',
  'faults',
  'client',
  'grant',
  'keys',
  'event',
] as const;

export type ChangeMaker = (typeof changeMakers)[number];
export type ChangeKind = (typeof changeKinds)[number];

/** Something was done to the sandbox, between two exchanges. */
export interface Change {
  readonly kind: 'change';
  /** Number in the same ledger as the exchanges. */
  readonly seq: number;
  /** Wall time, ISO 8601 with milliseconds. */
  readonly at: string;
  /** ms since the epoch, on a clock that only runs forward. */
  readonly monotonic: number;
  readonly by: ChangeMaker;
  readonly what: ChangeKind;
  /** In force from here on: the number of the change that set the configuration, and the scenario. */
  readonly config: number;
  readonly scenario: string | null;
  /** What was done, enough to do it again: the request to the control API, without secrets. */
  readonly did: Did | null;
  /** Of an event that came from elsewhere: its envelope. */
  readonly event?: Json;
}

/** A request to the control API that has the same effect: `PATCH /config { … }`. */
export interface Did {
  readonly method: string;
  /** Below `/api/sandboxes/{id}`. */
  readonly path: string;
  readonly body: Json;
  /** Values that its answer made anew, by name: the id of a fault, a token. */
  readonly made?: Readonly<Record<string, string>>;
  /** Configuration and scenario before it, if it changed them. */
  readonly before?: { readonly config: Json; readonly scenario: string | null };
}

export type LedgerEntry = Exchange | Change;

/** Entries that are kept of a sandbox; after that the oldest are dropped. */
export const MAX_EXCHANGES = 500;

/** What is known of a ledger as a whole, also of what is no longer in it, and through resets. */
export interface LedgerFacts {
  /** When each metadata document was first asked for since the sandbox was made, ISO 8601; null: never. */
  readonly seen: {
    readonly prm: string | null;
    /** By issuer. */
    readonly as_metadata: Readonly<Record<string, string>>;
  };
  /** Ids of clients that the server forgot: by a reset, by a stage. The latest 1000. */
  readonly forgotten_clients: readonly string[];
  /** Number of the first entry that is still kept; null if none is. */
  readonly first_kept: number | null;
  /** Whether the sandbox is alone on its origin. */
  readonly own_origin: boolean;
}

/** Tells the two kinds of entries apart. */
export function isChange(entry: LedgerEntry): entry is Change {
  return 'kind' in entry;
}

/** The exchanges of a ledger, without the changes. */
export function exchangesIn(entries: readonly LedgerEntry[]): Exchange[] {
  return entries.filter((entry): entry is Exchange => !isChange(entry));
}
