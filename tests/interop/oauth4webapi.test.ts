import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../lib/server.ts';
import { authorizeHeadless, redirectUri } from './redirect.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const insecure = { [oauth.allowInsecureRequests]: true } as const;

test('oauth4webapi walks from the resource to its tokens, calls it, and refreshes', async () => {
  const mcp = new URL(`${server.origin}/mcp`);
  const resource = await oauth.processResourceDiscoveryResponse(
    mcp,
    await oauth.resourceDiscoveryRequest(mcp, insecure),
  );
  const issuer = new URL(resource.authorization_servers![0]!);
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
  );
  expect(as.code_challenge_methods_supported).toEqual(['S256']);

  const registered = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      as,
      {
        client_name: 'oauth4webapi',
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'notes:read notes:write',
      },
      insecure,
    ),
  );
  const client: oauth.Client = { client_id: registered.client_id };

  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint!);
  for (const [name, value] of Object.entries({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'notes:read',
    state,
    resource: resource.resource,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }))
    url.searchParams.set(name, value);
  // Validates `state`, and `iss` because the metadata promises it.
  const answer = oauth.validateAuthResponse(as, client, await authorizeHeadless(url), state);
  const tokens = await oauth.processAuthorizationCodeResponse(
    as,
    client,
    await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), answer, redirectUri, verifier, {
      additionalParameters: { resource: resource.resource },
      ...insecure,
    }),
  );

  const call = (token: string) =>
    oauth.protectedResourceRequest(
      token,
      'POST',
      mcp,
      new Headers({
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'notes_list',
      }),
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'notes_list',
          arguments: {},
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'oauth4webapi', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
      insecure,
    );
  expect((await call(tokens.access_token)).status).toBe(200);

  // As a resource server would: the token is an RFC 9068 JWT for exactly this audience.
  const claims = await oauth.validateJwtAccessToken(
    as,
    new Request(mcp, { method: 'POST', headers: { authorization: `Bearer ${tokens.access_token}` } }),
    resource.resource,
    insecure,
  );
  expect(claims).toMatchObject({ aud: resource.resource, client_id: client.client_id, scope: 'notes:read' });

  const refreshed = await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token!, insecure),
  );
  expect((await call(refreshed.access_token)).status).toBe(200);

  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, oauth.None(), refreshed.refresh_token!, insecure),
  );
  await expect(call(refreshed.access_token)).rejects.toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
});
