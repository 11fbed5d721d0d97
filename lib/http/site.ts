/**
 * Which origin a request was made to, and whether it may be answered at all.
 *
 * A local instance answers to loopback names only, and to those that the operator lists, so that no page
 * elsewhere can reach it under a name of its own (DNS rebinding). A public one ignores `Host` and knows itself by
 * `PUBLIC_URL`.
 */
import { isLoopbackHost, isLoopbackOrigin, parseHost } from '#lib/spec/loopback.ts';
import type { Site } from './parts.ts';

/** Paths that answer whatever the `Host`: probes call them by address. */
const PROBES: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

export type SiteVerdict =
  | { readonly ok: true; readonly origin: string }
  | {
      readonly ok: false;
      readonly status: 421 | 403;
      readonly reason: 'host' | 'origin';
      /** What was expected, and which variables decide it. */
      readonly says: string;
      /** Where it came in, as far as that can be believed: for links. */
      readonly origin: string;
    };

/** The parts of {@link Site} that decide. */
export type SiteRules = Pick<Site, 'publicUrl' | 'isPublic' | 'scheme' | 'allowedHosts' | 'allowedOrigins'>;

/**
 * Holds a request to the rules on `Host` and `Origin`.
 * @param host the `Host` header, else the authority of the request's URL
 * @param originHeader the `Origin` header, or null
 * @param pathname of the request, for the probes
 * @returns the origin that the request was made to, without a trailing slash, or why it is refused
 */
export function judgeSite(
  site: SiteRules,
  host: string | null,
  originHeader: string | null,
  pathname: string,
): SiteVerdict {
  if (site.isPublic && site.publicUrl !== null) return { ok: true, origin: site.publicUrl };
  const parsed = parseHost(host);
  const known = parsed !== null && isLoopbackHost(parsed.hostname, site.allowedHosts);
  const origin = site.publicUrl ?? originOf(site.scheme, parsed, known);
  if (!known && !PROBES.has(pathname)) {
    const shown = host ? (parsed?.hostname ?? 'malformed') : 'none';
    return { ok: false, status: 421, reason: 'host', origin, says: hostRefusal(site, shown) };
  }
  if (originHeader !== null && !isAllowedOrigin(site, originHeader)) {
    return {
      ok: false,
      status: 403,
      reason: 'origin',
      origin,
      says:
        'This server takes requests from pages on loopback origins only. ' +
        'AUTHWALK_ALLOWED_ORIGINS lists further ones; a public PUBLIC_URL opens it to all.',
    };
  }
  return { ok: true, origin };
}

/** An unknown host is not repeated in links; its port is, since it is ours. */
function originOf(scheme: Site['scheme'], parsed: ReturnType<typeof parseHost>, known: boolean): string {
  if (parsed === null) return `${scheme}://localhost`;
  const authority = known ? parsed.host : `localhost${parsed.host.slice(parsed.hostname.length)}`;
  return `${scheme}://${authority}`.replace(scheme === 'https' ? /:443$/ : /:80$/, '');
}

function hostRefusal({ publicUrl }: SiteRules, host: string): string {
  const fix =
    publicUrl === null
      ? 'Set PUBLIC_URL to the origin that users see, or list a name of your own network in AUTHWALK_ALLOWED_HOSTS.'
      : `It is known as ${publicUrl} (PUBLIC_URL); AUTHWALK_ALLOWED_HOSTS lists further names.`;
  return `This server answers to loopback hosts only, such as localhost; Host is ${host}. ${fix}`;
}

/** Whether a page of this origin may ask: one on loopback, or one that the operator lists. */
export function isAllowedOrigin({ allowedHosts, allowedOrigins }: SiteRules, origin: string): boolean {
  if (isLoopbackOrigin(origin, allowedHosts)) return true;
  return allowedOrigins.some((allowed) =>
    allowed.endsWith('://*')
      ? origin.toLowerCase().startsWith(allowed.slice(0, -1)) && !/[/?#\s]/.test(origin.slice(allowed.length - 1))
      : origin.toLowerCase() === allowed,
  );
}
