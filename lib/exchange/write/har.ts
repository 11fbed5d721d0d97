/** A run as HAR 1.2, as browsers and proxies read it. @see http://www.softwareishard.com/blog/har-12-spec/ */
import { byteLength } from '../encoding.ts';
import { flowsOf } from '../flows.ts';
import { formOf, headerOf, headersOf, queryOf } from '../read.ts';
import { type Exchange, exchangesIn, type HttpMessage, isChange, type LedgerEntry } from '../types.ts';

interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** What HAR has no place for: the whole record but the messages. A HAR reader skips names with an underscore. */
export type HarExtras = Omit<Exchange, 'request' | 'response' | 'at' | 'duration' | 'parameters'>;

export interface HarCookie extends NameValue {
  readonly path?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: string;
}

const pairs = (found: Iterable<readonly [string, string]>): NameValue[] =>
  [...found].map(([name, value]) => ({ name, value }));

const sizeOf = (message: HttpMessage): number =>
  message.truncatedFrom ?? (message.body === null ? 0 : byteLength(message.body));

/** Cookies of a request. @see https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1 */
function cookiesSent(message: HttpMessage): HarCookie[] {
  return headersOf(message, 'cookie')
    .flatMap((value) => value.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
}

/** Cookies that an answer sets. @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 */
function cookiesSet(message: HttpMessage): HarCookie[] {
  return headersOf(message, 'set-cookie').flatMap((value) => {
    const [pair = '', ...rest] = value.split(';').map((part) => part.trim());
    if (!pair.includes('=')) return [];
    const attributes = new Map(
      rest.map((part) => {
        const at = part.indexOf('=');
        return at < 0 ? [part.toLowerCase(), ''] : [part.slice(0, at).toLowerCase(), part.slice(at + 1)];
      }),
    );
    const path = attributes.get('path');
    const sameSite = attributes.get('samesite');
    return [
      {
        name: pair.slice(0, pair.indexOf('=')),
        value: pair.slice(pair.indexOf('=') + 1),
        ...(path === undefined ? {} : { path }),
        httpOnly: attributes.has('httponly'),
        secure: attributes.has('secure'),
        ...(sameSite === undefined ? {} : { sameSite }),
      },
    ];
  });
}

function requestOf(exchange: Exchange) {
  const { request } = exchange;
  const params = pairs(formOf(exchange));
  return {
    method: request.method,
    url: request.url,
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: cookiesSent(request),
    headers: pairs(request.headers),
    queryString: pairs(queryOf(exchange)),
    ...(request.body === null
      ? {}
      : {
          postData: {
            mimeType: headerOf(request, 'content-type') ?? '',
            ...(params.length > 0 ? { params } : {}),
            text: request.body,
          },
        }),
    headersSize: -1,
    bodySize: sizeOf(request),
  };
}

function responseOf({ request, response }: Exchange) {
  const httpVersion = `HTTP/${request.httpVersion}`;
  if (response === null)
    return {
      status: 0,
      statusText: '',
      httpVersion,
      cookies: [],
      headers: [],
      content: { size: 0, mimeType: 'x-unknown' },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    };
  return {
    status: response.status,
    statusText: response.statusText,
    httpVersion,
    cookies: cookiesSet(response),
    headers: pairs(response.headers),
    content: {
      size: sizeOf(response),
      mimeType: headerOf(response, 'content-type') ?? 'x-unknown',
      ...(response.body === null ? {} : { text: response.body }),
    },
    redirectURL: headerOf(response, 'location') ?? '',
    headersSize: -1,
    bodySize: sizeOf(response),
  };
}

/** The address that answered: the host of the request, if that is written as a number. */
function serverAddress(url: string): string | null {
  const host = /^https?:\/\/(?:\[([\da-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3}))(?::\d+)?(?:[/?#]|$)/i.exec(url);
  return host?.[1] ?? host?.[2] ?? (/^https?:\/\/localhost(?::\d+)?(?:[/?#]|$)/i.test(url) ? '127.0.0.1' : null);
}

/**
 * One entry of a HAR log.
 * @param page id of the page that it belongs to
 * @see http://www.softwareishard.com/blog/har-12-spec/#entries
 */
export function toHarEntry(exchange: Exchange, page?: string) {
  const { request: _, response: __, at, duration, parameters: ___, ...extras } = exchange;
  const address = serverAddress(exchange.request.url);
  const connection = exchange.client.connection;
  return {
    ...(page === undefined ? {} : { pageref: page }),
    startedDateTime: at,
    time: duration,
    request: requestOf(exchange),
    response: responseOf(exchange),
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: duration, receive: 0 },
    ...(address === null ? {} : { serverIPAddress: address }),
    ...(connection === null ? {} : { connection }),
    comment: `${exchange.endpoint}${exchange.reason === null ? '' : `: ${exchange.reason}`}`,
    _authwalk: extras satisfies HarExtras,
  };
}

/**
 * The log of a run: one page for each flow, one entry for each exchange. What was done to the sandbox is in
 * `_authwalk`.
 * @param version of this program
 */
export function toHar(entries: readonly LedgerEntry[], version: string) {
  const exchanges = exchangesIn(entries);
  const pages = new Map<number, string>();
  const flows = flowsOf(exchanges);
  for (const flow of flows) for (const { seq } of flow.exchanges) pages.set(seq, `flow_${flow.id}`);
  return {
    log: {
      version: '1.2',
      creator: { name: 'Authwalk', version },
      pages: flows.map((flow) => ({
        startedDateTime: flow.exchanges[0]!.at,
        id: `flow_${flow.id}`,
        title: flow.title,
        pageTimings: {},
      })),
      entries: exchanges.map((exchange) => toHarEntry(exchange, pages.get(exchange.seq))),
      _authwalk: { changes: entries.filter(isChange) },
    },
  };
}
