import type { SandboxConfig } from '#lib/config/config.ts';
import { isLoopbackHost } from '#lib/spec/loopback.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface RedirectUri {
  readonly registered: readonly string[];
  /** As the request has it; undefined if it has none. */
  readonly got: string | undefined;
  /** Whether nobody registered it, and the request's own word is taken for it. */
  readonly assumed?: boolean;
  readonly match: SandboxConfig['authorize.redirectMatch'];
  readonly port: SandboxConfig['authorize.redirectPort'];
  /** Host names that count as loopback beside the real ones. */
  readonly allowedHosts?: ReadonlySet<string> | undefined;
}

/**
 * The answer goes to an address that the client registered, letter by letter; of a loopback address
 * the port may differ, since a program on the desktop takes whichever is free.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-2.1 "authorization servers MUST utilize exact
 *   string matching except for port numbers in localhost redirection URIs of native apps"
 */
export const redirectUri: Check<RedirectUri> = {
  name: 'redirect-uri',
  says: ({ registered, got, assumed, match, port, allowedHosts }) => {
    if (assumed === true) return 'Nobody registered a redirect URI, so the one of the request will do';
    if (got === undefined && registered.length === 1) return 'No redirect URI came, and one is registered';
    if (got !== undefined && !registered.includes(got)) {
      if (registered.some((one) => sameRedirectUri(one, got, port, allowedHosts)))
        return 'The redirect URI is registered, but for its port, which may differ on the user’s own machine';
      if (match === 'prefix' && registered.some((one) => samePrefix(one, got)))
        return 'The redirect URI begins as a registered one, which is enough here';
    }
    return 'The redirect URI is registered, letter by letter';
  },
  clause: 'rfc9700-4.1.3',
  test({ registered, got, match, port, allowedHosts }) {
    if (got === undefined && registered.length > 1) {
      throw new OAuthError('invalid_request', {
        reason: 'redirect-uri-missing',
        delivery: { kind: 'page' },
        description: 'The parameter redirect_uri is required, since the client registered several.',
        evidence: { expected: registered, got: null },
      });
    }
    const wanted = got ?? registered[0];
    const isOne = (same: (one: string, other: string) => boolean): boolean =>
      wanted !== undefined && registered.some((one) => same(one, wanted));
    if (isOne((one, other) => sameRedirectUri(one, other, port, allowedHosts)))
      return { expected: registered, got: wanted };
    // Let through without the comparison that this check is.
    if (match === 'prefix' && isOne(samePrefix)) return { asked: false, expected: registered, got: wanted };
    throw new OAuthError('invalid_request', {
      reason: 'redirect-uri-unregistered',
      delivery: { kind: 'page' },
      description: 'The redirect_uri is not one that the client registered.',
      evidence: { expected: registered, got: wanted?.slice(0, 500) ?? null },
    });
  },
};

/** `http`, a host, a port or none, and the rest; nothing before the host, no fragment. */
const HTTP = /^http:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?([/?][^#]*)?$/;

/**
 * Whether two redirect URIs are the same: as strings, except for the port of a loopback one if `port` allows that.
 * @see https://datatracker.ietf.org/doc/html/rfc8252#section-7.3
 */
export function sameRedirectUri(
  registered: string,
  got: string,
  port: RedirectUri['port'],
  allowedHosts?: ReadonlySet<string>,
): boolean {
  if (registered === got) return true;
  if (port === 'exact') return false;
  const one = HTTP.exec(registered);
  const other = HTTP.exec(got);
  if (!one || !other || one[1] !== other[1] || one[3] !== other[3]) return false;
  const host = one[1]!;
  if (!isLoopbackHost(host, allowedHosts)) return false;
  // Only a literal address is certain to be this machine (RFC 8252 §8.3).
  if (port === 'loopback-ip' && !/^(?:127\.|\[)/.test(host)) return false;
  return other[2] === undefined || Number(other[2]) <= 65_535;
}

/** Whether a redirect URI leads to a program on the user's own machine. */
export function isLoopbackRedirect(uri: string, allowedHosts?: ReadonlySet<string>): boolean {
  const host = HTTP.exec(uri)?.[1];
  return host !== undefined && isLoopbackHost(host, allowedHosts);
}

/** The comparison of an attack lab, and a hole: what begins with scheme and host of a registered one. */
function samePrefix(registered: string, got: string): boolean {
  const prefix = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:]+/i.exec(registered)?.[0];
  return prefix !== undefined && got.startsWith(prefix) && URL.canParse(got);
}
