/** The one constructor of exchanges: for the recorder, for the guide, and for the first page. */
import { withoutTrailing } from '#lib/spec/trailing.ts';
import { byteLength } from './encoding.ts';
import { claimedClientOf, formOf, headerOf, namedClientOf, parametersOf, rpcOf, traceIdOf } from './read.ts';
import { statusPhrase } from './status.ts';
import type { Exchange, Headers, HttpMessage, HttpRequest, HttpResponse, Sender } from './types.ts';

/** Bytes that the recorder keeps of each body. */
export const BODY_KEPT = 16_384;
/** Characters that are kept of a name that the client chose: grant type, method, tool. */
const NAME_KEPT = 200;
const CLIENT_ID_KEPT = 500;
/** Endpoints that speak JSON-RPC. */
const RPC: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth']);

/** What is known of an exchange. What is left out is worked out from the messages, or has its default. */
export interface ExchangeDraft
  extends Partial<
    Omit<Exchange, 'at' | 'clock' | 'request' | 'response' | 'client' | 'parameters' | 'traceId' | 'redacted'>
  > {
  /** Wall time of arrival, ms since the epoch. */
  readonly at: number;
  /** Protocol time at arrival, ms since the epoch. Default: the wall time. */
  readonly clock?: number;
  readonly from: Exchange['from'];
  readonly to: Exchange['to'];
  readonly endpoint: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
    readonly body: string | null;
    readonly truncatedFrom?: number;
    /** Default: `1.1`. */
    readonly httpVersion?: string;
  };
  readonly response?:
    | (HttpMessage & {
        readonly status: number;
        /** Default: the phrase of the status. */
        readonly statusText?: string;
      })
    | null;
  readonly client?: Partial<Sender>;
}

/** Makes an exchange. `seq` is 0 until the store numbers it. */
export function makeExchange(draft: ExchangeDraft): Exchange {
  const request: HttpRequest = { ...draft.request, httpVersion: draft.request.httpVersion ?? '1.1' };
  const response: HttpResponse | null = draft.response
    ? { ...draft.response, statusText: draft.response.statusText || statusPhrase(draft.response.status) }
    : null;
  const messages = { request, response, endpoint: draft.endpoint };
  const rpc = RPC.has(draft.endpoint) ? rpcOf(messages) : null;
  const grantType = draft.endpoint === 'token' ? formOf(messages).get('grant_type') : null;
  const round = (ms: number): number => Math.round(ms * 1000) / 1000;
  return {
    seq: draft.seq ?? 0,
    at: new Date(draft.at).toISOString(),
    clock: new Date(draft.clock ?? draft.at).toISOString(),
    monotonic: round(draft.monotonic ?? draft.at),
    duration: round(draft.duration ?? 0),
    from: draft.from,
    to: draft.to,
    endpoint: draft.endpoint,
    request,
    response,
    delivered: draft.delivered ?? response !== null,
    client: senderOf(draft.client ?? {}, messages),
    grantType: draft.grantType ?? cut(grantType),
    rpcMethod: draft.rpcMethod ?? cut(rpc?.method),
    tool: draft.tool ?? cut(rpc?.tool),
    grantId: draft.grantId ?? null,
    parameters: parametersOf(messages),
    traceId: traceIdOf(messages),
    between: draft.between ?? [],
    reason: draft.reason ?? null,
    error: draft.error ?? null,
    clause: draft.clause ?? null,
    evidence: draft.evidence ?? null,
    acted: draft.acted ?? [],
    scenario: draft.scenario ?? null,
    config: draft.config ?? 0,
    fetched: draft.fetched ?? [],
    redacted: [],
  };
}

/** Who it is attributed to. A client that only an unverified token names is marked as claimed. */
function senderOf(known: Partial<Sender>, messages: Parameters<typeof namedClientOf>[0]): Sender {
  const named = known.clientId ?? namedClientOf(messages)?.slice(0, CLIENT_ID_KEPT) ?? null;
  const claim = named === null ? (claimedClientOf(messages)?.slice(0, CLIENT_ID_KEPT) ?? null) : null;
  return {
    clientId: named ?? claim,
    name: known.name ?? null,
    userAgent: known.userAgent ?? headerOf(messages.request, 'user-agent'),
    connection: known.connection ?? null,
    ...(known.claimed || claim !== null ? { claimed: true } : {}),
  };
}

function cut(text: string | null | undefined): string | null {
  return text?.slice(0, NAME_KEPT) ?? null;
}

/**
 * A body within {@link BODY_KEPT}, cut between characters.
 * @param bytes length of the whole body, if it is known
 */
export function boundedBody(body: string | null, bytes?: number): Pick<HttpMessage, 'body' | 'truncatedFrom'> {
  if (body === null) return { body: null };
  const whole = bytes ?? (body.length * 3 <= BODY_KEPT ? 0 : byteLength(body));
  if (whole <= BODY_KEPT) return { body };
  const kept = new TextDecoder().decode(new TextEncoder().encode(body.slice(0, BODY_KEPT)).subarray(0, BODY_KEPT));
  return { body: withoutTrailing(kept, '\uFFFD'), truncatedFrom: whole };
}

/** What the store keeps of an exchange: what can be worked out from the messages is not written twice. */
export type StoredExchange = Omit<Exchange, 'seq' | 'parameters'>;

/** An exchange as it is stored. */
export function storedExchange({ seq: _, parameters: __, ...stored }: Exchange): StoredExchange {
  return stored;
}

/** The exchange that was stored, also if an earlier version stored it. @param seq its number in the ledger */
export function restoredExchange(stored: StoredExchange, seq: number): Exchange {
  return {
    ...{ traceId: null, scenario: null, config: 0, fetched: [] },
    ...stored,
    seq,
    parameters: parametersOf(stored),
  };
}
