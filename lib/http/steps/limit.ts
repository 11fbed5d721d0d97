/** The second step: the rate limit of the endpoint. */
import { limitHeaders } from '../limits.ts';
import type { Visit } from '../visit.ts';

/** @throws OAuthError 429 with `Retry-After` if nothing is left */
export async function limit(visit: Visit): Promise<void> {
  const { parts, route, remoteAddress } = visit;
  if (!parts.limiter.on || route.limit === undefined) return;
  visit.limits = limitHeaders(await parts.limiter.take(route.endpoint, remoteAddress, route.limit, 60), 60);
}
