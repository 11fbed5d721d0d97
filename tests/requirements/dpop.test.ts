import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  CALLBACK,
  type Instance,
  openInstance,
  s256,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly jkt: string;
}
async function newKey(alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) };
}

/** A proof; what is undefined is left out. */
async function proof(
  key: Key,
  htm: string,
  htu: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const all: Record<string, unknown> = { jti: randomUUID(), htm, htu, iat: Math.floor(Date.now() / 1000), ...claims };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...header })
    .sign(key.privateKey);
}
const tokenProof = async (key: Key, place = sandbox, claims = {}) => ({
  dpop: await proof(key, 'POST', `${place.issuer}/oauth/token`, claims),
});
const bound = async (key: Key, place = sandbox, one = client, parameters = {}) => {
  const answer = await place.redeem(one, await place.code(one, parameters), {}, await tokenProof(key, place));
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
};
/** Shows a bound token at a resource. */
async function show(
  token: string,
  key: Key | null,
  path = '/mcp',
  place = sandbox,
  claims: Record<string, unknown> = {},
  scheme = 'DPoP',
) {
  const method = path === '/mcp' ? 'POST' : 'GET';
  const headers = {
    authorization: `${scheme} ${token}`,
    ...(key === null ? {} : { dpop: await proof(key, method, place.issuer + path, { ath: s256(token), ...claims }) }),
  };
  return path === '/mcp' ? place.call(null, 'notes_list', {}, { headers }) : place.get(path, headers);
}

