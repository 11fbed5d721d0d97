/**
 * Runs before every page: makes the nonce and the policy that goes with it. This is the one place
 * where a nonce is made; Next reads it from the policy of the request and adds it to its own scripts.
 *
 * On platforms without `server.ts` it also sends protocol requests to their one route handler, by the same
 * decision as the entry.
 */
import { asksForPage } from '#lib/http/claims.ts';
import { getContainer } from '#lib/server/current.ts';
import { type NextRequest, NextResponse } from 'next/server';

const development = process.env.NODE_ENV === 'development';

/** The reader's own machine: the one track in which their own MCP server may stand in for ours calls it. */
const OWN_SERVERS = ['http', 'https']
  .flatMap((scheme) => [`${scheme}://localhost:*`, `${scheme}://127.0.0.1:*`])
  .join(' ');
const callsOwnServers = (pathname: string): boolean => /^\/guide\/own-server(?:\/|$)/.test(pathname);

/** The policy of a page. @see docs/decisions for where the nonce is made */
function policy(nonce: string, pathname: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Styles that React and the components set on elements are attributes, which no nonce reaches.
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}${callsOwnServers(pathname) ? ` ${OWN_SERVERS}` : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
}

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const { pathname } = request.nextUrl;
  const wantsPage = asksForPage((name) => request.headers.get(name));
  const { claims } = await getContainer();
  if (claims.isProtocol(request.method, pathname, wantsPage)) return toProtocol(request);
  const content = policy(nonce, pathname);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', content);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', content);
  response.headers.set('referrer-policy', 'same-origin');
  return response;
}

/** The application, as a route handler: `app/protocol`. It answers with a policy of its own. */
function toProtocol(request: NextRequest): NextResponse {
  if (request.nextUrl.pathname.startsWith('/protocol/')) return NextResponse.next();
  const url = request.nextUrl.clone();
  url.pathname = `/protocol${url.pathname}`;
  return NextResponse.rewrite(url);
}

export const config = {
  matcher: ['/((?!_next/static|_next/image).*)'],
};
