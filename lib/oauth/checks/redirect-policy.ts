/**
 * Which redirect URIs a registration may hold: the knob `registration.redirectPolicy`.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.3.1
 */
import type { SandboxConfig } from '#lib/config/config.ts';

export type RedirectPolicy = SandboxConfig['registration.redirectPolicy'];

/** Schemes that a browser executes or reads from its own disk: an answer sent there runs, or is lost. */
const DANGEROUS: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'blob:',
  'file:',
  'vbscript:',
  'about:',
  'filesystem:',
  'view-source:',
]);

/** What is wrong with the form of the URI itself, or null. */
export function malformed(uri: string): string | null {
  if (uri.length > 2000) return 'is longer than 2000 characters';
  // What a URL parser would repair in silence is refused: the string is what is compared later.
  if (/[\s\p{Cc}\\]/u.test(uri)) return 'holds a space, a control character or a backslash';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri) || !URL.canParse(uri)) return 'is not an absolute URI';
  return uri.includes('#') ? 'has a fragment' : null;
}

/**
 * Why the policy does not take a well-formed URI, or null where it does.
 * @param applicationType `web` or `native`
 */
export function refusedBy(policy: RedirectPolicy, uri: string, applicationType: string): string | null {
  const url = new URL(uri);
  if (DANGEROUS.has(url.protocol)) return `has the scheme ${url.protocol.slice(0, -1)}, which browsers execute`;
  if (policy === 'closed') return 'is refused: this server takes no redirect URI at all';
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  const loopback = web && isLoopbackHost(url.hostname);
  if (web && url.hostname === '') return 'names no host';
  if (url.protocol === 'http:' && !loopback && policy !== 'any') return 'is http and not loopback';
  if (policy === 'no-loopback' && loopback) return 'is loopback, which this server does not take';
  if (policy === 'no-private-scheme' && !web) return 'has a private-use scheme, which this server does not take';
  if (policy === 'oidc' && applicationType === 'web') {
    if (loopback) return 'is loopback, which is for application_type native; it was web';
    if (url.protocol !== 'https:') return 'is not https, which application_type web demands';
  }
  return null;
}

/** Whether the host is this machine itself. @param hostname as `URL` gives it */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
