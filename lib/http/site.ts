/**
 * Which origin a request was made to, and whether it may be answered at all.
 *
 * A local instance answers to loopback names only, so that no page elsewhere can reach it under a
 * name of its own (DNS rebinding); a public one ignores `Host` and knows itself by `PUBLIC_URL`.
 */
import type { Site } from './parts.ts';

/** Paths that answer whatever the `Host`: probes call them by address. */
const PROBES: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

/** Whether a host name, without its port, is this machine. Names are compared in lower case. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase();
  if (name === 'localhost' || name === '[::1]' || name === '::1' || name === '127.0.0.1') return true;
  return /^127\.(?:\d{1,3}\.){2}\d{1,3}$/.test(name) && name.split('.').every((part) => Number(part) < 256);
}

/** `host[:port]` as a `Host` header or an authority has it, or null where it is none. */
export function parseHost(host: string | null): { hostname: string; host: string } | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host ?? '');
  if (!match?.[1]) return null;
  const hostname = match[1].toLowerCase();
  const port = match[2] === undefined ? '' : `:${Number(match[2])}`;
  return { hostname, host: hostname + port };
}

export type SiteVerdict =
  | { readonly ok: true; readonly origin: string }
  | {
      readonly ok: false;
      readonly status: 421 | 403;
      readonly reason: 'host' | 'origin';
      readonly says: string /** Where it came in, as far as that can be believed: for links. */;
      readonly origin: string;
    };

/**
 * Holds a request to the rules on `Host` and `Origin`.
 * @param host the `Host` header, else the authority of the request's URL
 * @param originHeader the `Origin` header, or null
 * @param pathname of the request, for the probes
 * @returns the origin that the request was made to, without a trailing slash, or why it is refused
 */
export function judgeSite(site: Site, host: string | null, originHeader: string | null, pathname: string): SiteVerdict {
  if (site.isPublic && site.publicUrl !== null) return { ok: true, origin: site.publicUrl };
  const parsed = parseHost(host);
  const loopback = parsed !== null && isLoopbackHost(parsed.hostname);
  const origin = site.publicUrl ?? `http://${loopback ? parsed.host : 'localhost'}`.replace(/:80$/, '');
  if (!loopback && !PROBES.has(pathname)) {
    return {
      ok: false,
      status: 421,
      reason: 'host',
      origin,
      says: 'This server answers to loopback hosts only, such as localhost. Set PUBLIC_URL to the origin that users see to serve it under another name.',
    };
  }
  if (originHeader !== null && !isLoopbackOrigin(originHeader)) {
    return {
      ok: false,
      status: 403,
      reason: 'origin',
      origin,
      says: 'This server takes requests from pages on loopback origins only. Set PUBLIC_URL to open it to other origins.',
    };
  }
  return { ok: true, origin };
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/?#]+)$/i.exec(origin);
  const parsed = parseHost(match?.[1] ?? null);
  return parsed !== null && isLoopbackHost(parsed.hostname);
}
