/** Target and `Host` of a request, brought into the form that the rest of the server reads. */
import type { IncomingMessage } from 'node:http';
import { parseHost } from '#lib/spec/loopback.ts';

/** Authority, and path with query. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)/i;

/**
 * Makes path and query of a target in absolute form, and its authority the `Host`: a server "MUST accept the
 * absolute-form", and "MUST ignore the received Host header field (if any) and instead use the host information of the
 * request-target". A request of HTTP/1.0 that names no host is for the port that it came to.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function readTarget(request: IncomingMessage): void {
  const absolute = ABSOLUTE.exec(request.url ?? '');
  const { host } = request.headers;
  if (absolute !== null) {
    const [, authority = '', rest = ''] = absolute;
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    setHost(request, authority);
  } else if (host === undefined) setHost(request, `localhost:${request.socket.localPort ?? ''}`);
  // A port may be empty (RFC 3986 §3.2.3), and is then the usual one.
  else if (host.endsWith(':')) setHost(request, host.slice(0, -1));
}

/** Whether `Host` is one by its grammar, in the spelling that a URL has. */
export function isReadableHost(host: string | undefined): boolean {
  const parsed = parseHost(host ?? null);
  if (parsed === null || !URL.canParse(`http://${parsed.host}`)) return false;
  return !parsed.hostname.startsWith('[') || new URL(`http://${parsed.host}`).hostname === parsed.hostname;
}

/** Replaces `Host` wherever it is read. */
export function setHost(request: IncomingMessage, host: string): void {
  request.headers.host = host;
  const { rawHeaders } = request;
  let found = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() !== 'host') continue;
    rawHeaders[at + 1] = host;
    found = true;
  }
  if (!found) rawHeaders.push('Host', host);
}
