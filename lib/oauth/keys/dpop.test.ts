import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine, type Params } from '#lib/testing/engine.ts';
import { approve, ask, attempt, basic, confidential } from '#lib/testing/grants.ts';
import { userinfo } from '../endpoints/userinfo.ts';
import { sha256 } from '../hash.ts';
import { verifyAccessToken } from '../tokens/verify.ts';

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly jkt: string;
}

let engine: Engine;
let client: ClientRecord;
let key: Key;

async function makeKey(): Promise<Key> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  return { privateKey: pair.privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) };
}

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client();
  key = await makeKey();
});
afterEach(() => engine.close());

function proof(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = key): Promise<string> {
  return new SignJWT({
    htm: 'POST',
    htu: `${engine.tenant.base}/oauth/token`,
    iat: Math.floor(engine.tenant.now() / 1000),
    jti: engine.tenant.random(12),
    ...claims,
  })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: by.jwk, ...header })
    .sign(by.privateKey);
}

async function redeem(dpop: string | undefined, change: Parameters<typeof approve>[2] = {}, who = client) {
  const { code, verifier } = await approve(engine, who, change);
  return ask(
    engine,
    { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: who.clientId },
    dpop === undefined ? {} : { dpop },
  );
}

const refresh = (token: string, dpop?: string) =>
  ask(
    engine,
    { grant_type: 'refresh_token', refresh_token: token, client_id: client.clientId },
    dpop === undefined ? {} : { dpop },
  );

describe('at the token endpoint', () => {
  test('a proof binds the token to its key [#dpop.token-bound]', async () => {
    const { status, body } = await redeem(await proof());
    expect([status, body.token_type]).toEqual([200, 'DPoP']);
    const { decodeJwt } = await import('jose');
    expect(decodeJwt(body.access_token!).cnf).toEqual({ jkt: key.jkt });
  });

  test('a proof is of this method, address, moment and key [#dpop.proof-verified]', async () => {
    const now = Math.floor(engine.tenant.now() / 1000);
    const other = await makeKey();
    const { exportJWK: exported } = await import('jose');
    const pair = await generateKeyPair('ES256', { extractable: true });
    for (const bad of [
      'rubbish',
      `${await proof()}, ${await proof()}`,
      await proof({ htm: 'GET' }),
      await proof({ htu: `${engine.tenant.base}/oauth/revoke` }),
      await proof({ htu: 'nonsense' }),
      await proof({ iat: now - 400 }),
      await proof({ iat: now + 400 }),
      await proof({ iat: undefined }),
      await proof({ jti: undefined }),
      await proof({}, { typ: 'JWT' }),
      await proof({}, { jwk: other.jwk }),
      await proof({}, { jwk: undefined }),
      await proof({}, { jwk: await exported(pair.privateKey) }),
      await new SignJWT({ htm: 'POST', htu: `${engine.tenant.base}/oauth/token`, iat: now, jti: 'x' })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk: key.jwk })
        .sign(new Uint8Array(32)),
    ])
      expect.soft((await redeem(bad)).body, bad.slice(0, 80)).toMatchObject({
        error: 'invalid_dpop_proof',
        reason: 'proof-invalid',
      });
    expect(
      (
        await redeem(
          await proof({ htu: `${engine.tenant.base.toUpperCase().replace('HTTP', 'http')}/oauth/token?x=1#y` }),
        )
      ).status,
    ).toBe(200);
  });

  test('a proof is taken once, and before anything is spent [#dpop.replay]', async () => {
    const one = await proof();
    expect((await redeem(one)).status).toBe(200);
    expect((await redeem(one)).body).toMatchObject({ error: 'invalid_dpop_proof', reason: 'proof-invalid' });
  });

  test('a code asked for with dpop_jkt is redeemed with that key [#dpop.code-bound]', async () => {
    const bound = { details: { dpopJkt: key.jkt } };
    expect((await redeem(undefined, bound)).body).toMatchObject({
      error: 'invalid_dpop_proof',
      reason: 'proof-missing',
    });
    expect((await redeem(await proof({}, {}, await makeKey()), bound)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'proof-key-differs',
    });
    expect((await redeem(await proof(), bound)).status).toBe(200);
  });

  test('the refresh token of a public client is bound to the key [#dpop.refresh-bound]', async () => {
    const first = (await redeem(await proof())).body;
    expect((await refresh(first.refresh_token!)).body).toMatchObject({
      error: 'invalid_dpop_proof',
      reason: 'proof-missing',
    });
    expect((await refresh(first.refresh_token!, await proof({}, {}, await makeKey()))).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'proof-key-differs',
    });
    expect((await refresh(first.refresh_token!, await proof())).body.token_type).toBe('DPoP');
  });

  test('that of a confidential client is not: it proves itself', async () => {
    const api = await confidential(engine);
    const { code, verifier } = await approve(engine, api);
    const first = (
      await ask(
        engine,
        { grant_type: 'authorization_code', code, code_verifier: verifier },
        { authorization: basic(api.clientId), dpop: await proof() },
      )
    ).body;
    expect(
      (
        await ask(
          engine,
          { grant_type: 'refresh_token', refresh_token: first.refresh_token },
          { authorization: basic(api.clientId) },
        )
      ).body.token_type,
    ).toBe('Bearer');
  });

  test('dpop.mode required refuses requests without a proof, off ignores proofs', async () => {
    engine.configure({ 'dpop.mode': 'required' });
    expect((await redeem(undefined)).body).toMatchObject({ error: 'invalid_dpop_proof', reason: 'proof-missing' });
    expect((await redeem(await proof())).status).toBe(200);
    engine.configure({ 'dpop.mode': 'off' });
    expect((await redeem('rubbish')).body.token_type).toBe('Bearer');
  });

  test('a client that registered dpop_bound_access_tokens is held to it', async () => {
    client = await engine.client({ dpop_bound_access_tokens: true });
    expect((await redeem(undefined)).body.reason).toBe('proof-missing');
  });
});

