/** What a level does not allow. Nothing that is refused here is sent. */
import type { Prepared } from '#lib/guide/prepare.ts';
import { endpointOf } from '#lib/guide/record.ts';
import { queryOfUrl } from '#lib/exchange/read.ts';
import { moveSource } from './moves.ts';
import type { Level, Played } from './types.ts';

/** What is said of a request that leaves the sandbox. */
export const ELSEWHERE = 'A level sends nothing to any other place than its own sandbox.';

/**
 * Whether an address is of a sandbox: below its base, or one of its documents at the origin.
 * @param base of the sandbox
 */
export function isHome(address: string, base: string): boolean {
  const home = new URL(base);
  const path = home.pathname === '/' ? '' : home.pathname;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.origin !== home.origin) return false;
  return (
    url.pathname.startsWith(`${path}/`) ||
    (url.pathname.startsWith('/.well-known/') && `${url.pathname}/`.includes(`${path}/`))
  );
}

/** Why a move cannot be made in a level at all; null if it can. */
export function refusesMove(level: Pick<Level, 'moves' | 'forbidden'>, played: Played): string | null {
  const move = level.moves.find((one) => one.id === played.move);
  if (!move) return `Not in this level: ${moveSource(played.move)?.title ?? played.move}.`;
  if (level.forbidden.includes('clock') && move.step === null) return 'Not in this level: the clock.';
  if (level.forbidden.includes('revoke') && move.id === 'revoke') return 'Not in this level: revoking.';
  return null;
}

/**
 * Why a request is not sent; null if it is.
 * @param base of the level's sandbox
 */
export function refusesRequest(
  level: Pick<Level, 'forbidden'>,
  played: Played,
  prepared: Prepared,
  base: string,
): string | null {
  if (!URL.canParse(prepared.url)) return 'This is no address.';
  if (!isHome(prepared.url, base)) return ELSEWHERE;
  const asked = endpointOf(prepared.url);
  const allowed = moveSource(played.move)?.endpoints ?? [];
  // A document in an odd place has an address that no rule knows.
  const isDocument = allowed.includes('prm') && prepared.method === 'GET' && asked === 'unknown';
  if (!allowed.includes(asked) && !isDocument) return `Not in this level: ${new URL(prepared.url).pathname}.`;
  const parameters = [...queryOfUrl(prepared.url), ...new URLSearchParams(prepared.body ?? '')];
  if (level.forbidden.includes('auto_approve') && parameters.some(([name]) => name === 'auto_approve'))
    return 'Not in this level: auto_approve.';
  return null;
}
