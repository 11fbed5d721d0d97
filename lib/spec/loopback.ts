/**
 * What counts as this machine: the one place that decides it.
 *
 * Beside the loopback addresses and `localhost`, every name below `.localhost` counts (RFC 6761 §6.3),
 * and the host names that the operator lists in `AUTHWALK_ALLOWED_HOSTS`.
 */

const NONE: ReadonlySet<string> = new Set();

/** An IPv4 address of 127.0.0.0/8. */
const LOOPBACK_V4 = /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** A name below `.localhost`, of labels none of which is empty. */
const BELOW_LOCALHOST = /^(?:[^.]+\.)+localhost$/;

/**
 * Whether a host means this machine by its own name, whatever the operator allows.
 * @param host as a URL or a `Host` header has it, without the port; IPv6 with or without brackets
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export function isLoopbackName(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || name === '::1') return true;
  return BELOW_LOCALHOST.test(name) || LOOPBACK_V4.test(name);
}

/**
 * Whether a host means this machine, or is listed by the operator.
 * @param allowed host names in lower case that count as loopback (`AUTHWALK_ALLOWED_HOSTS`)
 */
export function isLoopbackHost(host: string, allowed: ReadonlySet<string> = NONE): boolean {
  return isLoopbackName(host) || allowed.has(host.toLowerCase());
}

/** Whether an address of a socket is of this machine; IPv4 mapped into IPv6 counts. */
export function isLoopbackPeer(address: string): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain === '::1' || LOOPBACK_V4.test(plain);
}

/** `host[:port]` as a `Host` header or an authority has it, in lower case; null if it is none. */
export function parseHost(host: string | null): { hostname: string; host: string } | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host ?? '');
  if (!match?.[1]) return null;
  if (match[2] !== undefined && Number(match[2]) > 65_535) return null;
  const hostname = match[1].toLowerCase();
  const port = match[2] === undefined ? '' : `:${Number(match[2])}`;
  return { hostname, host: hostname + port };
}

/** Whether an origin, as the header `Origin` has it, is `http` or `https` on this machine, at any port. */
export function isLoopbackOrigin(origin: string, allowed: ReadonlySet<string> = NONE): boolean {
  const match = /^https?:\/\/([^/?#]+)$/i.exec(origin);
  const parsed = parseHost(match?.[1] ?? null);
  return parsed !== null && isLoopbackHost(parsed.hostname, allowed);
}
