import type { Context } from '../context.ts';
import { hmac, sha256 } from '../hash.ts';

/**
 * What a form of this browser brings back, so that no other page can send it.
 * @param purpose what the form is for, with what it is about
 */
export function ticketFor(ctx: Context, browserId: string | null, purpose: string): string {
  return hmac(ctx.tenant.secret, `form:${browserId === null ? '' : sha256(browserId)}:${purpose}`);
}
