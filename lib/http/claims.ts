/** Which requests are the protocol's, and which are for the pages. */

/** First segments of the paths that `app.ts` answers. */
const OURS: ReadonlySet<string> = new Set([
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
  'health',
  'ready',
  'metrics',
  'openapi.json',
  'swagger-ui',
  'client-metadata.json',
  'auth',
  'events',
  'activate',
  'protocol',
]);

/**
 * Whether the application answers a request, and not the pages.
 * @param wantsPage whether the request asks for HTML, or for what Next's router fetches in its place
 */
export function isProtocol(method: string, pathname: string, wantsPage: boolean): boolean {
  if (pathname === '/') return !((method === 'GET' || method === 'HEAD') && wantsPage);
  const end = pathname.indexOf('/', 1);
  return OURS.has(end < 0 ? pathname.slice(1) : pathname.slice(1, end));
}
