import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotesClient } from '../notes-client.js';

let server: OAuth2Server, resource: Server, received: Record<string, unknown>[], lifetime: number, outcome: string;

beforeEach(async () => {
  received = [];
  lifetime = 3600;
  outcome = 'approve';
  server = new OAuth2Server(undefined, undefined, {
    endpoints: { wellKnownDocument: '/.well-known/oauth-authorization-server' },
  });
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  server.service.on(Events.BeforeTokenSigning, (token) => {
    token.payload.exp = token.payload.iat + lifetime;
  });
  server.service.on(Events.BeforeAuthorizeRedirect, ({ url }) => {
    url.searchParams.set('iss', server.issuer.url);
    if (outcome !== 'deny') return;
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
  });
  server.service.on(Events.BeforeResponse, (response, request) => {
    received.push({ endpoint: 'token', ...request.body, status: response.statusCode });
  });
  const keys = createRemoteJWKSet(new URL(`${server.issuer.url}/jwks`));
  resource = createServer(async (request, response) => {
    try {
      await jwtVerify(request.headers.authorization?.slice(7) ?? '', keys, { issuer: server.issuer.url });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('{}');
    }
  });
  resource.listen(0, '127.0.0.1');
  await once(resource, 'listening');
});

afterEach(async () => {
  await server.stop();
  resource.closeAllConnections();
  resource.close();
});

const connect = () =>
  NotesClient.connect({
    issuer: server.issuer.url,
    clientId: 'notes',
    resource: `http://127.0.0.1:${resource.address().port}`,
  });
const refreshes = () => received.filter((one) => one.grant_type === 'refresh_token' && one.status === 200);
// Its clock cannot be moved: the first token is issued as one that has expired already.
const signInWithExpiredToken = async (client) => {
  lifetime = -10;
  await client.signIn();
  lifetime = 3600;
};

test('an expired access token is refreshed, once', async () => {
  const client = await connect();
  await signInWithExpiredToken(client);
  await client.call();
  expect(refreshes()).toHaveLength(1);
});

test('the client says so when the user refuses', async () => {
  outcome = 'deny';
  await expect((await connect()).signIn()).rejects.toThrow('You did not agree.');
});

test('two calls with an expired token refresh once', async () => {
  const client = await connect();
  await signInWithExpiredToken(client);
  await Promise.all([client.call(), client.call()]);
  expect(refreshes()).toHaveLength(1);
});
