/** The second step: the rate limit of the endpoint. And the limits that a sandbox sets for itself. */
import { claimedClientOf, namedClientOf } from '#lib/exchange/read.ts';
import { addressKey } from '#lib/oauth/requester.ts';
import { sentOf } from '#lib/sandbox/faults/match.ts';
import { limitHeaders } from '../limits.ts';
import type { Visit } from '../visit.ts';

/** @throws OAuthError 429 with `Retry-After` if nothing is left */
export function limit(visit: Visit): Promise<void> | undefined {
  const { parts, route } = visit;
  return parts.limiter.on && route.limit !== undefined ? takeOfRoute(visit, route.limit) : undefined;
}

async function takeOfRoute(visit: Visit, most: number): Promise<void> {
  const { parts, route, remoteAddress } = visit;
  visit.limits = limitHeaders(await parts.limiter.take(route.endpoint, remoteAddress, most, 60), 60);
}

/**
 * The knob `limits`, after the body: who asks may stand in it. The limits of the instance hold beside it.
 * @throws OAuthError 429 with `Retry-After` if nothing is left
 */
export function sandboxLimit(visit: Visit): Promise<void> | undefined {
  const { limits } = visit.sandbox!.config;
  if (!visit.route.recorded || Object.keys(limits).length === 0) return undefined;
  const named = visit.endpoint as keyof typeof limits;
  const rule = limits[named] ?? limits['*'];
  if (rule === undefined) return undefined;
  visit.trace.set({ acted: { kind: 'knob', name: 'limits' } });
  return take(visit, limits[named] ? named : '*', rule);
}

async function take(
  visit: Visit,
  name: string,
  { requests, seconds, per }: { requests: number; seconds: number; per: 'address' | 'client' },
): Promise<void> {
  const { parts, ctx, remoteAddress } = visit;
  const sent = sentOf(ctx!);
  const client = per === 'client' ? (namedClientOf(sent) ?? claimedClientOf(sent)) : null;
  const who = client === null ? `address ${addressKey(remoteAddress)}` : `client ${client.slice(0, 500)}`;
  const key = `${visit.sandbox!.record.id} ${who}`;
  visit.limits = limitHeaders(await parts.limiter.takeKey(`sandbox ${name}`, key, requests, seconds), seconds);
}
