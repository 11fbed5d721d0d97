/** Headers that every protocol answer carries, and the rules of sharing across origins. */
import type { EngineRequest } from '#lib/oauth/context.ts';
import { FORM_POST_POLICY } from '#lib/pages/form-post.ts';
import type { SandboxConfig } from '#lib/config/config.ts';

/** What a page of another origin may read. */
const EXPOSED =
  'WWW-Authenticate, DPoP-Nonce, Retry-After, RateLimit, RateLimit-Policy, RateLimit-Limit, ' +
  'RateLimit-Remaining, RateLimit-Reset, Mcp-Session-Id, Location';

/** No script, no frame, no origin: a protocol answer opened in a browser can do nothing. */
const POLICY = "sandbox; default-src 'none'";
/** The few pages among protocol answers: the same, with the stylesheet of this server. */
const PAGE_SOURCES = "style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const PAGE_POLICY = `${POLICY}; ${PAGE_SOURCES}`;

/**
 * Sets what no handler and no fault may change. Called last.
 *
 * A page that the user acts on (a form, a link to an application's own scheme) brings a policy of
 * its own, which allows that and no script; the page of `form_post` runs its one script; every other answer gets the
 * same one.
 * @param from who wrote the answer: a page of this server that succeeds may keep its policy
 */
export function setSecurityHeaders(headers: Headers, from: 'page' | 'error page' | 'other'): void {
  const own = headers.get('content-security-policy');
  const kept =
    from === 'page' &&
    own !== null &&
    (own === FORM_POST_POLICY ||
      (own.startsWith('sandbox') && own.includes("default-src 'none'") && !own.includes('allow-scripts')));
  headers.set('content-security-policy', kept ? own : from === 'other' ? POLICY : PAGE_POLICY);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-frame-options', 'DENY');
  if (!kept || !headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer');
}

/** What pages of other origins may do: the knob `cors`, or `closed` for what carries the cookie. */
export type Sharing = SandboxConfig['cors'] | 'closed';

/**
 * Says what pages of other origins may do with an answer.
 * @param origin of the page that asks, if it may send credentials; null: it may not
 */
export function setCorsHeaders(headers: Headers, sharing: Sharing, origin: string | null): void {
  if (sharing === 'none' || sharing === 'closed') return;
  if (sharing === 'credentials') vary(headers, 'Origin');
  if (sharing === 'credentials' && origin !== null) {
    headers.set('access-control-allow-origin', origin);
    headers.set('access-control-allow-credentials', 'true');
  } else headers.set('access-control-allow-origin', '*');
  if (sharing !== 'no-expose') headers.set('access-control-expose-headers', EXPOSED);
}

/**
 * The answer to a preflight: 204, with the methods of the route and the asked headers echoed. Its CORS headers are
 * set with those of every answer.
 * @param allowed methods of the route, as `Allow` has them
 */
export function preflight(request: EngineRequest, allowed: readonly string[], sharing: Sharing): Response {
  const headers = new Headers({ allow: allowed.join(', ') });
  if (sharing !== 'none' && sharing !== 'closed') {
    headers.set('access-control-allow-methods', allowed.join(', '));
    const asked = request.headers.get('access-control-request-headers');
    if (asked) headers.set('access-control-allow-headers', asked);
    headers.set('access-control-max-age', '600');
    headers.set('vary', 'Access-Control-Request-Headers');
  }
  return new Response(null, { status: 204, headers });
}

/** Adds a name to `Vary` unless it stands there. */
export function vary(headers: Headers, name: string): void {
  const present = headers.get('vary');
  if (present === null) headers.set('vary', name);
  else if (
    !present
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(name.toLowerCase())
  )
    headers.set('vary', `${present}, ${name}`);
}
