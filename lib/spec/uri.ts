/**
 * URIs, by the grammar of RFC 3986 and not by what a URL parser makes of them: a parser repairs in silence, and what it
 * repaired is another string than the one that is compared later.
 * @see https://datatracker.ietf.org/doc/html/rfc3986#appendix-A
 */

const PCT = '%[0-9A-Fa-f]{2}';
const UNRESERVED_AND_SUB_DELIMS = "A-Za-z0-9\\-._~!$&'()*+,;=";
const PCHAR = `(?:[${UNRESERVED_AND_SUB_DELIMS}:@]|${PCT})`;
const QUERY = new RegExp(`^(?:[${UNRESERVED_AND_SUB_DELIMS}:@/?]|${PCT})*$`);
const PATH = new RegExp(`^(?:${PCHAR}|/)*$`);
const USERINFO = new RegExp(`^(?:[${UNRESERVED_AND_SUB_DELIMS}:]|${PCT})*$`);
const REG_NAME = new RegExp(`^(?:[${UNRESERVED_AND_SUB_DELIMS}]|${PCT})*$`);
const IP_LITERAL = /^\[[0-9A-Fa-f:.]+\]$/;

/** The parts of a URI, as they stand in it. */
const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

/** Longest URI that is taken, in characters. */
export const MAX_URI = 2000;

/**
 * What is wrong with the form of a URI that has to be absolute and without a fragment, as a clause that follows the URI
 * in a sentence; null if nothing is.
 * @see https://datatracker.ietf.org/doc/html/rfc3986#section-4.3
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.1.2
 */
export function malformed(uri: string): string | null {
  if (uri.length > MAX_URI) return `is longer than ${MAX_URI} characters`;
  if (/[^\x21-\x7E]/.test(uri)) {
    return /[\s\p{Cc}]/u.test(uri)
      ? 'holds a space or a control character'
      : 'holds characters outside ASCII, which RFC 3986 wants percent-encoded (in a host name: as punycode)';
  }
  const parts = PARTS.exec(uri);
  if (parts === null) return 'is not an absolute URI';
  const [, scheme = '', authority, path = '', query, fragment] = parts;
  if (fragment !== undefined) return 'has a fragment';
  if (!PATH.test(path) || (query !== undefined && !QUERY.test(query)))
    return 'holds a character that RFC 3986 does not allow, or a percent sign without two hexadecimal digits';
  const web = /^https?$/i.test(scheme);
  if (authority === undefined) return web ? 'names no host' : path === '' ? 'has nothing after the scheme' : null;
  return malformedAuthority(authority, web) ?? (URL.canParse(uri) ? null : 'is not an absolute URI');
}

function malformedAuthority(authority: string, web: boolean): string | null {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !USERINFO.test(authority.slice(0, at))) return 'has a user part that RFC 3986 does not allow';
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? [];
  if (!REG_NAME.test(host) && !IP_LITERAL.test(host)) return 'has a host that RFC 3986 does not allow';
  if (port !== undefined && !(/^\d{0,5}$/.test(port) && Number(port) <= 65_535)) return 'has a port that is none';
  return web && host === '' ? 'names no host' : null;
}

/** "An absolute URI, as specified by Section 4.3 of RFC 3986", without a fragment. */
export function isAbsoluteUri(value: string): boolean {
  return malformed(value) === null;
}

/** Whether a text can be the query of a URI, with its question mark or without. */
export function isQuery(text: string): boolean {
  return QUERY.test(text.replace(/^\?/, ''));
}

/** Names of the parameters in the query of a URI, decoded as a form is. */
export function queryNames(uri: string): readonly string[] {
  const query = PARTS.exec(uri)?.[4];
  return query === undefined ? [] : [...new URLSearchParams(query).keys()];
}

/** Characters that stand in no URL, and that a parser takes out or encodes in silence. */
const NO_URL = /[\s\p{Cc}\p{Cf}"<>\\^`{|}]/u;

/**
 * Why a text is no address of the web to be shown or kept, as what follows its name in a sentence; null if it is one.
 * A user part would hide its host. Whether it may be fetched is another question: `addressProblem` of lib/fetch.
 */
export function webAddressProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || NO_URL.test(text)) return 'must be an http or https URL';
  const { username, password } = new URL(text);
  return username + password === '' ? null : 'must have no user name or password';
}
