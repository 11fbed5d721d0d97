/**
 * Which redirect URIs a registration may hold: the knob `registration.redirectPolicy`.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.3.1
 */
import type { SandboxConfig } from '#lib/config/config.ts';
import { isLoopbackHost } from '#lib/spec/loopback.ts';

export type RedirectPolicy = SandboxConfig['registration.redirectPolicy'];

/** Schemes that a browser executes or reads from its own disk: an answer sent there runs, or is lost. */
export const DANGEROUS_SCHEMES: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'blob:',
  'file:',
  'vbscript:',
  'about:',
  'filesystem:',
  'view-source:',
  'jscript:',
  'livescript:',
  'mocha:',
  'mhtml:',
  'res:',
]);

/**
 * Schemes that have a meaning of their own, so that no application receives an answer there: private-use schemes are
 * those that an application makes for itself.
 * @see https://datatracker.ietf.org/doc/html/rfc8252#section-7.1
 */
const FOREIGN_SCHEMES: ReadonlySet<string> = new Set([
  'chrome:',
  'cid:',
  'feed:',
  'ftp:',
  'ftps:',
  'geo:',
  'gopher:',
  'intent:',
  'jar:',
  'ldap:',
  'ldaps:',
  'magnet:',
  'mailto:',
  'mid:',
  'ms-msdt:',
  'news:',
  'nfs:',
  'nntp:',
  'resource:',
  'search-ms:',
  'sftp:',
  'sip:',
  'sips:',
  'smb:',
  'sms:',
  'ssh:',
  'tag:',
  'tel:',
  'telnet:',
  'urn:',
  'ws:',
  'wss:',
]);

/**
 * Why the policy does not accept a well-formed URI, or null if it does.
 * @param applicationType `web` or `native`
 * @param allowedHosts host names that count as loopback beside the real ones
 */
export function refusedBy(
  policy: RedirectPolicy,
  uri: string,
  applicationType: string,
  allowedHosts?: ReadonlySet<string>,
): string | null {
  const url = new URL(uri);
  if (DANGEROUS_SCHEMES.has(url.protocol)) return `has the scheme ${url.protocol.slice(0, -1)}, which browsers execute`;
  if (FOREIGN_SCHEMES.has(url.protocol) && policy !== 'any')
    return `has the scheme ${url.protocol.slice(0, -1)}, at which no application receives an answer`;
  if (policy === 'closed') return 'is refused: this server accepts no redirect URI at all';
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  const loopback = web && isLoopbackHost(hostAsWritten(uri, url), allowedHosts);
  if (web && url.hostname === '') return 'names no host';
  // "A sender MUST NOT generate the userinfo subcomponent" in a field such as Location (RFC 9110 §4.2.4).
  if (web && /^[^:]*:\/\/[^/?#]*@/.test(uri) && policy !== 'any')
    return 'has a user part before its host, which HTTP forbids and which hides where it leads';
  if (url.protocol === 'http:' && !loopback && policy !== 'any') return 'is http and not loopback';
  if (policy === 'no-loopback' && loopback) return 'is loopback, which this server does not accept';
  if (policy === 'no-private-scheme' && !web) return 'has a private-use scheme, which this server does not accept';
  if (policy === 'oidc' && applicationType === 'web') {
    if (loopback) return 'is loopback, which is for application_type native; it was web';
    if (url.protocol !== 'https:') return 'is not https, which application_type web demands';
  }
  return null;
}

/**
 * The host as it stands in the URI: `127.1` and `0x7f.0.0.1` are names by RFC 3986, whatever a browser makes of them.
 * Only of IPv6 the parsed form is taken, which has one spelling.
 */
function hostAsWritten(uri: string, url: URL): string {
  if (url.hostname.startsWith('[')) return url.hostname;
  return /^[^:]*:\/\/(?:[^/?#]*@)?([^/?#:]*)/.exec(uri)?.[1] ?? url.hostname;
}
