import type { ClientRecord } from '#lib/store/store.ts';
import { isLoopbackRedirect } from '../checks/redirect-uri.ts';
import type { Context } from '../context.ts';
import { namedRedirectUri } from '../parameters.ts';
import { documentClient } from './document.ts';

/** Longest client identifier that is looked for; a longer one cannot have been given out. */
const MAX_LENGTH = 2000;

/**
 * The client with this identifier: registered, pre-registered, or described by the document at the
 * address that the identifier is.
 * @returns null if there is none
 * @throws OAuthError if the identifier is an address whose document will not do
 */
export async function findClient(ctx: Context, clientId: string): Promise<ClientRecord | null> {
  if (clientId.length > MAX_LENGTH) return null;
  const known = await ctx.tenant.store.getClient(clientId);
  if (known !== null) return known;
  if (ctx.tenant.config['cimd.support'] && /^https?:\/\//.test(clientId)) return documentClient(ctx, clientId);
  return ctx.tenant.config['authorize.unknownClient'] === 'accept' ? unregistered(ctx, clientId) : null;
}

/** Whether nobody registered the client, and the knob `authorize.unknownClient` lets it in all the same. */
export function isUnregistered({ source, metadata }: ClientRecord): boolean {
  return source === 'dynamic' && metadata.unregistered === true;
}

/** A client that nobody has registered: it may use any loopback redirect URI, and any secret. */
function unregistered(ctx: Context, clientId: string): ClientRecord {
  const { tenant, trace } = ctx;
  trace.set({ acted: { kind: 'knob', name: 'authorize.unknownClient' } });
  const asked = namedRedirectUri(ctx);
  return {
    clientId,
    source: 'dynamic',
    metadata: {
      redirect_uris: asked !== null && isLoopbackRedirect(asked, tenant.allowedHosts) ? [asked] : [],
      grant_types: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      response_types: ['code'],
      token_endpoint_auth_method: showsSecret(ctx) ? 'client_secret_post' : 'none',
      unregistered: true,
    },
    authMethods: ['none'],
    secretHash: null,
    secretExpiresAt: 0,
    registrationTokenHash: null,
    createdAt: tenant.now(),
  };
}

/** Whether the request brings a secret, whichever: then the client may ask in its own name. */
function showsSecret({ request, body }: Context): boolean {
  return body.form?.has('client_secret') === true || /^Basic /i.test(request.headers.get('authorization') ?? '');
}
