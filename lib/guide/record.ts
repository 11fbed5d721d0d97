/**
 * Sends a prepared request and writes down what travelled, as far as a page can see it; the
 * sandbox's recorder has the whole, and its record takes this one's place.
 */
import type { Fetch } from '#lib/client/request.ts';
import { makeExchange } from '#lib/exchange/make.ts';
import { NOT_KEPT } from '#lib/exchange/kept.ts';
import { formOf } from '#lib/exchange/read.ts';
import type { Exchange, ExchangeEntry, Party } from './types.ts';
import type { Prepared } from './prepare.ts';

/** ms until a request is given up. */
export const TIMEOUT = 20_000;

export interface Sent {
  readonly exchange: Exchange;
  readonly failed: ExchangeEntry['failed'];
}
export interface SendOptions {
  readonly fetch: Fetch;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Protocol minus wall time, ms. */
  readonly clockOffset: number;
  readonly signal?: AbortSignal;
  /** `same-origin` only where a consent form must be sent with the cookie of its page. */
  readonly credentials?: RequestCredentials;
  readonly from: Party;
  readonly to: Party;
}

const ENDPOINTS: readonly (readonly [RegExp, string])[] = [
  [/\/\.well-known\/oauth-protected-resource/, 'prm'],
  [/\/\.well-known\/(?:oauth-authorization-server|openid-configuration)/, 'as-metadata'],
  [/\/\.well-known\/jwks\.json$/, 'jwks'],
  [/\/(?:oauth|clients)\/register$/, 'register'],
  [/\/oauth\/authorize$/, 'authorize'],
  [/\/oauth\/token$/, 'token'],
  [/\/oauth\/revoke$/, 'revoke'],
  [/\/oauth\/introspect$/, 'introspect'],
  [/\/oauth\/par$/, 'par'],
  [/\/oauth\/device_authorization$/, 'device'],
  [/\/oauth\/userinfo$/, 'userinfo'],
  [/\/oauth\/logout$/, 'logout'],
  [/\/activate$/, 'activate'],
  [/\/client-metadata\.json$/i, 'client-metadata'],
  [/\/(?:mcp|oauth|bearer|no-auth)$/, 'mcp'],
];

/** The endpoint that an address belongs to, under the names of the route table; `unknown` where it is none. */
export function endpointOf(url: string): string {
  let path: string;
  try {
    path = new URL(url).pathname;
  } catch {
    return 'unknown';
  }
  return ENDPOINTS.find(([pattern]) => pattern.test(path))?.[1] ?? 'unknown';
}

/** An exchange that only this page has seen. */
export function pageExchange(
  prepared: Pick<Prepared, 'method' | 'url' | 'headers' | 'body'>,
  from: Party,
  to: Party,
  at: number,
  clockOffset: number,
): Exchange {
  let host = '';
  try {
    host = new URL(prepared.url).host;
  } catch {
    /* an edited address may be none */
  }
  return makeExchange({
    at,
    clock: at + clockOffset,
    from,
    to,
    endpoint: endpointOf(prepared.url),
    request: {
      method: prepared.method,
      url: prepared.url,
      headers: [['Host', host], ...prepared.headers],
      body: prepared.body,
    },
  });
}

/** Reads a body that may never end: events are read until an answer has come. */
async function readBody(response: Response): Promise<string | null> {
  const text = await response.text();
  return text === '' ? null : text;
}

/**
 * Sends, and waits for the whole answer.
 * @returns never throws for what the network does: `failed` says what it was
 */
export async function sendPrepared(prepared: Prepared, options: SendOptions): Promise<Sent> {
  const at = options.now();
  const begun = performance.now();
  const draft = pageExchange(prepared, options.from, options.to, at, options.clockOffset);
  const timeout = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await options.fetch(prepared.url, {
      method: prepared.method,
      headers: prepared.headers.map(([name, value]): [string, string] => [name, value]),
      ...(prepared.body === null ? {} : { body: prepared.body }),
      redirect: 'manual',
      credentials: options.credentials ?? 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const duration = performance.now() - begun;
    // A redirect's contents are hidden from a page; the recorder knows them.
    if (response.type === 'opaqueredirect') return { exchange: { ...draft, duration, delivered: true }, failed: null };
    const body = await readBody(response);
    return {
      exchange: {
        ...draft,
        duration,
        delivered: true,
        response: {
          status: response.status,
          statusText: response.statusText,
          headers: [...response.headers].map(([name, value]) => [name, value] as const),
          body,
        },
      },
      failed: null,
    };
  } catch {
    const duration = performance.now() - begun;
    return {
      exchange: { ...draft, duration },
      failed: options.signal?.aborted ? 'aborted' : timeout.aborted ? 'timeout' : 'network',
    };
  }
}

/**
 * Finds the recorder's record of what this page sent: the first with the same method, address and
 * body that no entry of the log has claimed.
 */
export function findRecord(
  exchange: Exchange,
  records: readonly Exchange[],
  claimed: ReadonlySet<number>,
): Exchange | null {
  const alike = records.filter(
    (record) =>
      !claimed.has(record.seq) &&
      record.request.method === exchange.request.method &&
      sameAddress(record.request.url, exchange.request.url),
  );
  // A body that was refused before it was read is not in the record.
  return (
    alike.find(
      (record) =>
        record.request.truncatedFrom !== undefined ||
        (record.request.body ?? '') === (exchange.request.body ?? '') ||
        sameAsKept(record, exchange),
    ) ??
    alike.find((record) => !record.request.body) ??
    null
  );
}

/** Whether two forms are the same but for what the recorder does not keep, such as a password. */
function sameAsKept(record: Exchange, exchange: Exchange): boolean {
  const kept = [...formOf(record)];
  const sent = [...formOf(exchange)];
  return (
    kept.length > 0 &&
    kept.length === sent.length &&
    kept.every(([name, value], index) => name === sent[index]![0] && (value === sent[index]![1] || value === NOT_KEPT))
  );
}

function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return new URL(a).href === new URL(b).href;
  } catch {
    return false;
  }
}

/**
 * The recorder's record, with what only the page knows: the whole body where the recorder kept a
 * part, and who speaks (the recorder guesses; the track knows).
 */
export function mergeRecord(seen: Exchange, record: Exchange): Exchange {
  const whole =
    record.response?.truncatedFrom !== undefined && seen.response
      ? { body: seen.response.body, truncatedFrom: undefined }
      : {};
  return {
    ...record,
    from: seen.from,
    to: seen.to,
    endpoint: record.endpoint || seen.endpoint,
    tool: record.tool ?? seen.tool,
    rpcMethod: record.rpcMethod ?? seen.rpcMethod,
    grantType: record.grantType ?? seen.grantType,
    request: {
      ...record.request,
      body:
        record.request.truncatedFrom !== undefined ||
        !record.request.body ||
        [...formOf(record)].some(([, value]) => value === NOT_KEPT)
          ? seen.request.body
          : record.request.body,
    },
    response: record.response ? { ...record.response, ...whole } : seen.response,
  };
}
