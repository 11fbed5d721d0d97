/**
 * One exchange: a request, its response, and what the server did between them.
 *
 * The same shape in the guide, on a sandbox's page, in exports and in tests; pure data, so that
 * browser code may import it.
 */

/** The four hands: who makes a value, who sends a message. */
export type Party = 'you' | 'client' | 'as' | 'mcp';

/** One thing that the server looked at, in the order in which it did. */
export interface Check {
  /** The check's name: the file in `lib/oauth/checks`, or the step of the endpoint. */
  readonly check: string;
  /** In words: "SHA-256 of the verifier is the challenge". */
  readonly says: string;
  readonly ok: boolean;
  /** What it compared, without secrets. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly clause?: string;
}

export interface HttpMessage {
  /** Names as they came, in order; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As text; null where there was none. */
  readonly body: string | null;
  /** Where the body was longer than what is kept: its whole length in bytes. */
  readonly truncatedFrom?: number;
}

export interface Exchange {
  readonly seq: number;
  /** Wall time of arrival, ISO 8601 with milliseconds. */
  readonly at: string;
  /** Protocol time of the sandbox at arrival, ISO 8601. */
  readonly clock: string;
  /** Monotonic ms at arrival and from arrival to the answer. */
  readonly monotonic: number;
  readonly duration: number;
  readonly from: Party;
  readonly to: Party;
  /** The endpoint of the route table, such as `token`, `mcp`, `as-metadata`. */
  readonly endpoint: string;
  readonly request: HttpMessage & { readonly method: string; readonly url: string; readonly httpVersion: string };
  readonly response: (HttpMessage & { readonly status: number; readonly statusText: string }) | null;
  /** False where the connection ended before the answer was sent. */
  readonly delivered: boolean;
  /** Who it is laid to. */
  readonly client: {
    readonly clientId: string | null;
    readonly name: string | null;
    readonly userAgent: string | null;
    readonly connection: string | null;
  };
  readonly grantType: string | null;
  /** JSON-RPC method and tool, for MCP requests. */
  readonly rpcMethod: string | null;
  readonly tool: string | null;
  readonly grantId: string | null;
  /** What the server did, in order. */
  readonly between: readonly Check[];
  /** Why it refused: reason id, error code, clause id. */
  readonly reason: string | null;
  readonly error: string | null;
  readonly clause: string | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  /** Which fault, knob or stage acted. */
  readonly acted: readonly { readonly kind: 'fault' | 'knob' | 'stage' | 'patch'; readonly name: string }[];
  /** Names of the values that were masked. */
  readonly redacted: readonly string[];
}