describe('a nonce', () => {
  beforeEach(() => engine.configure({ 'dpop.nonce': ['as'] }));

  test('that is demanded is asked for, and given [#dpop.nonce]', async () => {
    const refused = await redeem(await proof());
    expect(refused).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce', reason: 'proof-nonce' } });
    const nonce = refused.headers.get('dpop-nonce')!;
    expect((await redeem(await proof({ nonce }))).status).toBe(200);
    expect((await redeem(await proof({ nonce: `${nonce}x` }))).body.error).toBe('use_dpop_nonce');
  });

  test('that is old is no longer good', async () => {
    const nonce = (await redeem(await proof())).headers.get('dpop-nonce')!;
    engine.advance(700);
    expect((await redeem(await proof({ nonce }))).body.error).toBe('use_dpop_nonce');
  });

  test('is the cure for a clock that is wrong', async () => {
    const iat = Math.floor(engine.tenant.now() / 1000) - 86_400;
    const nonce = (await redeem(await proof())).headers.get('dpop-nonce')!;
    expect((await redeem(await proof({ nonce, iat }))).status).toBe(200);
  });

  test('of another sandbox, or of the other server, is none', async () => {
    const elsewhere = await openEngine({ config: { 'dpop.nonce': ['as'] } });
    const { freshNonce } = await import('./dpop-nonce.ts');
    expect((await redeem(await proof({ nonce: freshNonce(elsewhere.tenant, 'as') }))).body.error).toBe(
      'use_dpop_nonce',
    );
    expect((await redeem(await proof({ nonce: freshNonce(engine.tenant, 'rs') }))).body.error).toBe('use_dpop_nonce');
    await elsewhere.close();
  });

  test('is replaced after dpop.nonceUses, and the old one is good once more', async () => {
    engine.configure({ 'dpop.nonce': ['as'], 'dpop.nonceUses': 1 });
    const nonce = (await redeem(await proof())).headers.get('dpop-nonce')!;
    const first = await redeem(await proof({ nonce }));
    expect([first.status, first.headers.get('dpop-nonce')]).toEqual([200, expect.any(String)]);
    expect((await redeem(await proof({ nonce }))).status).toBe(200);
    expect((await redeem(await proof({ nonce }))).body.error).toBe('use_dpop_nonce');
    expect((await redeem(await proof({ nonce: first.headers.get('dpop-nonce') }))).status).toBe(200);
  });
});

