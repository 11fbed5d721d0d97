import type { SandboxConfig } from '#lib/config/config.ts';
import type { Tenant } from '../../context.ts';

/** Whether a client with this method has a secret. */
export function hasSecret(method: string): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/**
 * A client secret of 256 random bits. With the knob `registration.secretAlphabet: special` it also
 * holds the characters that form encoding changes.
 */
export function newSecret(tenant: Tenant): string {
  const random = tenant.random(32);
  const alphabet: SandboxConfig['registration.secretAlphabet'] = tenant.config['registration.secretAlphabet'];
  return alphabet === 'special' ? `${random.slice(0, 20)}%+:/= ${random.slice(20)}` : random;
}

/** When a secret that is made now ends, seconds since the epoch; 0: never. */
export function secretEnd(tenant: Tenant): number {
  const lifetime = tenant.config['registration.secretLifetime'];
  return lifetime === 0 ? 0 : Math.floor(tenant.now() / 1000) + lifetime;
}