describe('at the token endpoint', () => {
  test('a bound actor token is exchanged by the holder of its key alone', async () => {
    const key = await newKey();
    const service = await sandbox.confidential({ redirect_uris: [], grant_types: ['client_credentials', EXCHANGE] });
    const own = (headers = {}) =>
      sandbox.token({ grant_type: 'client_credentials' }, { ...basicOf(service), ...headers });
    const actor = (await own(await tokenProof(key))).body.access_token;
    const form = {
      grant_type: EXCHANGE,
      subject_token: (await own()).body.access_token,
      subject_token_type: ACCESS,
      actor_token: actor,
      actor_token_type: ACCESS,
    };
    expect((await sandbox.token(form, basicOf(service))).body.error).toBe('invalid_dpop_proof');
    const other = { ...basicOf(service), ...(await tokenProof(await newKey())) };
    expect((await sandbox.token(form, other)).body.error).toBe('invalid_grant');
    expect((await sandbox.token(form, { ...basicOf(service), ...(await tokenProof(key)) })).status).toBe(200);
  });

  test(
    'a proof is of this method, address, moment and key, typed dpop+jwt, and asymmetric ' + '[#dpop.proof-verified]',
    async () => {
      const key = await newKey();
      const other = await newKey();
      const at = `${sandbox.issuer}/oauth/token`;
      const now = await sandbox.now();
      const api = await sandbox.confidential();
      const good = await proof(key, 'POST', at);
      const [head, body, signature] = good.split('.');
      const bad: [string, string][] = [
        ['method', await proof(key, 'GET', at)],
        ['method', await proof(key, 'post', at)],
        ['address', await proof(key, 'POST', `${at}/`)],
        ['address', await proof(key, 'POST', sandbox.issuer)],
        ['address', await proof(key, 'POST', 'http://127.0.0.1:3000/oauth/token')],
        ['address', await proof(key, 'POST', 'https://localhost:3000/oauth/token')],
        ['address', await proof(key, 'POST', at, { htu: undefined })],
        ['address', await proof(key, 'POST', at, { htu: 7 })],
        ['address', await proof(key, 'POST', at.replace('localhost', 'somebody@localhost'))],
        ['moment', await proof(key, 'POST', at, { iat: now - 1000 })],
        ['moment', await proof(key, 'POST', at, { iat: now + 1000 })],
        ['moment', await proof(key, 'POST', at, { iat: undefined })],
        ['moment', await proof(key, 'POST', at, { iat: String(now) })],
        ['moment', await proof(key, 'POST', at, { exp: now - 1 })],
        ['moment', await proof(key, 'POST', at, { nbf: now + 1000 })],
        ['jti', await proof(key, 'POST', at, { jti: undefined })],
        ['jti', await proof(key, 'POST', at, { jti: '' })],
        ['htm', await proof(key, 'POST', at, { htm: undefined })],
        ['type', await proof(key, 'POST', at, {}, { typ: 'JWT' })],
        ['type', await proof(key, 'POST', at, {}, { typ: undefined })],
        ['key', await proof(other, 'POST', at, {}, { jwk: key.jwk })],
        ['key', await proof(key, 'POST', at, {}, { jwk: undefined })],
        ['private key', await proof(key, 'POST', at, {}, { jwk: await exportJWK(key.privateKey) })],
        [
          'symmetric',
          await new SignJWT({ jti: 'x', htm: 'POST', htu: at, iat: now })
            .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'AAAA' } as JWK })
            .sign(new TextEncoder().encode('x'.repeat(32))),
        ],
        [
          'none',
          `${Buffer.from(
            JSON.stringify({
              alg: 'none',
              typ: 'dpop+jwt',
              jwk: key.jwk,
            }),
          ).toString('base64url')}.${body}.`,
        ],
        ['signature', `${head}.${body}.${'A'.repeat(signature!.length)}`],
        [
          'claims',
          `${head}.${Buffer.from(JSON.stringify({ ...decodeJwt(good), jti: 'y' })).toString('base64url')}.${signature}`,
        ],
        ['shape', 'x'],
        ['shape', ''],
        ['two', `${good}, ${await proof(key, 'POST', at)}`],
      ];
      for (const [what, dpop] of bad) {
        const answer = await sandbox.token({ grant_type: 'client_credentials' }, { ...basicOf(api), dpop });
        expect.soft([what, answer.status, answer.body.error]).toEqual([what, 400, 'invalid_dpop_proof']);
        if (what === 'two') expect.soft(answer.body.error_description).toContain('one DPoP header');
      }
      // The same address by the normalisation of RFC 3986 §6.2.2 and §6.2.3.
      for (const htu of [
        `${at}?query=is#ignored`,
        at.replace('http://localhost', 'HTTP://LocalHost'),
        at.replace('/token', '/tok%65n'),
        at.replace('/token', '/./x/../token'),
      ]) {
        const dpop = await proof(key, 'POST', htu);
        const { body } = await sandbox.token({ grant_type: 'client_credentials' }, { ...basicOf(api), dpop });
        expect.soft([htu, body.token_type]).toEqual([htu, 'DPoP']);
      }
    },
  );

  test('the token is bound to the key of the proof, with token_type DPoP [#dpop.token-bound]', async () => {
    for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519']) {
      const key = await newKey(alg);
      const dpop = await new SignJWT({
        jti: randomUUID(),
        htm: 'POST',
        htu: `${sandbox.issuer}/oauth/token`,
        iat: await sandbox.now(),
      })
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: key.jwk })
        .sign(key.privateKey);
      const { body } = await sandbox.redeem(client, await sandbox.code(client), {}, { dpop });
      expect.soft(body.token_type).toBe('DPoP');
      expect.soft(decodeJwt(body.access_token).cnf).toEqual({ jkt: key.jkt });
      expect
        .soft(await sandbox.introspect(body.access_token))
        .toMatchObject({ token_type: 'DPoP', cnf: { jkt: key.jkt } });
    }
    expect((await sandbox.tokens(client)).token_type).toBe('Bearer');
  });

  test('a proof is taken once, also where many bring it at the same moment [#dpop.replay]', async () => {
    const key = await newKey();
    const api = await sandbox.confidential();
    const headers = { ...basicOf(api), ...(await tokenProof(key)) };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sandbox.token({ grant_type: 'client_credentials' }, headers)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_dpop_proof')).toHaveLength(19);
    const { access_token } = answers.find(({ status }) => status === 200)!.body;
    const dpop = await proof(key, 'POST', sandbox.mcp, { ath: s256(access_token) });
    const shown = () =>
      sandbox.call(null, 'notes_list', {}, { headers: { authorization: `DPoP ${access_token}`, dpop } });
    expect([(await shown()).status, (await shown()).status]).toEqual([200, 401]);
  });

  test('the refresh token of a public client is bound to the key [#dpop.refresh-bound]', async () => {
    const [key, other] = [await newKey(), await newKey()];
    const first = await bound(key);
    expect((await sandbox.refresh(client, first.refresh_token)).body.error).toBe('invalid_dpop_proof');
    expect((await sandbox.refresh(client, first.refresh_token, {}, await tokenProof(other))).body.error).toBe(
      'invalid_grant',
    );
    const { status, body } = await sandbox.refresh(client, first.refresh_token, {}, await tokenProof(key));
    expect([status, body.token_type, decodeJwt(body.access_token).cnf]).toEqual([200, 'DPoP', { jkt: key.jkt }]);
    // A confidential client proves itself anyway.
    const api = await sandbox.confidential();
    const its = await bound(key, sandbox, api);
    expect((await sandbox.refresh(api, its.refresh_token, {}, await tokenProof(other))).status).toBe(200);
  });

  test('a code that was asked for with dpop_jkt is redeemed with that key [#dpop.code-bound]', async () => {
    const [key, other] = [await newKey(), await newKey()];
    const code = await sandbox.code(client, { dpop_jkt: key.jkt });
    expect((await sandbox.redeem(client, code)).body.error).toBe('invalid_dpop_proof');
    expect((await sandbox.redeem(client, code, {}, await tokenProof(other))).body.error).toBe('invalid_grant');
    expect((await sandbox.redeem(client, code, {}, await tokenProof(key))).status).toBe(200);
    for (const dpop_jkt of ['x', `${key.jkt}=`, key.jkt.slice(1)])
      expect.soft((await sandbox.answerOf(client, { dpop_jkt })).get('error')).toBe('invalid_request');
  });

  test('a pushed request with a proof binds the code', async () => {
    const [key, other] = [await newKey(), await newKey()];
    const pushed = await sandbox.post(
      '/oauth/par',
      {
        client_id: client.client_id,
        response_type: 'code',
        redirect_uri: CALLBACK,
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
      },
      { dpop: await proof(key, 'POST', `${sandbox.issuer}/oauth/par`) },
    );
    expect(pushed.status).toBe(201);
    const answer = await sandbox.authorize(client, [
      ['client_id', client.client_id],
      ['request_uri', pushed.body.request_uri],
      ['auto_approve', 'true'],
    ]);
    const code = {
      code: new URL(answer.headers.get('location')!).searchParams.get('code')!,
      code_verifier: 'v'.repeat(43),
    };
    expect((await sandbox.redeem(client, code, {}, await tokenProof(other))).body.error).toBe('invalid_grant');
    expect((await sandbox.redeem(client, code, {}, await tokenProof(key))).status).toBe(200);
    const contrary = await sandbox.post(
      '/oauth/par',
      {
        client_id: client.client_id,
        response_type: 'code',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
        dpop_jkt: other.jkt,
      },
      { dpop: await proof(key, 'POST', `${sandbox.issuer}/oauth/par`) },
    );
    expect(contrary).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
  });
});

