/**
 * RFC 9700 §4.9, §4.10, §4.14, RFC 9068 §5, MCP best practices: tokens that are lost, passed on, confused or played
 * again.
 */
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicOf, bearer, type Instance, openInstance, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

describe('a token that leaked at one resource', () => {
  test('opens no other: audience (§4.10.2), token passthrough', async () => {
    const [mcp, oauth] = [
      await sandbox.tokens(client, { resource: sandbox.mcp }),
      await sandbox.tokens(client, { resource: `${sandbox.issuer}/oauth` }),
    ];
    expect((await sandbox.call(mcp.access_token, 'whoami', {}, { path: '/oauth' })).status).toBe(401);
    expect((await sandbox.call(oauth.access_token)).status).toBe(401);
    // A resource that passes on what it was given is refused by the next.
    const elsewhere = await sandbox.tokens(client, { resource: sandbox.mcp, audience: 'https://api.example/' });
    expect((await sandbox.call(elsewhere.access_token, 'whoami', {}, { path: '/oauth' })).status).toBe(401);
  });

  test('is no use at the authorization server: not to authenticate, to register, to refresh, to steer', async () => {
    const { access_token } = await sandbox.tokens(client, { scope: 'admin openid' });
    expect((await sandbox.post('/oauth/introspect', { token: access_token }, bearer(access_token))).status).toBe(401);
    expect((await sandbox.ask(`/oauth/register/${client.client_id}`, { headers: bearer(access_token) })).status).toBe(
      401,
    );
    expect((await sandbox.refresh(client, access_token)).body.error).toBe('invalid_grant');
    expect((await sandbox.token({ grant_type: 'client_credentials' }, bearer(access_token))).status).toBe(401);
    expect((await instance.ask(`/api/sandboxes/${sandbox.id}`, { headers: bearer(access_token) })).status).toBe(401);
  });

  test('is found in no address, body of an error, log, or record that is shown without being asked for', async () => {
    const tokens = await sandbox.tokens(client);
    await sandbox.call(tokens.access_token);
    await sandbox.refresh(client, tokens.refresh_token);
    const masked = await sandbox.control('GET', '/exchanges?limit=500');
    expect(masked.status).toBe(200);
    for (const secret of [
      tokens.access_token,
      tokens.refresh_token,
      sandbox.made.control_token,
      client.registration_access_token,
    ])
      expect.soft(masked.text).not.toContain(secret);
    expect(instance.server.logged).toEqual([]);
  });
});

describe('a refresh token that was stolen (§4.14)', () => {
  test.each([true, false])('whoever uses it second ends it for both, thief or victim: %j', async (thiefFirst) => {
    const victim = await sandbox.tokens(client);
    const first = (await sandbox.refresh(client, victim.refresh_token)).body;
    const second = await sandbox.refresh(client, victim.refresh_token);
    expect([thiefFirst, second.status, second.body.error]).toEqual([thiefFirst, 400, 'invalid_grant']);
    expect((await sandbox.refresh(client, first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await sandbox.call(first.access_token)).status).toBe(401);
  });

  test('is no use to another client, nor after its user took the grant back', async () => {
    const victim = await sandbox.tokens(client);
    for (const other of [await sandbox.register(), await sandbox.confidential()])
      expect.soft((await sandbox.refresh(other, victim.refresh_token)).body.error).toBe('invalid_grant');
    await sandbox.post('/oauth/revoke', { token: victim.refresh_token, client_id: client.client_id });
    expect((await sandbox.refresh(client, victim.refresh_token)).body.error).toBe('invalid_grant');
  });

  test('cannot be guessed, nor derived from another', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => sandbox.tokens(client)));
    const values = new Set(all.map(({ refresh_token }) => refresh_token));
    const { body } = await sandbox.refresh(client, all[0]!.refresh_token);
    values.add(body.refresh_token);
    expect(values.size).toBe(31);
    for (const value of values) expect.soft(Buffer.from(value, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});

describe('one kind of token for another', () => {
  test('ID token, access token, assertion, proof and refresh token cannot stand in for each other', async () => {
    const place = await instance.sandbox({ 'tokens.alg': 'ES256' });
    const one = await place.register({ id_token_signed_response_alg: 'ES256' });
    const tokens = await place.tokens(one, { scope: 'openid' });
    expect((await place.get('/oauth/userinfo', bearer(tokens.id_token!))).status).toBe(401);
    expect((await place.call(tokens.id_token!)).status).toBe(401);
    expect(await place.introspect(tokens.id_token!)).toEqual({ active: false });
    expect((await place.get(`/oauth/logout?id_token_hint=${tokens.access_token}`)).status).toBe(400);
    expect((await place.refresh(one, tokens.id_token!)).body.error).toBe('invalid_grant');
    const api = await place.confidential();
    expect(
      (
        await place.token({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: tokens.access_token,
        })
      ).status,
    ).toBe(401);
    expect(
      (await place.token({ grant_type: 'client_credentials' }, { ...basicOf(api), dpop: tokens.access_token })).body
        .error,
    ).toBe('invalid_dpop_proof');
  });

  test("a client's assertion is no access token, and its claims are not believed", async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k' };
    const signer = await sandbox.confidential({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [jwk] },
      grant_types: ['client_credentials'],
      redirect_uris: [],
    });
    const tokens = await sandbox.tokens(client);
    const forged = await new SignJWT({ ...decodeJwt(tokens.access_token), client_id: signer.client_id, scope: 'admin' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .sign(privateKey);
    expect((await sandbox.call(forged)).status).toBe(401);
    expect((await sandbox.get('/api/resource', bearer(forged))).status).toBe(401);
    expect(await sandbox.introspect(forged)).toEqual({ active: false });
  });

  test("a client cannot name its key after the server's", async () => {
    const {
      body: { keys },
    } = await sandbox.get('/.well-known/jwks.json');
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    await sandbox.confidential({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: keys[0].kid, alg: 'ES256', use: 'sig' }] },
      grant_types: ['client_credentials'],
      redirect_uris: [],
    });
    const tokens = await sandbox.tokens(client);
    const forged = await new SignJWT(decodeJwt(tokens.access_token))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keys[0].kid })
      .sign(privateKey);
    expect((await sandbox.call(forged)).status).toBe(401);
  });
});

describe('what is said about the absent', () => {
  test('whether a client, a user or a token exists is not told by the words of a refusal', async () => {
    const seeded = await instance.sandbox(
      { legacyGrants: true },
      { users: [{ email: 'ada@example.com', password: 'secret' }] },
    );
    const api = await seeded.confidential();
    const words = async (username: string) => {
      const { status, body } = await seeded.token(
        { grant_type: 'password', username, password: 'wrong' },
        basicOf(api),
      );
      return [status, body.error, body.error_description];
    };
    expect(await words('ada@example.com')).toEqual(await words('nobody@example.com'));
    const managing = async (id: string) => {
      const { status, body } = await sandbox.ask(`/oauth/register/${id}`, { headers: bearer('wrong') });
      return [status, body];
    };
    expect(await managing(client.client_id)).toEqual(await managing('c_nobody'));
  });
});
