/** Which step of an authorization an exchange is, and what it asks for and makes there. */
import type { Exchange } from '../types.ts';
import {
  formOf,
  headerOf,
  jsonOf,
  ownMember,
  queryOf,
  scalar,
  type WithMessages,
  type WithRequest,
} from './message.ts';

/** The steps of an authorization, from the first refusal to the end of what was granted. */
export type Step =
  | 'challenge'
  | 'discovery'
  | 'registration'
  | 'authorization'
  | 'device'
  | 'token'
  | 'call'
  | 'refresh'
  | 'introspection'
  | 'revocation'
  | 'logout';

const STEPS: Readonly<Record<string, Step>> = {
  prm: 'discovery',
  'as-metadata': 'discovery',
  jwks: 'discovery',
  register: 'registration',
  registration: 'registration',
  par: 'authorization',
  authorize: 'authorization',
  consent: 'authorization',
  device: 'device',
  activate: 'device',
  introspect: 'introspection',
  revoke: 'revocation',
  logout: 'logout',
};

/** Endpoints that take access tokens. */
export const RESOURCE_ENDPOINTS: ReadonlySet<string> = new Set([
  'mcp',
  'bearer',
  'no-auth',
  'resource',
  'admin-resource',
  'userinfo',
]);

/** The step that an exchange belongs to; null if it is beside the way. */
export function stepOf(exchange: WithMessages & Pick<Exchange, 'endpoint'>): Step | null {
  const { endpoint, request, response } = exchange;
  if (request.method === 'OPTIONS') return null;
  if (endpoint === 'token') return formOf(exchange).get('grant_type') === 'refresh_token' ? 'refresh' : 'token';
  if (!RESOURCE_ENDPOINTS.has(endpoint)) return STEPS[endpoint] ?? null;
  return response?.status === 401 && headerOf(request, 'authorization') === null ? 'challenge' : 'call';
}

/** The scopes that the request asks for; null if it has no `scope`. */
export function scopeOf(exchange: WithRequest): readonly string[] | null {
  const sent = formOf(exchange).getAll('scope');
  const all = sent.length > 0 ? sent : queryOf(exchange).getAll('scope');
  const text = all.length > 0 ? all.join(' ') : scalar(ownMember(jsonOf(exchange.request), 'scope'));
  return text === null ? null : text.split(' ').filter((scope) => scope !== '');
}

/** The trace id of a `traceparent` header; null if there is none. @see https://www.w3.org/TR/trace-context/ */
export function traceIdOf({ request }: WithRequest): string | null {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/.exec(
    headerOf(request, 'traceparent') ?? '',
  );
  return match?.[1] ?? null;
}

/**
 * How long the code lives that this exchange made, in seconds, as the server recorded it; null if it made none.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2
 */
export function codeLifetimeOf(exchange: Pick<Exchange, 'between'>): number | null {
  const lives = exchange.between.find(({ check }) => check === 'code-made')?.evidence?.lives;
  return typeof lives === 'number' ? lives : null;
}
