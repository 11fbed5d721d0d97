/** Who sent an exchange, in a word or two. */
import type { Exchange } from './types.ts';

/** Names by `client_id`: most requests of a client say only who it is, not what it is called. */
export function clientNames(exchanges: readonly Exchange[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { client } of exchanges)
    if (client.clientId !== null && client.name !== null && !names.has(client.clientId))
      names.set(client.clientId, client.name);
  return names;
}

/** Who an exchange is attributed to; null if nothing is known of the sender. */
export function clientName({ client }: Exchange, names?: ReadonlyMap<string, string>): string | null {
  if (client.clientId !== null) return names?.get(client.clientId) ?? client.name ?? client.clientId;
  return client.name ?? client.userAgent;
}
