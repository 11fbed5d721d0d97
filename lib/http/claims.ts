/** Which requests are the protocol's, and which are for the pages. */
import { namesType } from '#lib/pages/accept.ts';

/**
 * First segments of the paths of the table. They stand here because the entry and `proxy.ts` decide before
 * anything is loaded; a test holds them against the table.
 */
export const PROTOCOL_SEGMENTS: ReadonlySet<string> = new Set([
  '.well-known',
  'oauth',
  's',
  'as2',
  'idp',
  'decoy',
  'clients',
  'mcp',
  'bearer',
  'no-auth',
  'api',
  'resource-metadata.json',
  'register',
  'authorize',
  'token',
  'introspect',
  'revoke',
  'device_authorization',
  'userinfo',
  'logout',
  'mockserver',
  'health',
  'ready',
  'metrics',
  'openapi.json',
  'schemas',
  'client-metadata.json',
  'auth',
  'events',
  'activate',
  'consent',
  'protocol',
]);

/**
 * Whether the application answers a request, and not the pages.
 * @param wantsPage whether the request asks for HTML, or for what Next's router fetches in its place
 */
export function isProtocol(method: string, pathname: string, wantsPage: boolean): boolean {
  if (pathname === '/') return !((method === 'GET' || method === 'HEAD') && wantsPage);
  const end = pathname.indexOf('/', 1);
  return PROTOCOL_SEGMENTS.has(end < 0 ? pathname.slice(1) : pathname.slice(1, end));
}

/** Whether a request for `/` is for the page: by HTML, or by Next's router, which fetches its parts. */
export function asksForPage(header: (name: string) => string | null | undefined): boolean {
  return header('rsc') != null || header('next-action') != null || namesType(header('accept'), 'text/html');
}
