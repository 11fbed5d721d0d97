/** The sixth step: the headers that every response carries. */
import { setCookie } from '../cookies.ts';
import { setCorsHeaders, setSecurityHeaders } from '../headers.ts';
import { isLoopbackOrigin } from '#lib/spec/loopback.ts';
import { sharingOf, type Visit } from '../visit.ts';

/** Seconds after which to try again, if nothing says it better. */
const RETRY = 5;

/** Adds the headers every response carries: CORS, limits, cookie, policy. No handler can change them. */
export function dress(visit: Visit): void {
  if (visit.dropped) return;
  const { route, cookie, origin, limits } = visit;
  const response = writable(visit.response!);
  const { headers } = response;
  // What a fault sets acts as it is written.
  const scripted =
    visit.fault === null
      ? []
      : FAULT_MAY_SET.filter((name) => setByFault(visit, name)).map((name) => [name, headers.get(name)] as const);
  setCorsHeaders(headers, sharingOf(visit), credentialsFor(visit));
  if (!visit.scripted && (response.status === 429 || response.status === 503) && !headers.has('retry-after'))
    headers.set('retry-after', String(RETRY));
  // A refusal by the limit of the sandbox carries its own.
  for (const name in limits) if (!headers.has(name)) headers.set(name, limits[name]!);
  for (const [name, value] of scripted) if (value !== null) headers.set(name, value);
  if (cookie !== null) headers.append('set-cookie', setCookie(cookie, origin));
  if (route.ownPolicy && authorOf(visit, response) !== 'other') headers.set('x-content-type-options', 'nosniff');
  else setSecurityHeaders(headers, authorOf(visit, response));
  visit.response = response;
}

/** Headers that this step sets, and a fault may. */
const FAULT_MAY_SET = ['access-control-expose-headers', 'ratelimit', 'ratelimit-policy', 'retry-after'];

function setByFault({ fault }: Visit, header: string): boolean {
  return Object.keys(fault?.effect.headers ?? {}).some((name) => name.toLowerCase() === header);
}

/** The origin of the page that asks, if it may send its cookies: one on loopback. */
function credentialsFor({ request, parts }: Visit): string | null {
  const asking = request.headers.get('origin');
  return asking !== null && isLoopbackOrigin(asking, parts.site.allowedHosts) ? asking : null;
}

/** Who wrote the answer: only a page of this server may keep a policy of its own. */
function authorOf({ route, scripted }: Visit, { headers, status }: Response): 'page' | 'error page' | 'other' {
  if (scripted || !(headers.get('content-type') ?? '').startsWith('text/html')) return 'other';
  if (route.links && status < 400) return 'page';
  if (route.page && (status < 400 || headers.get('content-security-policy')?.includes('allow-forms'))) return 'page';
  return 'error page';
}

/** The answer itself if its headers can be written; redirects of `Response.redirect` and fetched answers are copied. */
function writable(response: Response): Response {
  try {
    response.headers.delete('x-powered-by');
    return response;
  } catch {
    return new Response(response.body, {
      status: response.status,
      statusText: response.statusText,
      headers: new Headers(response.headers),
    });
  }
}