describe('at the resources', () => {
  const PATHS = ['/mcp', '/api/resource', '/oauth/userinfo'];

  test('the proof carries the hash of the token [#dpop.ath]', async () => {
    const key = await newKey();
    const { access_token } = await bound(key, sandbox, client, { scope: 'openid notes:read' });
    const another = await bound(key, sandbox, client, { scope: 'openid notes:read' });
    for (const path of PATHS) {
      expect.soft([path, (await show(access_token, key, path)).status]).toEqual([path, 200]);
      for (const claims of [
        { ath: undefined },
        { ath: s256(another.access_token) },
        { ath: access_token },
        { htm: 'DELETE' },
        { htu: `${sandbox.issuer}/oauth/token` },
        { iat: 1 },
      ]) {
        const answer = await show(access_token, key, path, sandbox, claims);
        expect
          .soft([path, claims, answer.status, answer.headers.get('www-authenticate')])
          .toEqual([
            path,
            claims,
            401,
            expect.stringMatching(/^DPoP .*error="invalid_dpop_proof".*algs="ES256 .* Ed25519"/),
          ]);
      }
    }
  });

  test('a bound token is nothing as a bearer token, nor by another key [#dpop.no-downgrade]', async () => {
    const [key, thief] = [await newKey(), await newKey()];
    const { access_token } = await bound(key, sandbox, client, { scope: 'openid notes:read' });
    for (const path of PATHS) {
      for (const answer of [
        await show(access_token, null, path, sandbox, {}, 'Bearer'),
        await show(access_token, key, path, sandbox, {}, 'Bearer'),
        await show(access_token, null, path),
        await show(access_token, thief, path),
      ]) {
        expect
          .soft([path, answer.status, answer.headers.get('www-authenticate')])
          .toEqual([path, 401, expect.stringMatching(/^DPoP /)]);
      }
    }
    // Nor is an unbound one anything under the other scheme.
    const plain = await sandbox.tokens(client);
    expect((await show(plain.access_token, key)).status).toBe(401);
    const opaque = await instance.sandbox({ 'tokens.format': 'opaque' });
    const one = await opaque.register();
    const its = await bound(key, opaque, one);
    expect((await opaque.call(its.access_token)).status).toBe(401);
    expect((await show(its.access_token, key, '/mcp', opaque)).status).toBe(200);
  });

  test('a thief with a client of their own cannot exchange the binding away [#dpop.exchange-keeps]', async () => {
    const [key, thief] = [await newKey(), await newKey()];
    const { access_token } = await bound(key);
    await sandbox.configure({ 'exchange.policy': 'open' });
    const mallory = await sandbox.confidential({
      grant_types: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      redirect_uris: [],
    });
    const exchange = async (headers: Record<string, string>) =>
      sandbox.token(
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: access_token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          resource: sandbox.mcp,
        },
        { ...basicOf(mallory), ...headers },
      );
    for (const headers of [{}, await tokenProof(thief)]) {
      const answer = await exchange(headers);
      expect.soft([answer.status, answer.body.access_token]).toEqual([400, undefined]);
    }
    const { body } = await exchange(await tokenProof(key));
    expect([body.token_type, decodeJwt(body.access_token).cnf]).toEqual(['DPoP', { jkt: key.jkt }]);
  });
});

