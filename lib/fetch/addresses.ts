/**
 * Which network addresses a server may be sent to on a stranger's word: those of the public
 * internet, and no others.
 */
import { isLoopbackName } from '#lib/spec/loopback.ts';
import ipaddr from 'ipaddr.js';

/**
 * Addresses that look public and lead inside all the same. 168.63.129.16 is the host of every
 * Azure machine; the prefixes carry an IPv4 address, or belong to one site.
 */
const INNER = [
  '168.63.129.16/32',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fec0::/10',
].map((range) => ipaddr.parseCIDR(range));

/**
 * Whether `address` is a public unicast address. IPv6 forms that carry an IPv4 address (mapped,
 * NAT64, 6to4, Teredo) are none, whatever they carry: who writes one has something to hide.
 *
 * @param address an IPv4 or IPv6 address without brackets
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parse(address);
  if (parsed === null) return false;
  if (parsed.range() !== 'unicast') return false;
  return !INNER.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
}

/** Whether `address` is 127.0.0.0/8 or ::1. @param address an IPv4 or IPv6 address without brackets */
export function isLoopbackAddress(address: string): boolean {
  return parse(address)?.range() === 'loopback';
}

/** Whether `host`, as it stands in a URL, means this machine: a loopback name or any spelling of a loopback address. */
export function isLoopbackHost(host: string): boolean {
  const bare = bareHost(host);
  return isLoopbackName(bare) || isLoopbackAddress(bare);
}

/** Names that only mean something inside a network, and are refused before anyone resolves them. */
const INNER_NAMES = ['local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa', 'onion'];

/** Whether `host` is a name of an inner network, by its ending or for lack of one. */
export function isInnerName(host: string): boolean {
  const bare = bareHost(host);
  if (parse(bare)) return false;
  return !bare.includes('.') || INNER_NAMES.some((name) => bare === name || bare.endsWith(`.${name}`));
}

/**
 * Why an address is not fetched on anybody's word, as far as the address itself tells: a name may still resolve to one
 * that is not entered. A sentence; null if nothing speaks against it.
 * @param loopback whether this machine may be fetched, and by `http` too
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function addressProblem(address: string, loopback: boolean): string | null {
  if (!URL.canParse(address)) return 'This is not a URL.';
  const url = new URL(address);
  const host = bareHost(url.hostname);
  const here = isLoopbackHost(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && here && loopback)) return 'Only https is fetched.';
  if (url.username || url.password) return 'An address with a user name or password is not fetched.';
  if (here) return loopback ? null : 'Loopback is not fetched.';
  if (isInnerName(host)) return `${host} is a name of an inner network.`;
  const isLiteral = /^[\d.]+$/.test(host) || host.includes(':');
  return isLiteral && !isPublicAddress(host) ? `${host} is not a public address.` : null;
}

/** The host without brackets, trailing dot and capitals. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return ipaddr.IPv4.isValidFourPartDecimal(address)
    ? ipaddr.IPv4.parse(address)
    : ipaddr.IPv6.isValid(address)
      ? ipaddr.IPv6.parse(address)
      : null;
}
