/** The metadata documents of a client, each wrong in one way: what a sandbox gets when it fetches them. */
import { FetchRefused } from '#lib/fetch/refused.ts';
import type { GuardedFetch } from '#lib/fetch/types.ts';

const REDIRECT = 'http://127.0.0.1:8765/callback';

/** The name of a document: the last part of its address. */
const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1).replace(/\.json$/, '');

function documentFor(url: string): { readonly status: number; readonly document: Record<string, unknown> } {
  const document: Record<string, unknown> = {
    client_id: url,
    client_name: 'Scripted',
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  const name = nameOf(url);
  if (name === 'registration.cimd-document-reachable') return { status: 404, document: {} };
  if (name === 'registration.cimd-client-id-matches') document.client_id = 'https://client.example/another.json';
  if (name === 'registration.cimd-required-members') delete document.client_name;
  if (name === 'registration.cimd-redirect-listed') document.redirect_uris = ['http://127.0.0.1:8765/another'];
  if (name === 'registration.cimd-no-shared-secret') document.token_endpoint_auth_method = 'client_secret_post';
  if (name === 'long') document.software_statement = 'x'.repeat(40_000);
  return { status: 200, document };
}

/** In place of the guarded fetch. */
export const documentAt: GuardedFetch = async (url, { etag }) => {
  const name = nameOf(url);
  if (name === 'too-long') throw new FetchRefused('too-large', 'It is longer than 65536 bytes.', { status: 200 });
  if (name === 'unchanged' && etag !== undefined)
    return { status: 304, headers: new Headers({ etag, 'cache-control': 'max-age=1' }), body: new Uint8Array() };
  const { status, document } = documentFor(url);
  return {
    status,
    headers: new Headers({
      'content-type': 'application/json',
      ...(name === 'unchanged' ? { etag: '"1"', 'cache-control': 'max-age=1' } : { 'cache-control': 'no-store' }),
    }),
    body: new TextEncoder().encode(JSON.stringify(document)),
  };
};