describe('by configuration', () => {
  test('a missing nonce is answered with use_dpop_nonce and the nonce in DPoP-Nonce [#dpop.nonce]', async () => {
    const place = await instance.sandbox({ 'dpop.nonce': ['as', 'rs'] });
    const one = await place.register();
    const key = await newKey();
    const code = await place.code(one);
    const first = await place.redeem(one, code, {}, await tokenProof(key, place));
    const nonce = first.headers.get('dpop-nonce');
    expect([first.status, first.body.error, nonce]).toEqual([400, 'use_dpop_nonce', expect.any(String)]);
    for (const wrong of ['x', `${nonce}x`, 7])
      expect
        .soft((await place.redeem(one, code, {}, await tokenProof(key, place, { nonce: wrong }))).body.error)
        .toBe('use_dpop_nonce');
    const other = await instance.sandbox({ 'dpop.nonce': ['as'] });
    const foreign = (
      await other.redeem(await other.register(), { code: 'x' }, {}, await tokenProof(key, other))
    ).headers.get('dpop-nonce');
    expect((await place.redeem(one, code, {}, await tokenProof(key, place, { nonce: foreign }))).body.error).toBe(
      'use_dpop_nonce',
    );
    const { status, body } = await place.redeem(one, code, {}, await tokenProof(key, place, { nonce }));
    expect(status).toBe(200);
    const asked = await show(body.access_token, key, '/mcp', place);
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^DPoP .*error="use_dpop_nonce"/),
    ]);
    const second = asked.headers.get('dpop-nonce');
    expect((await show(body.access_token, key, '/mcp', place, { nonce })).status).toBe(401);
    expect((await show(body.access_token, key, '/mcp', place, { nonce: second })).status).toBe(200);
    await place.advance(3000);
    expect((await show(body.access_token, key, '/mcp', place, { nonce: second })).status).toBe(401);
  });

  test('where proofs are required, and for clients that registered so, none is refused [#dpop.required]', async () => {
    const place = await instance.sandbox({ 'dpop.mode': 'required' });
    const one = await place.register();
    expect((await place.redeem(one, await place.code(one))).body.error).toBe('invalid_dpop_proof');
    expect((await place.redeem(one, await place.code(one), {}, await tokenProof(await newKey(), place))).status).toBe(
      200,
    );
    // Nor does the resource take one that is bound to nothing, as it may have been given before.
    const changed = await instance.sandbox();
    const plain = await changed.tokens(await changed.register());
    await changed.configure({ 'dpop.mode': 'required' });
    const key = await newKey();
    for (const answer of [await changed.call(plain.access_token), await show(plain.access_token, key, '/mcp', changed)])
      expect
        .soft([answer.status, answer.headers.get('www-authenticate'), answer.body.error])
        .toEqual([401, expect.stringMatching(/^DPoP /), 'invalid_token']);
    const strict = await sandbox.register({ dpop_bound_access_tokens: true });
    expect((await sandbox.redeem(strict, await sandbox.code(strict))).body.error).toBe('invalid_dpop_proof');
  });
});

test('the metadata lists the algorithms of proofs, asymmetric ones only [#dpop.metadata]', async () => {
  for (const address of [
    `${sandbox.issuer}/.well-known/oauth-authorization-server`,
    `${sandbox.origin}/.well-known/oauth-protected-resource/s/${sandbox.id}/mcp`,
  ]) {
    const algorithms: string[] = (await instance.ask(address)).body.dpop_signing_alg_values_supported;
    expect.soft(algorithms).toEqual(expect.arrayContaining(['ES256', 'RS256', 'EdDSA', 'Ed25519']));
    expect.soft(algorithms.filter((alg) => /^HS|none/i.test(alg))).toEqual([]);
  }
});
