/**
 * Stands before every page: makes the nonce and the policy that goes with it. This is the one place
 * where a nonce is made; Next reads it from the request's policy and puts it on its own scripts.
 */
import { type NextRequest, NextResponse } from 'next/server';

const development = process.env.NODE_ENV === 'development';

/** The policy of a page. @see docs/decisions for where the nonce is made */
function policy(nonce: string, pathname: string): string {
  const consent = pathname.startsWith('/consent/');
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Styles that React and the components set on elements are attributes, which no nonce reaches.
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // Chromium holds the whole redirect chain after a form to form-action: consent goes without.
    ...(consent ? [] : ["form-action 'self'"]),
  ].join('; ');
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const { pathname } = request.nextUrl;
  const content = policy(nonce, pathname);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', content);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', content);
  response.headers.set('referrer-policy', 'same-origin');
  return response;
}

export const config = {
  matcher: [
    {
      source:
        '/((?!_next/static|_next/image|\\.well-known|oauth|s/|api/|mcp|bearer|no-auth|clients/|health|ready|metrics|openapi.json|swagger-ui|activate|protocol).*)',
    },
  ],
};
