/** The metadata documents of a client, each wrong in one way: what a sandbox gets when it fetches them. */
import type { GuardedFetch } from '#lib/fetch/types.ts';

const REDIRECT = 'http://127.0.0.1:8765/callback';

function documentFor(url: string): { readonly status: number; readonly document: Record<string, unknown> } {
  const document: Record<string, unknown> = {
    client_id: url,
    client_name: 'Scripted',
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  const name = url.slice(url.lastIndexOf('/') + 1).replace(/\.json$/, '');
  if (name === 'registration.cimd-document-reachable') return { status: 404, document: {} };
  if (name === 'registration.cimd-client-id-matches') document.client_id = 'https://client.example/another.json';
  if (name === 'registration.cimd-required-members') delete document.client_name;
  if (name === 'registration.cimd-redirect-listed') document.redirect_uris = ['http://127.0.0.1:8765/another'];
  if (name === 'registration.cimd-no-shared-secret') document.token_endpoint_auth_method = 'client_secret_post';
  return { status: 200, document };
}

/** In place of the guarded fetch. */
export const documentAt: GuardedFetch = async (url) => {
  const { status, document } = documentFor(url);
  return {
    status,
    headers: new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }),
    body: new TextEncoder().encode(JSON.stringify(document)),
  };
};
