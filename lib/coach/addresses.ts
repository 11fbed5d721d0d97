/** Addresses as rules compare them, and those that are this sandbox's. */
import { withoutTrailing } from '#lib/spec/trailing.ts';
import { isLoopbackName, parseHost } from '#lib/spec/loopback.ts';
import type { Run } from './run.ts';

/** An address with its parts, or null if it is none. */
export function addressOf(text: string | null): URL | null {
  if (text === null || !URL.canParse(text)) return null;
  return new URL(text);
}

/** Whether a host, with or without a port, is this machine. */
export function isLoopback(host: string): boolean {
  return isLoopbackName(parseHost(host)?.hostname ?? '');
}

/** An http address of this machine, without its port; other addresses as they are. */
export function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/)([^/?#]+):\d+(?=[/?#]|$)/i, (whole, scheme: string, host: string) =>
    isLoopbackName(host) ? scheme + host : whole,
  );
}

/** Whether a redirect URI is one of a list, on this machine at any port. */
export function isListed(uri: string, list: readonly string[]): boolean {
  return list.some((one) => one === uri || withoutPort(one) === withoutPort(uri));
}

/** An identifier with what a URL library would change made equal: case of scheme and host, default port, last slash. */
export function normalized(text: string): string {
  const url = addressOf(text);
  if (url === null) return text;
  return `${url.protocol}//${url.host}${withoutSlash(url.pathname)}${url.search}`;
}

/** The issuer identifiers of the sandbox. */
export function issuersOf(run: Run): readonly string[] {
  return [run.issuer, `${run.base}/as2`, `${run.base}/idp`];
}

/** Whether a client identifier is the address of a metadata document. */
export function isUrl(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId);
}

/** Whether a resource identifier is one of this sandbox, or a parent of one. */
export function identifies(run: Run, value: string): boolean {
  const url = addressOf(value);
  const base = addressOf(run.base);
  if (url === null || base === null || value.includes('#') || url.origin !== base.origin) return false;
  const path = withoutSlash(url.pathname);
  const root = withoutSlash(base.pathname);
  return ['/mcp', '/oauth', '/bearer', '/no-auth', '/api/resource'].some(
    (resource) => `${root}${resource}` === path || `${root}${resource}/`.startsWith(`${path}/`),
  );
}

export function withoutSlash(text: string): string {
  return withoutTrailing(text, '/');
}
