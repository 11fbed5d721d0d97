/** What the HTTP layer notes of a request while it runs, and the exchange that is made of it later. */
import { STATUS_CODES } from 'node:http';
import type { TraceFacts } from '#lib/oauth/context.ts';
import type { Check, Exchange, HttpMessage, Party } from './exchange.ts';
import { scrub } from './redact.ts';

/** Bytes that are kept of each body. */
export const BODY_KEPT = 16_384;

/** Raw notes: cheap to take, worked out off the request's way. */
export interface Draft {
  readonly sandboxId: string;
  /** Wall time and protocol time at arrival, ms since the epoch. */
  readonly at: number;
  readonly clock: number;
  /** `performance.now()` at arrival. */
  readonly monotonic: number;
  /** ms from arrival to the answer. */
  readonly duration: number;
  readonly endpoint: string;
  readonly from: Party;
  readonly to: Party;
  readonly method: string;
  /** As it was asked for, with its origin. */
  readonly url: string;
  readonly httpVersion: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string | null;
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string | null;
    readonly bytes: number;
  } | null;
  readonly delivered: boolean;
  /** Address and port of the other end. */
  readonly connection: string | null;
  readonly facts: Readonly<Partial<TraceFacts>>;
  readonly checks: readonly Check[];
  readonly acted: readonly TraceFacts['acted'][];
  /** SHA-256 of the sandbox's control token: where it comes along as a bearer token it is not kept. */
  readonly controlTokenHash: string | null;
}

/** The exchange of a draft; `seq` is 0 until the store gives it one. */
export function toExchange(draft: Draft): Exchange {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < draft.rawHeaders.length; i += 2)
    headers.push([draft.rawHeaders[i]!, draft.rawHeaders[i + 1]!]);
  const exchange: Exchange = {
    seq: 0,
    at: new Date(draft.at).toISOString(),
    clock: new Date(draft.clock).toISOString(),
    monotonic: Math.round(draft.monotonic * 1000) / 1000,
    duration: Math.round(draft.duration * 1000) / 1000,
    from: draft.from,
    to: draft.to,
    endpoint: draft.endpoint,
    request: { method: draft.method, url: draft.url, httpVersion: draft.httpVersion, headers, ...bounded(draft.body) },
    response: draft.response && {
      status: draft.response.status,
      statusText: STATUS_CODES[draft.response.status] ?? '',
      headers: draft.response.headers,
      ...bounded(draft.response.body, draft.response.bytes),
    },
    delivered: draft.delivered,
    client: {
      clientId: draft.facts.clientId ?? null,
      name: draft.facts.clientName ?? null,
      userAgent: headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? null,
      connection: draft.connection,
    },
    ...saidToBe(draft),
    grantId: draft.facts.grantId ?? null,
    between: draft.checks,
    reason: draft.facts.reason ?? null,
    error: draft.facts.error ?? null,
    clause: draft.facts.clause ?? null,
    evidence: draft.facts.evidence ?? null,
    acted: draft.acted,
    redacted: [],
  };
  const scrubbed = scrub(exchange, draft.controlTokenHash);
  return scrubbed.client.clientId === null
    ? { ...scrubbed, client: { ...scrubbed.client, clientId: namedClient(scrubbed) } }
    : scrubbed;
}

/** What a request says that it is; where a fault acted before it was looked at, from its body. */
function saidToBe({ endpoint, facts, body }: Draft): Pick<Exchange, 'grantType' | 'rpcMethod' | 'tool'> {
  const known = { grantType: facts.grantType ?? null, rpcMethod: facts.rpcMethod ?? null, tool: facts.tool ?? null };
  if (body === null) return known;
  if (endpoint === 'token' && known.grantType === null)
    return { ...known, grantType: new URLSearchParams(body).get('grant_type')?.slice(0, 200) ?? null };
  if (!RPC.has(endpoint) || known.rpcMethod !== null) return known;
  try {
    const { method, params } = JSON.parse(body) as { method?: unknown; params?: { name?: unknown } | null };
    if (typeof method !== 'string') return known;
    const name = method === 'tools/call' ? params?.name : undefined;
    return {
      ...known,
      rpcMethod: method.slice(0, 200),
      tool: known.tool ?? (typeof name === 'string' ? name.slice(0, 200) : null),
    };
  } catch {
    return known;
  }
}

const RPC: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth']);

/** The body within its bound, cut between characters. */
function bounded(body: string | null, bytes?: number): Pick<HttpMessage, 'body' | 'truncatedFrom'> {
  if (body === null) return { body: null };
  const whole = bytes ?? (body.length * 3 <= BODY_KEPT ? 0 : Buffer.byteLength(body));
  if (whole <= BODY_KEPT) return { body };
  const cut = Buffer.from(body)
    .subarray(0, BODY_KEPT)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  return { body: cut, truncatedFrom: whole };
}

/** Bytes that it takes in the store, nearly. */
export function draftBytes(exchange: Exchange): number {
  return (
    1500 + exchange.request.url.length + (exchange.request.body?.length ?? 0) + (exchange.response?.body?.length ?? 0)
  );
}

/** Who the request itself says that it is from: query, body, HTTP Basic, the answer to a registration. */
function namedClient(exchange: Exchange): string | null {
  const { request, response } = exchange;
  const query = request.url.indexOf('?');
  const fromQuery = query < 0 ? null : new URLSearchParams(request.url.slice(query + 1)).get('client_id');
  if (fromQuery) return fromQuery.slice(0, 500);
  const type = headerOf(request, 'content-type') ?? '';
  if (request.body !== null && type.includes('x-www-form-urlencoded')) {
    const fromForm = new URLSearchParams(request.body).get('client_id');
    if (fromForm) return fromForm.slice(0, 500);
  }
  const basic = /^Basic\s+(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
  if (basic) {
    const [id] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    if (id) {
      try {
        return decodeURIComponent(id.replaceAll('+', ' ')).slice(0, 500);
      } catch {
        return id.slice(0, 500);
      }
    }
  }
  if (exchange.endpoint === 'register' && response?.status === 201 && response.body !== null) {
    try {
      const made = (JSON.parse(response.body) as { client_id?: unknown }).client_id;
      return typeof made === 'string' ? made : null;
    } catch {
      return null;
    }
  }
  return null;
}

function headerOf(message: HttpMessage, name: string): string | null {
  return message.headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? null;
}