describe('at a resource', () => {
  const show = async (token: string, headers: Record<string, string>, path = '/mcp') => {
    const outcome = await attempt(async () => {
      await verifyAccessToken(engine.context({ path, method: 'POST', headers }), token, {
        audience: `${engine.tenant.base}/mcp`,
      });
      return new Response();
    });
    return outcome instanceof Response ? 'good' : outcome.reason;
  };
  const at = (token: string, claims: Params | Record<string, unknown> = {}, by = key) =>
    proof({ htu: `${engine.tenant.base}/mcp`, ath: sha256(token), ...claims }, {}, by);

  test('a bound token needs a proof for this token, by its key [#dpop.ath] [#dpop.no-downgrade]', async () => {
    const token = (await redeem(await proof())).body.access_token!;
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at(token) })).toBe('good');
    expect(await show(token, { authorization: `Bearer ${token}` })).toBe('token-binding');
    expect(await show(token, { authorization: `Bearer ${token}`, dpop: await at(token) })).toBe('token-binding');
    expect(await show(token, { authorization: `DPoP ${token}` })).toBe('resource-proof-missing');
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at('another') })).toBe(
      'resource-proof-invalid',
    );
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at(token, {}, await makeKey()) })).toBe(
      'resource-proof-invalid',
    );
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at(token, { htm: 'GET' }) })).toBe(
      'resource-proof-invalid',
    );
    const one = await at(token);
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: one })).toBe('good');
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: one })).toBe('resource-proof-invalid');
  });

  test('an unbound one does not pass for bound, nor where only bound ones are taken', async () => {
    const token = (await redeem(undefined)).body.access_token!;
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at(token) })).toBe('token-binding');
    engine.configure({ 'dpop.mode': 'required' });
    expect(await show(token, { authorization: `Bearer ${token}` })).toBe('token-binding');
  });

  test('a nonce of the resource is demanded there, and that of the token endpoint does not do', async () => {
    const token = (await redeem(await proof())).body.access_token!;
    engine.configure({ 'dpop.nonce': ['rs'] });
    const { freshNonce } = await import('./dpop-nonce.ts');
    expect(await show(token, { authorization: `DPoP ${token}`, dpop: await at(token) })).toBe('resource-proof-nonce');
    expect(
      await show(token, {
        authorization: `DPoP ${token}`,
        dpop: await at(token, { nonce: freshNonce(engine.tenant, 'as') }),
      }),
    ).toBe('resource-proof-nonce');
    expect(
      await show(token, {
        authorization: `DPoP ${token}`,
        dpop: await at(token, { nonce: freshNonce(engine.tenant, 'rs') }),
      }),
    ).toBe('good');
  });

  test('userinfo takes it too', async () => {
    const token = (await redeem(await proof(), { scope: ['openid'] })).body.access_token!;
    const ask401 = async (headers: Record<string, string>) =>
      (await attempt(() => engine.call(userinfo, { path: '/oauth/userinfo', headers }))).status;
    const dpop = await proof({ htm: 'GET', htu: `${engine.tenant.base}/oauth/userinfo`, ath: sha256(token) });
    expect(await ask401({ authorization: `DPoP ${token}`, dpop })).toBe(200);
    expect(await ask401({ authorization: `Bearer ${token}` })).toBe(401);
  });
});
