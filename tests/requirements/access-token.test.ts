import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  type Instance,
  openInstance,
  type TestClient,
  type TestSandbox,
  type Tokens,
} from '../lib/sandbox.ts';

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
let tokens: Tokens;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
  tokens = await sandbox.tokens(client, { scope: 'notes:write openid' });
});
afterAll(() => instance.close());

/** Everywhere that an access token is shown. */
const doors = (token: string, headers: Record<string, string> = bearer(token)) => [
  sandbox.call(null, 'whoami', {}, { headers }),
  sandbox.call(null, 'whoami', {}, { path: '/oauth', headers }),
  sandbox.get('/api/resource', headers),
  sandbox.get('/oauth/userinfo', headers),
  sandbox.post('/oauth/userinfo', {}, headers),
  sandbox.get('', headers),
];
const codesOf = async (token: string) => (await Promise.all(doors(token))).map(({ status }) => status);

test('it is an at+jwt with iss, exp, aud, sub, client_id, iat, jti and scope [#access-token.jwt-profile]', async () => {
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({
    typ: 'at+jwt',
    alg: 'ES256',
    kid: expect.any(String),
  });
  const claims = decodeJwt(tokens.access_token);
  expect(claims).toEqual({
    iss: sandbox.issuer,
    sub: expect.any(String),
    aud: [sandbox.mcp, `${sandbox.issuer}/oauth`],
    client_id: client.client_id,
    iat: expect.any(Number),
    exp: claims.iat! + 3600,
    jti: expect.any(String),
    scope: 'notes:write openid',
    auth_time: expect.any(Number),
  });
  const api = await sandbox.confidential();
  const own = decodeJwt((await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api))).body.access_token);
  expect(own).toMatchObject({ sub: api.client_id, client_id: api.client_id });
  expect(own.jti).not.toBe(claims.jti);
});

test.each(['ES256', 'RS256', 'PS384', 'ES512', 'EdDSA'])(
  'it verifies against the published keys, as any resource server would: %j',
  async (alg) => {
    const place = await instance.sandbox({ 'tokens.alg': alg });
    const { access_token } = await place.tokens(await place.register());
    const { body } = await place.get('/.well-known/oauth-authorization-server');
    const keys = createRemoteJWKSet(new URL(body.jwks_uri), {
      [customFetch]: async (url: string) => {
        const { text } = await instance.ask(url);
        return new Response(text);
      },
    });
    const { protectedHeader } = await jwtVerify(access_token, keys, {
      issuer: place.issuer,
      audience: place.mcp,
      typ: 'at+jwt',
      algorithms: [alg],
    });
    expect(protectedHeader.alg).toBe(alg);
    expect((await place.call(access_token)).status).toBe(200);
  },
);

test('the audience is the resource that was asked for [#access-token.audience]', async () => {
  expect(decodeJwt((await sandbox.tokens(client, { resource: sandbox.mcp })).access_token).aud).toBe(sandbox.mcp);
  expect(decodeJwt((await sandbox.tokens(client, { resource: `${sandbox.issuer}/oauth` })).access_token).aud).toBe(
    `${sandbox.issuer}/oauth`,
  );
  expect(decodeJwt((await sandbox.tokens(client, { audience: 'https://api.example/' })).access_token).aud).toContain(
    'https://api.example/',
  );
});

