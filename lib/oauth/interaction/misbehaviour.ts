import type { Tenant } from '../context.ts';

/** Whether the user of the consent page may make the server misbehave: not if strangers share the sandbox. */
export function mayMisbehave(tenant: Pick<Tenant, 'isPublic' | 'sandboxId'>): boolean {
  return !(tenant.isPublic && tenant.sandboxId === 'default');
}
