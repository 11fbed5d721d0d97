import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, attempt, basic, confidential, tokensFor } from '#lib/testing/grants.ts';
import { publicKeySet, signingKey } from '../keys/ring.ts';
import { verifyAccessToken, type VerifyOptions } from './verify.ts';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client();
});
afterEach(() => engine.close());

const AT_MCP = () => ({ audience: `${engine.tenant.base}/mcp` });

async function show(token: string, options: VerifyOptions = AT_MCP()): Promise<string> {
  const outcome = await attempt(async () => {
    await verifyAccessToken(
      engine.context({ path: '/mcp', headers: { authorization: `Bearer ${token}` } }),
      token,
      options,
    );
    return new Response();
  });
  return outcome instanceof Response ? 'good' : outcome.reason;
}

describe('an access token', () => {
  test('of this issuer for this resource is good, until it expires [#access-token.validated]', async () => {
    const { access_token: token } = await tokensFor(engine, client);
    expect(await show(token)).toBe('good');
    engine.advance(3601);
    expect(await show(token)).toBe('token-expired');
  });

  test(
    'that is malformed, forged or tampered with is refused [#resource.invalid-token] ' +
      '[#access-token.no-alg-confusion]',
    async () => {
      const { access_token: token } = await tokensFor(engine, client);
      for (const rubbish of [
        'undefined',
        'a.b',
        'a.b.c',
        '',
        '.'.repeat(50),
        `${token}.x`,
        `${token} x`,
        `${token}, x`,
      ])
        expect.soft(await show(rubbish), rubbish).toBe('token-malformed');
      const [header, payload, signature] = token.split('.') as [string, string, string];
      expect(
        await show(
          `${header}.${payload}.${signature.slice(0, 40)}${signature[40] === 'A' ? 'B' : 'A'}${signature.slice(41)}`,
        ),
      ).toBe('token-signature');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const forged = Buffer.from(JSON.stringify({ ...claims, scope: 'admin' })).toString('base64url');
      expect(await show(`${header}.${forged}.${signature}`)).toBe('token-signature');
      const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
      expect(await show(`${none}.${payload}.`)).toBe('token-signature');
    },
  );

  test('that says itself how it is to be checked passes for another user only if the check is naive', async () => {
    const { access_token: token } = await tokensFor(engine, client);
    const { keys } = await publicKeySet(engine.tenant);
    const jwk = keys[0] as JsonWebKey & { kid: string };
    const claims = { ...decodeJwt(token), sub: 'somebody-else' };
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString().trim();
    const hmac = (kid: string, secret: Uint8Array) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid, typ: 'at+jwt' }).sign(secret);
    const forged = [
      `${none}.${payload}.`,
      await hmac(jwk.kid, new TextEncoder().encode(pem)),
      await hmac('../dev/null', new Uint8Array(1)),
    ];
    const subject = async (shown: string) =>
      (await verifyAccessToken(engine.context({ path: '/mcp' }), shown, { ...AT_MCP(), naive: true })).sub;
    for (const one of forged) {
      expect.soft(await show(one)).toBe('token-signature');
      expect.soft(await subject(one)).toBe('somebody-else');
    }
    expect(await subject(token)).not.toBe('somebody-else');
    for (const one of [`${none}.${payload}.AAAA`, await hmac(jwk.kid, new Uint8Array(32)), `${token.slice(0, -4)}AAAA`])
      expect.soft(await show(one, { ...AT_MCP(), naive: true })).toBe('token-signature');
  });

  test('for another resource is refused [#resource.audience]', async () => {
    const { access_token: token } = await tokensFor(engine, client, { resource: [`${engine.tenant.base}/oauth`] });
    expect(await show(token)).toBe('token-audience');
    expect(await show(token, { audience: `${engine.tenant.base}/oauth` })).toBe('good');
    expect(await show(token, {})).toBe('good');
  });

  test(
    'of another issuer is refused, and the refusal says by whom it is and where it was shown ' +
      '[#resource.foreign-issuer]',
    async () => {
      const { access_token: token } = await tokensFor(engine, client);
      const elsewhere = {
        ...engine.context({ path: 'http://127.0.0.1:3000/mcp' }),
        tenant: {
          ...engine.tenant,
          config: engine.tenant.config,
          origin: 'http://127.0.0.1:3000',
          base: 'http://127.0.0.1:3000',
          issuer: 'http://127.0.0.1:3000',
        },
      };
      await expect(verifyAccessToken(elsewhere, token)).rejects.toMatchObject({
        status: 401,
        reason: 'token-issuer',
        description: expect.stringMatching(/issued by http:\/\/localhost:3000 .*shown at http:\/\/127\.0\.0\.1:3000/),
      });
      const foreign = await new SignJWT({ iss: 'https://elsewhere.example', jti: 'x' })
        .setProtectedHeader({ alg: 'HS256', kid: 'k' })
        .sign(new Uint8Array(32));
      expect(await show(foreign)).toBe('token-issuer');
    },
  );

  test('that was revoked is refused at once, or only when it expires, by revocation.effect', async () => {
    const { access_token: token } = await tokensFor(engine, client);
    const { grant } = await verifyAccessToken(engine.context({ path: '/mcp' }), token);
    await engine.tenant.store.revokeGrant(grant!.id, 'test', engine.tenant.now());
    expect(await show(token)).toBe('token-revoked');
    engine.configure({ 'revocation.effect': 'at-expiry' });
    expect(await show(token)).toBe('good');
  });

  test('is not an ID token', async () => {
    const { id_token } = await tokensFor(engine, client, { scope: ['openid'] });
    expect(await show(id_token!)).toBe('token-audience');
    expect(await show(id_token!, { audience: client.clientId })).toBe('token-audience');
    expect(await show(id_token!, {})).toBe('token-audience');
  });

  test('that the server signed and does not remember is refused', async () => {
    const key = await signingKey(engine.tenant, 'ES256');
    const token = await new SignJWT({ iss: engine.tenant.issuer, jti: 'forgotten', aud: `${engine.tenant.base}/mcp` })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
      .sign(key.key);
    expect(await show(token)).toBe('token-revoked');
  });

  test('can be opaque', async () => {
    engine.configure({ 'tokens.format': 'opaque' });
    const { access_token: token } = await tokensFor(engine, client);
    expect(await show(token)).toBe('good');
    expect(await show(token, { audience: 'https://elsewhere.example' })).toBe('token-audience');
    engine.advance(3601);
    expect(await show(token)).toBe('token-expired');
  });

  test('without audience under audienceParameter needed-for-jwt it is opaque, and for userinfo only', async () => {
    engine.configure({ audienceParameter: 'needed-for-jwt' });
    const { access_token: token } = await tokensFor(engine, client);
    expect(token).not.toContain('.');
    expect(await show(token)).toBe('token-audience');
    const { access_token: jwt } = await tokensFor(engine, client, { audience: [`${engine.tenant.base}/mcp`] });
    expect(await show(jwt)).toBe('good');
  });
});

