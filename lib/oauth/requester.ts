/** Whom a request counts against, where room is scarce. */
import type { Context } from './context.ts';
import { sha256 } from './hash.ts';

/**
 * The part of an address that one party has: an IPv6 address counts by its /64, because a party with one address there
 * has them all.
 */
export function addressKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The requester as the store keeps it: a hash, since an address tells who somebody is. */
export function requesterOf(ctx: Context): string {
  return sha256(`${ctx.tenant.secret} ${addressKey(ctx.remoteAddress)}`);
}
