import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, openInstance, pkce, s256, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

describe('at the authorization endpoint', () => {
  test(
    'a request without a challenge is refused before the user is bothered, from confidential clients too ' +
      '[#pkce.required]',
    async () => {
      for (const one of [client, await sandbox.confidential()]) {
        for (const parameters of [
          { code_challenge: undefined, code_challenge_method: undefined },
          { code_challenge: undefined },
          { code_challenge: '' },
        ]) {
          const answer = await sandbox.authorize(one, parameters);
          const url = new URL(answer.headers.get('location')!);
          expect
            .soft([answer.status, url.host, url.searchParams.get('error'), url.searchParams.has('code')])
            .toEqual([302, 'client.example', 'invalid_request', false]);
        }
      }
    },
  );

  test.each(['plain', '', undefined, 's256', 'S512', 'S256 ', 'none'])(
    'the only method is S256, and a missing one means plain: %j [#pkce.s256]',
    async (code_challenge_method) => {
      const answer = await sandbox.answerOf(client, { code_challenge_method });
      expect([code_challenge_method, answer.get('error'), answer.has('code')]).toEqual([
        code_challenge_method,
        'invalid_request',
        false,
      ]);
    },
  );

  test('a challenge is 43 to 128 characters of the grammar [#pkce.challenge-syntax]', async () => {
    const good = s256('v'.repeat(43));
    for (const code_challenge of [
      good.slice(1),
      `${good}=`,
      'a'.repeat(129),
      good.replace(/.$/, '+'),
      good.replace(/.$/, '/'),
      good.replace(/.$/, ' '),
      good.replace(/.$/, 'é'),
      good.replace(/.$/, '\n'),
      `${good}\u0000`,
    ]) {
      const answer = await sandbox.answerOf(client, { code_challenge });
      expect.soft([code_challenge, answer.get('error')]).toEqual([code_challenge, 'invalid_request']);
    }
  });
});

describe('at the token endpoint', () => {
  test('the SHA-256 of the verifier has to be the challenge [#pkce.verified]', async () => {
    const { code, code_verifier } = await sandbox.code(client);
    const challenge = s256(code_verifier);
    for (const wrong of [
      pkce().verifier,
      challenge,
      code_verifier.slice(1),
      `${code_verifier}a`,
      code_verifier.toUpperCase(),
      createHash('sha256').update(code_verifier).digest('hex'),
      `${code_verifier}=`,
      ` ${code_verifier}`,
      `${code_verifier}\n`,
    ]) {
      expect.soft(await sandbox.redeem(client, { code, code_verifier: wrong })).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    }
    expect((await sandbox.redeem(client, { code, code_verifier })).status).toBe(200);
  });

  test('a missing verifier is invalid_request [#pkce.verifier-required]', async () => {
    for (const one of [client, await sandbox.confidential()]) {
      const { code, code_verifier } = await sandbox.code(one);
      expect
        .soft(await sandbox.redeem(one, { code }))
        .toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect.soft(await sandbox.redeem(one, { code, code_verifier: '' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
      expect.soft((await sandbox.redeem(one, { code, code_verifier })).status).toBe(200);
    }
  });

  test('the example of RFC 7636 Appendix B', async () => {
    const code = (
      await sandbox.answerOf(client, { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' })
    ).get('code')!;
    expect(
      (await sandbox.redeem(client, { code, code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' })).status,
    ).toBe(200);
  });
});

describe('where a sandbox is lenient by name', () => {
  test('plain is compared as it stands; a verifier without a challenge is refused [#pkce.no-downgrade]', async () => {
    const lax = await instance.sandbox({ 'authorize.pkce': 'optional' });
    const loose = await lax.register();
    const verifier = 'v'.repeat(43);
    const plain = (await lax.answerOf(loose, { code_challenge: verifier, code_challenge_method: 'plain' })).get(
      'code',
    )!;
    expect((await lax.redeem(loose, { code: plain })).body.error).toBe('invalid_request');
    expect((await lax.redeem(loose, { code: plain, code_verifier: 'w'.repeat(43) })).body.error).toBe('invalid_grant');
    expect((await lax.redeem(loose, { code: plain, code_verifier: verifier })).status).toBe(200);
    const none = (await lax.answerOf(loose, { code_challenge: undefined, code_challenge_method: undefined })).get(
      'code',
    )!;
    expect((await lax.redeem(loose, { code: none, code_verifier: verifier })).body.error).toBe('invalid_grant');
    expect((await lax.redeem(loose, { code: none })).status).toBe(200);
    // A challenge that was sent counts, also where it need not be.
    const hashed = await lax.code(loose);
    expect((await lax.redeem(loose, { code: hashed.code })).body.error).toBe('invalid_request');
  });
});
