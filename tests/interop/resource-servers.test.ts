/** Resource servers of others: each verifies our tokens by what our metadata says. */
import type { Sandbox } from 'authwalk/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import jwksClient from 'jwks-rsa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';

let server: RunningServer;
let sandbox: Sandbox;
let api: Server;
let address: string;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox();
  const app = express();
  api = createServer(app);
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(api.address() as AddressInfo).port}/`;
  app.use(auth({ issuerBaseURL: sandbox.issuer, audience: address, strict: true }));
  app.get('/', requiredScopes('read'), (_request, response) => {
    response.json({ read: true });
  });
  const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ code: error.code ?? null });
  };
  app.use(refuse);
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await server.close();
});

async function issue(body: Record<string, unknown>): Promise<string> {
  const answer = await fetch(`${server.origin}/api/sandboxes/${sandbox.id}/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.controlToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const ask = async (token: string) => {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  return [answer.status, ((await answer.json()) as { code?: string }).code];
};

test('express-oauth2-jwt-bearer finds the keys by discovery, and takes tokens by RFC 9068', async () => {
  expect((await ask(await issue({ audience: [address], scope: 'read' })))[0]).toBe(200);
  expect(await ask(await issue({ audience: [address], scope: 'write' }))).toEqual([403, 'insufficient_scope']);
  expect(await ask(await issue({ scope: 'read' }))).toEqual([401, 'invalid_token']);
});

test('jwks-rsa finds the key of a token by its id', async () => {
  const token = await issue({ scope: 'read' });
  const keys = jwksClient({ jwksUri: `${sandbox.issuer}/.well-known/jwks.json` });
  const { kid, alg } = decodeProtectedHeader(token);
  const key = await keys.getSigningKey(kid);
  const { payload } = await jwtVerify(token, await importSPKI(key.getPublicKey(), alg!), { issuer: sandbox.issuer });
  expect(payload.scope).toBe('read');
  await expect(keys.getSigningKey('unknown')).rejects.toThrow();
});
