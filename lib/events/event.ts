/**
 * An entry of a ledger as an event: what happened, without any secret and without bodies.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
import type { Exchange, LedgerEntry } from '#lib/exchange/types.ts';

/** CloudEvents 1.0, structured, in JSON. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same each time that the event is delivered. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The client, if one is known. */
  readonly subject?: string;
  /** Wall time, ISO 8601. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Rises within a source. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/sequence.md */
  readonly sequence: string;
  /** The trace that the request belonged to. */
  readonly traceid?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What every type begins with. */
const PREFIX = 'dev.authwalk.';

/** Makes the event of an entry: `dev.authwalk.exchange.token`, `dev.authwalk.sandbox.clock`. */
export function eventOf(sandboxId: string, entry: LedgerEntry): CloudEvent {
  const common = {
    specversion: '1.0' as const,
    id: `${sandboxId}.${entry.seq}`,
    source: `urn:authwalk:sandbox:${sandboxId}`,
    time: entry.at,
    datacontenttype: 'application/json' as const,
    sequence: String(entry.seq).padStart(12, '0'),
  };
  if ('kind' in entry && entry.what === 'event')
    return { ...common, type: `${PREFIX}ingested`, data: (entry.event ?? {}) as Record<string, unknown> };
  if ('kind' in entry)
    return { ...common, type: `${PREFIX}sandbox.${entry.what}`, data: { event_type: entry.what, by: entry.by } };
  const { clientId } = entry.client;
  return {
    ...common,
    type: `${PREFIX}exchange.${entry.endpoint}`,
    ...(clientId === null ? {} : { subject: clientId.slice(0, 500) }),
    ...(entry.traceId === null ? {} : { traceid: entry.traceId }),
    data: dataOf(entry),
  };
}

function dataOf(exchange: Exchange): Record<string, unknown> {
  const { request, response, client, error } = exchange;
  const refused = error !== null || (response?.status ?? 500) >= 400;
  return {
    event_type: exchange.endpoint,
    severity: refused ? 'warning' : 'info',
    client_id: client.clientId,
    method: request.method,
    path: URL.canParse(request.url) ? new URL(request.url).pathname : null,
    status: response?.status ?? null,
    error,
    reason: exchange.reason,
    grant_type: exchange.grantType,
    grant_id: exchange.grantId,
    rpc_method: exchange.rpcMethod,
    tool: exchange.tool,
    acted: exchange.acted,
    duration_ms: exchange.duration,
    clock: exchange.clock,
  };
}

/**
 * Whether a webhook wants an event.
 * @param wanted types without the prefix, such as `exchange.token`, or `exchange.*`; null: all
 */
export function wants(wanted: readonly string[] | null, { type }: CloudEvent): boolean {
  if (wanted === null) return true;
  const short = type.slice(PREFIX.length);
  return wanted.some((one) => {
    const name = one.startsWith(PREFIX) ? one.slice(PREFIX.length) : one;
    return name.endsWith('.*') ? short.startsWith(name.slice(0, -1)) : name === short;
  });
}
