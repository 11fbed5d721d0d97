/**
 * Documents go out compressed with Brotli if their reader takes it, a sixth smaller than with gzip. Those that are read
 * go out without the framework's scripts: the first page, the reference, the scenarios, the documents and kept reports.
 *
 * Nothing on these is a client component: what moves is in `public/first.js` and `public/pages.js`, a few kilobytes.
 * The framework's runtime would be two thirds of all that a reader transfers, and would do nothing. On platforms
 * without `server.ts` the pages go out whole, and work the same.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Scripts of the framework: its chunks, and what is inlined for it. Those of `public/` stay. */
const SCRIPT = /<script\b(?![^>]*\ssrc="\/(?!_next\/))[^>]*>[\s\S]*?<\/script>/g;
const PRELOAD = /<link\b[^>]*\brel="(?:modulepreload|preload)"[^>]*\bas="script"[^>]*\/?>/g;

/** The page without what only the framework's runtime reads. */
export function withoutRuntime(html: string): string {
  return html.replace(SCRIPT, '').replace(PRELOAD, '');
}

const STILL = /^\/(?:(?:reference|scenarios|reports|docs)(?:\/[^?.]*)?)?(?:\?|$)/;

/** Whether a browser asks for a document: not for the parts that Next's router fetches, nor for a file. */
export function asksForDocument(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.headers.rsc === undefined &&
    /\btext\/html\b/.test(request.headers.accept ?? '') &&
    !(request.url ?? '').startsWith('/_next/')
  );
}

/** Whether the document at an address is only read. */
export const isStill = (url: string): boolean => STILL.test(url);

/**
 * Lets a handler write the document, and sends it smaller.
 * @param handle writes to the response that it is given
 */
export async function sendDocument(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  const accepts = String(request.headers['accept-encoding'] ?? '');
  delete request.headers['accept-encoding'];
  const chunks: Buffer[] = [];
  const { write, end, writeHead, flushHeaders } = response;
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string')
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const done = new Promise<void>((resolve) => {
    response.flushHeaders = () => undefined;
    response.writeHead = ((status: number, ...rest: (string | OutgoingHttpHeaders | undefined)[]) => {
      response.statusCode = status;
      const headers = rest.find((part) => typeof part === 'object');
      for (const [name, value] of Object.entries(headers ?? {}))
        if (value !== undefined) response.setHeader(name, value);
      return response;
    }) as typeof response.writeHead;
    response.write = ((chunk: unknown, encoding?: unknown, callback?: () => void) => {
      keep(chunk, encoding);
      const called = typeof encoding === 'function' ? (encoding as () => void) : callback;
      if (called) queueMicrotask(called);
      return true;
    }) as typeof response.write;
    response.end = ((chunk?: unknown, encoding?: unknown) => {
      keep(chunk, encoding);
      resolve();
      return response;
    }) as typeof response.end;
    response.once('close', resolve);
  });
  // A handler may wait until its answer has gone out, which is not before it is sent below.
  const handled = handle(request, response);
  await Promise.race([done, handled.then(() => done)]);
  Object.assign(response, { write, end, writeHead, flushHeaders });
  if (response.destroyed) return;
  const whole = Buffer.concat(chunks);
  const isPage = response.statusCode === 200 && String(response.getHeader('content-type')).startsWith('text/html');
  const body = isPage && isStill(request.url ?? '') ? Buffer.from(withoutRuntime(whole.toString('utf8'))) : whole;
  await sendCompressed(response, body, accepts);
  await handled;
}

async function sendCompressed(response: ServerResponse, body: Buffer, accepts: string): Promise<void> {
  const way = /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : null;
  const sent =
    way === 'br'
      ? await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : way === 'gzip'
        ? await zip(body)
        : body;
  if (way !== null) response.setHeader('Content-Encoding', way);
  const vary = String(response.getHeader('vary') ?? '');
  if (!/accept-encoding/i.test(vary))
    response.setHeader('Vary', vary === '' ? 'Accept-Encoding' : `${vary}, Accept-Encoding`);
  response.setHeader('Content-Length', sent.byteLength);
  response.end(sent);
}
