/** How many sandboxes may be made on a public instance, by an address and by the participants of a class. */
import type { Context } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { bearerToken } from './control.ts';
import { limitHeaders } from './limits.ts';
import type { Parts } from './parts.ts';

/** Sandboxes that one address may make in an hour. */
export const MADE_AN_HOUR = 20;
/** Sandboxes that one participant of a class may make in an hour: a walk, and copies for experiments. */
export const MADE_BY_PARTICIPANT = 20;
/** Sandboxes that all participants behind one address may make in an hour: a room has one address. */
export const MADE_BY_ROOM = 400;

const HOUR = 3600;

/**
 * Counts a sandbox that is about to be made. A participant of a class counts for themselves and not for their address,
 * because a whole room is behind one.
 * @param classId of the class that the request names; the token of the participant is its Bearer token. If there is no
 *   such participant (any more), the address counts
 * @returns headers for the answer; none where nothing is counted
 * @throws OAuthError 429
 */
export async function countCreation(
  parts: Parts,
  ctx: Context,
  classId?: string,
): Promise<Readonly<Record<string, string>>> {
  const { limiter, store } = parts;
  if (!limiter.on) return {};
  const token = classId === undefined ? null : bearerToken(ctx.request);
  if (classId !== undefined && token !== null && (await store.getClass(classId, parts.wall())) !== null) {
    const hash = sha256(token);
    if ((await store.getClassMember(classId, hash)) !== null) {
      limitHeaders(await limiter.take('class-sandboxes', ctx.remoteAddress, MADE_BY_ROOM, HOUR), HOUR);
      return limitHeaders(await limiter.takeKey('class-sandbox', hash, MADE_BY_PARTICIPANT, HOUR), HOUR);
    }
  }
  return limitHeaders(await limiter.take('sandboxes', ctx.remoteAddress, MADE_AN_HOUR, HOUR), HOUR);
}
