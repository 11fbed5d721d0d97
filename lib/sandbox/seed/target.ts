/** What a sandbox is seeded in. */
import type { SandboxConfig } from '#lib/config/config.ts';
import type { PasswordHasher, Tenant } from '#lib/oauth/context.ts';
import type { TenantStore } from '#lib/store/store.ts';

export interface SeedTarget {
  readonly store: TenantStore;
  readonly config: SandboxConfig;
  /** The sandbox's secret. */
  readonly secret: string;
  readonly passwords: PasswordHasher;
  readonly random: (bytes: number) => string;
  /** Protocol time, ms. */
  readonly now: number;
}

/** The same of a tenant. */
export function seedTargetOf(tenant: Tenant): SeedTarget {
  const { store, config, secret, passwords } = tenant;
  return { store, config, secret, passwords, random: (bytes) => tenant.random(bytes), now: tenant.now() };
}

/** What is seeded is not what it may be. */
export class SeedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SeedError';
  }
}
