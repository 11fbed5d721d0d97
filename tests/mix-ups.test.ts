/**
 * What the server knows of a value that is wrong here and right elsewhere stands in the record, never in the answer.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CALLBACK,
  decide,
  type Instance,
  openInstance,
  type TestClient,
  type TestSandbox,
  visit,
} from './lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register({ redirect_uris: [CALLBACK, 'https://client.example/other'] });
});
afterAll(() => instance.close());

const ONE = { redirect_uri: CALLBACK };

/** Redeems, and reads what the record says of the refusal. */
async function refused(
  form: Record<string, string>,
): Promise<{ reason: string; says: string | undefined; wire: string }> {
  const answer = await sandbox.token({ grant_type: 'authorization_code', client_id: client.client_id, ...form });
  expect(answer.status).toBe(400);
  const { body } = await sandbox.control('GET', '/exchanges?limit=500');
  const { reason, evidence, between } = body.exchanges.at(-1);
  expect(between.at(-1).evidence ?? null).toEqual(evidence);
  return { reason, says: evidence?.elsewhere?.says, wire: answer.text };
}

test('the verifier of another request, the challenge in its place, and a redirect URI of another request', async () => {
  const first = await sandbox.code(client, ONE);
  const second = await sandbox.code(client, { redirect_uri: 'https://client.example/other' });
  const crossed = await refused({ code: second.code, code_verifier: first.code_verifier });
  expect(crossed).toMatchObject({
    reason: 'verifier-mismatch',
    says: expect.stringMatching(/^This is the verifier of/),
  });
  expect(crossed.wire).not.toContain('of another');
  const otherUri = await refused({ ...second, redirect_uri: CALLBACK });
  expect(otherUri).toMatchObject({
    reason: 'redirect-uri-differs',
    says: expect.stringMatching(/^This is the redirect URI of/),
  });
});

test('the challenge in place of the verifier', async () => {
  const answer = await sandbox.answerOf(client, ONE);
  const challenge = new URL(sandbox.authorizeUrl(client)).searchParams.get('code_challenge')!;
  expect(await refused({ code: answer.get('code')!, code_verifier: challenge })).toMatchObject({
    reason: 'verifier-mismatch',
    says: expect.stringMatching(/^This is the challenge itself/),
  });
});

test('a state, a verifier or a token in place of the code', async () => {
  const code = await sandbox.code(client, { ...ONE, state: 'state-of-this-request' });
  const tokens = await sandbox.tokens(client, ONE);
  const cases = [
    ['state-of-this-request', /^This is the state, and not the code, of/],
    [code.code_verifier, /^This is the verifier, and not the code, of/],
    [tokens.access_token, /^This is an access token/],
    [tokens.refresh_token, /^This is a refresh token/],
  ] as const;
  for (const [value, says] of cases) {
    expect.soft(await refused({ code: value, code_verifier: code.code_verifier })).toMatchObject({
      reason: 'code-unknown',
      says: expect.stringMatching(says),
    });
  }
});

test('the refusal after a denial names the denial, until a request is approved', async () => {
  const open = await visit(sandbox, client, ONE);
  await decide(sandbox, open, { action: 'deny' });
  expect(await refused({ code_verifier: open.verifier })).toMatchObject({
    reason: 'parameter-missing',
    says: expect.stringMatching(/^The user denied/),
  });
  expect((await refused({ code: 'access_denied', code_verifier: open.verifier })).says).toMatch(/^The user denied/);
  await sandbox.code(client, ONE);
  expect((await refused({ code: 'unknown', code_verifier: open.verifier })).says).toBeUndefined();
});
