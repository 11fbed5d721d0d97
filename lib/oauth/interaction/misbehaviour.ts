import type { Tenant } from '../context.ts';

/** Whether whoever sits at the consent page may make the server misbehave: not where strangers share a sandbox. */
export function mayMisbehave(tenant: Pick<Tenant, 'isPublic' | 'sandboxId'>): boolean {
  return !(tenant.isPublic && tenant.sandboxId === 'default');
}
