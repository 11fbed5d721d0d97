import { check } from '../checks/check.ts';
import { metadataLocation } from '../checks/metadata-location.ts';
import type { Context } from '../context.ts';
import { serverMetadata } from '../metadata.ts';

type Suffix = 'oauth-authorization-server' | 'openid-configuration';
type Params = Readonly<Record<string, string>>;

/**
 * `GET /.well-known/oauth-authorization-server`, inserted between host and path, or appended.
 * @throws OAuthError 404 if the configuration has the document elsewhere
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-3
 */
export async function oauthMetadata(ctx: Context, _params: Params = {}): Promise<Response> {
  return metadataAt(ctx, 'oauth-authorization-server');
}

/**
 * `GET /.well-known/openid-configuration`, appended to the issuer's path, or inserted before it.
 * @throws OAuthError 404 if the configuration has the document elsewhere
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 */
export async function openidMetadata(ctx: Context, _params: Params = {}): Promise<Response> {
  return metadataAt(ctx, 'openid-configuration');
}

function metadataAt(ctx: Context, suffix: Suffix): Response {
  const { tenant, trace } = ctx;
  const kind = suffix === 'oauth-authorization-server' ? 'oauth' : 'oidc';
  const { pathname } = new URL(ctx.request.url);
  const inserted = pathname.startsWith(`/.well-known/${suffix}`);
  // For an issuer without a path both are the same address.
  const appended = pathname.endsWith(`/.well-known/${suffix}`);
  const served = tenant.config['metadata.locations'];
  const here = (inserted && served.includes(`${kind}-inserted`)) || (appended && served.includes(`${kind}-appended`));
  check(trace, metadataLocation, { here, served, pathname });
  return new Response(JSON.stringify(serverMetadata(tenant)), {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
  });
}