test('type, signature, issuer, audience and expiry are verified everywhere [#access-token.validated]', async () => {
  expect(await codesOf(tokens.access_token)).toEqual([200, 200, 200, 200, 200, 200]);
  const [header, payload, signature] = tokens.access_token.split('.') as [string, string, string];
  const changed = (claims: Record<string, unknown>) =>
    `${header}.${encoded({ ...decodeJwt(tokens.access_token), ...claims })}.${signature}`;
  const bad = [
    changed({ scope: 'admin' }),
    changed({ sub: 'other' }),
    changed({ exp: 9_999_999_999 }),
    changed({ iss: 'https://elsewhere.example' }),
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature.slice(2)}`,
    `${header}.${payload}.${'A'.repeat(86)}`,
    `${tokens.access_token}.x`,
    tokens.id_token!,
    tokens.refresh_token,
    'x',
    '.',
    '..',
    'a.b.c',
    `${tokens.access_token} `.repeat(2).trim(),
    'ey'.repeat(3000),
  ];
  for (const token of bad)
    expect
      .soft([token.slice(0, 60), await codesOf(token)])
      .toEqual([token.slice(0, 60), [401, 401, 401, 401, 401, 401]]);
  const brief = await sandbox.tokens(client, { scope: 'openid', expires_in: '10' });
  await sandbox.advance(11);
  expect(await codesOf(brief.access_token)).toEqual([401, 401, 401, 401, 401, 401]);
  await sandbox.advance(-11);
});

test('no other algorithm, no missing signature, no key from the header [#access-token.no-alg-confusion]', async () => {
  const {
    body: { keys },
  } = await sandbox.get('/.well-known/jwks.json');
  const { kid } = decodeProtectedHeader(tokens.access_token);
  const jwk = keys.find((key: { kid: string }) => key.kid === kid);
  const claims = decodeJwt(tokens.access_token);
  const pem = await exportSPKI((await importJWK(jwk, 'ES256', { extractable: true })) as CryptoKey);
  const mine = await generateKeyPair('ES256', { extractable: true });
  const mineJwk = await exportJWK(mine.publicKey);
  const forged = (header: Record<string, unknown>, key: CryptoKey | Uint8Array = mine.privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header }).sign(key);
  const bad = [
    new UnsecuredJWT(claims).encode(),
    `${encoded({ alg: 'none', typ: 'at+jwt', kid })}.${tokens.access_token.split('.')[1]}.`,
    `${encoded({ alg: 'nOnE', typ: 'at+jwt', kid })}.${tokens.access_token.split('.')[1]}.`,
    await forged({ alg: 'HS256', kid }, new TextEncoder().encode(pem)),
    await forged({ alg: 'HS256', kid }, new TextEncoder().encode(JSON.stringify(jwk))),
    await forged({ alg: 'HS256', kid }, Buffer.from(jwk.x, 'base64url')),
    await forged({ kid }),
    await forged({ jwk: mineJwk }),
    await forged({ jwk: mineJwk, kid }),
    await forged({ jku: 'https://attacker.example/jwks.json', kid }),
    await forged({ x5u: 'https://attacker.example/cert', kid }),
    await forged({ kid: '../../../dev/null' }),
    await forged({ kid: "' OR '1'='1" }),
    await forged({ kid: '' }),
    await forged({ kid: '__proto__' }),
    await forged({}),
    await forged({ typ: 'JWT', kid }),
    await forged({ kid, crit: ['exp'] }).catch(() => 'a.b.c'),
  ];
  for (const [at, token] of bad.entries())
    expect.soft([at, await codesOf(token)]).toEqual([at, [401, 401, 401, 401, 401, 401]]);
  for (const token of bad) expect.soft(await sandbox.introspect(token)).toEqual({ active: false });
});

test.each([{}, { 'tokens.alg': 'RS256' }])(
  'an ID token is no access token, though it is signed by the same issuer: %j',
  async (config) => {
    const place = await instance.sandbox(config);
    const one = await place.register({ id_token_signed_response_alg: config['tokens.alg'] ?? 'ES256' });
    const { id_token } = await place.tokens(one, { scope: 'openid' });
    expect((await place.call(id_token!)).status).toBe(401);
    expect((await place.get('/oauth/userinfo', bearer(id_token!))).status).toBe(401);
    expect(await place.introspect(id_token!)).toEqual({ active: false });
  },
);

test('an opaque one is stored as a hash, and is as good as a signed one', async () => {
  const place = await instance.sandbox({ 'tokens.format': 'opaque' });
  const one = await place.register();
  const { access_token } = await place.tokens(one, { resource: place.mcp, scope: 'openid notes:read' });
  expect(access_token).toMatch(/^[\w-]{43}$/);
  expect((await place.call(access_token)).status).toBe(200);
  expect((await place.call(access_token, 'whoami', {}, { path: '/oauth' })).status).toBe(401);
  expect((await place.get('/oauth/userinfo', bearer(access_token))).status).toBe(200);
  expect((await place.introspect(access_token)).active).toBe(true);
  await place.advance(3601);
  expect((await place.call(access_token)).status).toBe(401);
  const stored = JSON.stringify(await instance.server.container.store.tenant(place.id).listGrants({ limit: 10 }));
  expect(stored).not.toContain(access_token);
});

test(
  "one that was not issued here is refused, though it is signed by a key of the server's " +
    '[#access-token.issued-here]',
  async () => {
    const place = await instance.sandbox();
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const put = await place.control('PUT', '/keys', {
      keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'mine', use: 'sig' }],
    });
    expect([put.status, put.text]).toEqual([200, expect.any(String)]);
    const now = await place.now();
    const forged = await new SignJWT({
      iss: place.issuer,
      sub: 'u_x',
      aud: place.mcp,
      client_id: 'c_x',
      iat: now,
      exp: now + 60,
      jti: 'made-up',
      scope: 'openid notes:read',
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'mine' })
      .sign(privateKey);
    expect([
      (await place.call(forged)).status,
      (await place.get('/api/resource', bearer(forged))).status,
      (await place.get('/oauth/userinfo', bearer(forged))).status,
    ]).toEqual([401, 401, 401]);
    expect(await place.introspect(forged)).toEqual({ active: false });
    // The same key signs what is issued.
    const { access_token } = await place.tokens(await place.register());
    expect([decodeProtectedHeader(access_token).kid, (await place.call(access_token)).status]).toEqual(['mine', 200]);
  },
);

test.each(['expired', 'not-yet-valid', 'tampered-signature', 'unknown-kid', 'wrong-audience', 'wrong-issuer'])(
  'every defect that a sandbox can be told to make is noticed by its own resources: %j [#access-token.defects-noticed]',
  async (defect) => {
    const place = await instance.sandbox({ 'tokens.defect': defect });
    const { access_token } = await place.tokens(await place.register(), { scope: 'openid notes:read' });
    const answer = await place.call(access_token);
    expect([defect, answer.status, answer.headers.get('www-authenticate')]).toEqual([
      defect,
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    if (defect !== 'wrong-audience')
      expect([defect, (await place.get('/oauth/userinfo', bearer(access_token))).status]).toEqual([defect, 401]);
  },
);