describe('tokens.defect', () => {
  const issue = async () => {
    const machine = await confidential(engine);
    return (await ask(engine, { grant_type: 'client_credentials' }, { authorization: basic(machine.clientId) })).body
      .access_token!;
  };

  test.each([
    ['expired', 'token-expired'],
    ['not-yet-valid', 'token-not-yet-valid'],
    ['tampered-signature', 'token-signature'],
    ['unknown-kid', 'token-signature'],
    ['wrong-audience', 'token-audience'],
    ['wrong-issuer', 'token-issuer'],
  ] as const)('%s is found as %s', async (defect, reason) => {
    engine.configure({ 'tokens.defect': defect });
    expect(await show(await issue())).toBe(reason);
  });

  test('is only in the tokens that tokens.defectOn counts', async () => {
    engine.configure({ 'tokens.defect': 'wrong-audience', 'tokens.defectOn': [1, 3] });
    const seen: string[] = [];
    for (let n = 0; n < 4; n += 1) seen.push(await show(await issue()));
    expect(seen).toEqual(['token-audience', 'good', 'token-audience', 'good']);
  });
});

test('scope that is broader includes what is narrower [#resource.scope-hierarchy]', async () => {
  const { missingScopes } = await import('../scope.ts');
  expect(missingScopes(['notes:write'], ['notes:read'])).toEqual([]);
  expect(missingScopes(['notes:read'], ['notes:write'])).toEqual(['notes:write']);
});
