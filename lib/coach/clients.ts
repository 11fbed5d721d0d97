/** What the server knew of a client when an exchange came: an owner may change it, or the scenario, in between. */
import { isChange, type Json } from '#lib/exchange/types.ts';
import type { KnownClient } from './input.ts';
import type { Run } from './run.ts';
import type { Seen } from './seen.ts';

/**
 * The client with an identifier, as the server knew it when an exchange came.
 * @returns undefined if the server did not know it, or if it was changed since and what it was is no longer known
 */
export function clientAt(run: Run, clientId: string | null, seen: Seen): KnownClient | undefined {
  const client = run.ledger.clients.get(clientId ?? '');
  if (client?.source !== 'pre-registered') return client;
  return wasMadeAnew(run, client.clientId, seen) || isOfOtherConfig(run, client.clientId, seen) ? undefined : client;
}

/** Whether an owner made a client of this identifier again after an exchange, in another way than before. */
function wasMadeAnew(run: Run, clientId: string, seen: Seen): boolean {
  let before: string | null = null;
  for (const entry of run.ledger.input.entries) {
    if (!isChange(entry) || entry.what !== 'client' || entry.did === null) continue;
    const made = objectOf(entry.did.body);
    if (made?.client_id !== clientId) continue;
    const outline = outlineOf(made);
    if (entry.seq > seen.seq && outline !== before) return true;
    before = outline;
  }
  return false;
}

/** Whether the configuration in force at an exchange had this client in another way than it has now. */
function isOfOtherConfig(run: Run, clientId: string, seen: Seen): boolean {
  const outline = (clients: unknown): string | null => {
    const found = Array.isArray(clients)
      ? clients.map((one) => objectOf(one as Json)).find((one) => one?.client_id === clientId)
      : undefined;
    return found ? outlineOf(found) : null;
  };
  const then = run.knob(seen, 'clients');
  return then !== undefined && outline(then) !== outline(run.ledger.input.sandbox.config.clients);
}

type JsonObject = { readonly [name: string]: Json };

function objectOf(value: Json): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** What the rules look at. */
function outlineOf(made: JsonObject): string {
  const { token_endpoint_auth_method, auth_method, client_secret, redirect_uris, grant_types } = made;
  const method = token_endpoint_auth_method ?? auth_method ?? (client_secret === undefined ? null : 'secret');
  return JSON.stringify([method, redirect_uris ?? [], grant_types ?? null]);
}
