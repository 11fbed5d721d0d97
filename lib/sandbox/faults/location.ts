/** Where a `Location` that a fault sends may lead. */
import { isLoopbackName } from '#lib/spec/loopback.ts';
import type { Tenant } from '#lib/oauth/context.ts';

/**
 * Where a `Location` leads: to this server, to this machine, to a registered redirect URI, or elsewhere.
 * @param redirectUris further ones that count as registered
 */
export async function judgeLocation(
  location: string,
  tenant: Tenant,
  redirectUris: readonly string[] = [],
): Promise<'own' | 'registered' | 'foreign'> {
  if (!URL.canParse(location, tenant.origin)) return 'foreign';
  const url = new URL(location, `${tenant.origin}/`);
  if (url.origin === tenant.origin) return 'own';
  if (isLoopbackName(url.hostname) && /^https?:$/.test(url.protocol)) return 'own';
  const clients = await tenant.store.listClients({ limit: 1000 });
  const bare = location.split(/[?#]/, 1)[0];
  const registered = [...redirectUris, ...clients.flatMap(({ metadata }) => metadata.redirect_uris)];
  return registered.some((uri) => uri.split(/[?#]/, 1)[0] === bare) ? 'registered' : 'foreign';
}
