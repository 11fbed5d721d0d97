/** Makes the large answers of the control API smaller: reports and records are JSON that repeats itself. */
import type { EngineRequest } from '#lib/oauth/context.ts';

/** Lists of exchanges and reports: what a page reads again and again, over whatever network. */
const LARGE = /^\/api\/(?:sandboxes|plans|reports)\/[^/]+(?:\/(?:exchanges|report))?$/;

/**
 * Compresses an answer if its reader takes gzip.
 * @returns the same answer if there is nothing to gain
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function compress(request: EngineRequest, response: Response): Response {
  const { headers, status, statusText } = response;
  if (
    request.method !== 'GET' ||
    !/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') ||
    !LARGE.test(new URL(request.url).pathname) ||
    !(headers.get('content-type') ?? '').startsWith('application/json') ||
    headers.has('content-encoding') ||
    response.body === null
  )
    return response;
  const sent = new Headers(headers);
  sent.set('Content-Encoding', 'gzip');
  sent.append('Vary', 'Accept-Encoding');
  sent.delete('Content-Length');
  return new Response(response.body.pipeThrough(new CompressionStream('gzip')), { status, statusText, headers: sent });
}
