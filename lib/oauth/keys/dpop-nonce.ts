/**
 * Nonces that a server gives out for proofs. None is stored: each carries its time and a MAC.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-8
 */
import type { Tenant } from '../context.ts';
import { hmac, sameSecret } from '../hash.ts';
import type { DpopServer } from '../checks/types.ts';

/** ms of protocol time that a nonce is good. */
const LIFETIME = 600_000;

function mac(tenant: Tenant, server: DpopServer, body: string): string {
  return hmac(tenant.secret, `dpop-nonce:${tenant.store.scope}:${server}:${body}`).slice(0, 22);
}

/** A new nonce of one of the two servers. */
export function freshNonce(tenant: Tenant, server: DpopServer): string {
  const body = `${tenant.now().toString(36)}.${tenant.random(9)}`;
  return `${body}.${mac(tenant, server, body)}`;
}

/** Whether the nonce is one of this server's own, and recent. */
export function validNonce(tenant: Tenant, server: DpopServer, nonce: string): boolean {
  const end = nonce.lastIndexOf('.');
  if (end < 0 || nonce.length > 100) return false;
  const body = nonce.slice(0, end);
  const age = tenant.now() - Number.parseInt(body, 36);
  return sameSecret(nonce.slice(end + 1), mac(tenant, server, body)) && age <= LIFETIME && age >= -LIFETIME;
}

/**
 * Counts a use of a nonce, where the knob `dpop.nonceUses` bounds them.
 * @returns `replace` if the answer is to bring a new one, `spent` if it is good no longer
 */
export async function nonceUsed(
  tenant: Tenant,
  server: DpopServer,
  nonce: string,
): Promise<'good' | 'replace' | 'spent'> {
  const bound = tenant.config['dpop.nonceUses'];
  if (bound === null) return 'good';
  const uses = await tenant.store.count(`dpop-nonce:${server}:${nonce}`);
  if (uses > bound + 1) return 'spent';
  return uses >= bound ? 'replace' : 'good';
}
