/** Which headers of a recorded request a person would write, so that sending it again means the same. */
import { headerOf } from '../read.ts';
import { isKept } from '../kept.ts';
import type { Headers, HttpRequest } from '../types.ts';

/** Written by whatever sends the request: they belong to the connection. Cookies are never recorded. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'keep-alive',
  'te',
  'expect',
  'upgrade',
  'upgrade-insecure-requests',
  'priority',
  'dnt',
  'cookie',
  'traceparent',
  'tracestate',
]);
/** Written by a browser without being asked. From any other client they were meant. */
const OF_A_BROWSER: ReadonlySet<string> = new Set([
  'accept-language',
  'cache-control',
  'pragma',
  'origin',
  'referer',
  'user-agent',
]);

/** The headers that the client chose, and whose values were recorded. */
export function ownHeaders(request: HttpRequest): Headers {
  const isBrowser = headerOf(request, 'sec-fetch-mode') !== null;
  return request.headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (OF_THE_CONNECTION.has(lower) || lower.startsWith('sec-')) return false;
    return isKept(value) && !(isBrowser && OF_A_BROWSER.has(lower));
  });
}
