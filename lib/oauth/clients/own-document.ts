/**
 * The playground's own client ID metadata document. It lies on this very site, so it is read in process and never
 * fetched.
 */

/** Where it is. */
export function ownDocumentAddress(origin: string): string {
  return `${origin}/client-metadata.json`;
}

/**
 * The document of the client that walks the guide.
 * @param origin of this site, without a trailing slash
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1
 */
export function ownDocument(origin: string): Record<string, unknown> {
  return {
    client_id: ownDocumentAddress(origin),
    client_name: 'Authwalk guide',
    client_uri: `${origin}/`,
    redirect_uris: [`${origin}/guide/callback`],
    post_logout_redirect_uris: [`${origin}/guide/openid`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
  };
}
