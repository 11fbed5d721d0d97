import type { ClientRecord } from '#lib/store/store.ts';
import type { Context } from '../context.ts';
import { documentClient } from './document.ts';

/** Longest client identifier that is looked for; a longer one cannot have been given out. */
const MAX_LENGTH = 2000;

/**
 * The client with this identifier: registered, pre-registered, or described by the document at the
 * address that the identifier is.
 * @returns null where there is none
 * @throws OAuthError where the identifier is an address whose document does not do
 */
export async function findClient(ctx: Context, clientId: string): Promise<ClientRecord | null> {
  if (clientId.length > MAX_LENGTH) return null;
  const known = await ctx.tenant.store.getClient(clientId);
  if (known !== null) return known;
  if (!ctx.tenant.config['cimd.support'] || !/^https?:\/\//.test(clientId)) return null;
  return documentClient(ctx, clientId);
}
