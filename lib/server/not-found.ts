/** HTML only if `Accept` names it: the page that says that there is no page becomes JSON for everybody else. */
import type { ServerResponse } from 'node:http';
import { errorUri } from '#lib/http/errors.ts';

/**
 * Watches an answer of the pages: a 404 as HTML leaves as JSON instead.
 * @param origin for `error_uri`
 */
export function jsonIfNotFound(response: ServerResponse, origin: string): void {
  const { writeHead, write, end } = response;
  const body = Buffer.from(
    JSON.stringify({
      error: 'not_found',
      error_description: 'There is nothing at this address.',
      error_uri: errorUri(origin, 'not_found'),
    }),
  );
  let replaced = false;
  response.writeHead = function (this: ServerResponse, ...rest: Parameters<ServerResponse['writeHead']>) {
    const [status] = rest;
    if (status !== 404 || !String(response.getHeader('content-type') ?? '').startsWith('text/html'))
      return writeHead.apply(response, rest);
    replaced = true;
    for (const name of ['content-encoding', 'etag', 'link']) response.removeHeader(name);
    // A length that was removed is not added again, and without one the connection would end with the answer.
    response.setHeader('Content-Length', body.length);
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
    return writeHead.call(response, 404);
  } as ServerResponse['writeHead'];
  response.write = ((...rest: Parameters<ServerResponse['write']>) => {
    if (!response.headersSent) response.writeHead(response.statusCode);
    if (!replaced) return write.apply(response, rest);
    const callback = rest.find((part): part is () => void => typeof part === 'function');
    if (callback) queueMicrotask(callback);
    return true;
  }) as ServerResponse['write'];
  response.end = ((...rest: Parameters<ServerResponse['end']>) => {
    if (!response.headersSent) response.writeHead(response.statusCode);
    if (!replaced) return end.apply(response, rest);
    return end.call(response, body, 'utf8');
  }) as ServerResponse['end'];
}
