import { targetOf } from '#components/exchange/target.ts';
import { toCurl } from '#lib/exchange/write/curl.ts';
import type { RequestView } from '#lib/guide/types.ts';

/** A request that was not sent yet, as it will stand on the wire. */
export function asSent(request: RequestView): string {
  const host = /^[a-z]+:\/\/([^/?#]+)/i.exec(request.url)?.[1];
  const headers = [...(host ? [['Host', host] as const] : []), ...request.headers];
  const lines = [`${request.method} ${targetOf(request.url)} HTTP/1.1`, ...headers.map((header) => header.join(': '))];
  return `${lines.join('\n')}\n${request.body === null ? '' : `\n${request.body}`}`;
}

/** The same as a command that sends it. */
export function curlOf(request: RequestView): string {
  const { method, url, headers, body } = request;
  return toCurl({ method, url, headers, body, httpVersion: '1.1' });
}
