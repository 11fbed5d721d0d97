/** What many do at the same moment, over real connections. */
import type { Sandbox } from 'authwalk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorize, pkce, post, register, type RegisteredClient } from '../lib/http.ts';
import { type RunningServer, startServer } from '../lib/server.ts';

let server: RunningServer;
let sandbox: Sandbox;
let client: RegisteredClient;
const CALLBACK = 'http://127.0.0.1/callback';
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox();
  client = await register(sandbox.issuer, {
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  });
});
afterAll(() => server.close());

interface Outcome {
  readonly status: number;
  readonly body: Record<string, string>;
}
const token = async (issuer: string, form: Record<string, string>): Promise<Outcome> => {
  const answer = await post(`${issuer}/oauth/token`, { client_id: client.client_id, ...form });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};
const many = <T>(count: number, what: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => what(at)));
async function codeFor(place: Sandbox, one = client) {
  const { verifier, challenge } = pkce();
  const url = await authorize(place, {
    client_id: one.client_id,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return { grant_type: 'authorization_code', code: url.searchParams.get('code')!, code_verifier: verifier };
}
const alive = async (access: string) =>
  (await fetch(`${sandbox.issuer}/api/resource`, { headers: { authorization: `Bearer ${access}` } })).status === 200;

test('two hundred redemptions of one code give exactly one token, and it is dead after the second', async () => {
  const code = await codeFor(sandbox);
  const answers = await many(200, () => token(sandbox.issuer, code));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toHaveLength(199);
  expect(await alive(won[0]!.body.access_token!)).toBe(false);
});

test('two hundred redemptions of which one is right spend the code once and end nothing', async () => {
  const code = await codeFor(sandbox);
  const answers = await many(200, (at) =>
    token(sandbox.issuer, at === 100 ? code : { ...code, code_verifier: 'w'.repeat(43) }),
  );
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(await alive(won[0]!.body.access_token!)).toBe(true);
});

test('two hundred refreshes of one token give one success, and the family is dead', async () => {
  const first = await token(sandbox.issuer, await codeFor(sandbox));
  const answers = await many(200, () =>
    token(sandbox.issuer, { grant_type: 'refresh_token', refresh_token: first.body.refresh_token! }),
  );
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toHaveLength(199);
  expect(await alive(won[0]!.body.access_token!)).toBe(false);
  expect(
    (await token(sandbox.issuer, { grant_type: 'refresh_token', refresh_token: won[0]!.body.refresh_token! })).body
      .error,
  ).toBe('invalid_grant');
});

test('a redemption, a refresh and a revocation at the same moment leave no living token behind', async () => {
  for (let round = 0; round < 10; round += 1) {
    const first = await token(sandbox.issuer, await codeFor(sandbox));
    const [refreshed] = await Promise.all([
      token(sandbox.issuer, { grant_type: 'refresh_token', refresh_token: first.body.refresh_token! }),
      post(`${sandbox.issuer}/oauth/revoke`, { token: first.body.refresh_token!, client_id: client.client_id }),
    ]);
    expect.soft(await alive(first.body.access_token!)).toBe(false);
    if (refreshed.status === 200) expect.soft(await alive(refreshed.body.access_token!)).toBe(false);
  }
});

test('fifty decisions on one visit give one code', async () => {
  const { challenge } = pkce();
  const answer = await fetch(
    `${sandbox.issuer}/oauth/authorize?${new URLSearchParams({
      client_id: client.client_id,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })}`,
    { redirect: 'manual' },
  );
  const interaction = /\/consent\/(.+)$/.exec(answer.headers.get('location')!)![1]!;
  const answers = await many(50, (at) =>
    post(`${sandbox.issuer}/oauth/authorize`, { interaction, action: at % 2 ? 'auto' : 'deny' }),
  );
  const redirected = answers
    .map((one) => one.headers.get('location'))
    .filter((location) => location?.startsWith(CALLBACK));
  expect(redirected).toHaveLength(1);
});

test('one email address makes one user, however many sign in with it first', async () => {
  const answers = await many(10, () =>
    authorize(sandbox, {
      client_id: client.client_id,
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      auto_approve_email: 'first@example.com',
      auto_approve_password: 'secret',
    }),
  );
  expect(answers.every((url) => url.searchParams.has('code'))).toBe(true);
  const other = await authorize(sandbox, {
    client_id: client.client_id,
    code_challenge: pkce().challenge,
    code_challenge_method: 'S256',
    auto_approve_email: 'first@example.com',
    auto_approve_password: 'another',
  });
  expect(other.searchParams.get('error')).toBe('access_denied');
});

test('forty sandboxes at once do not touch each other', async () => {
  const places = await many(40, () => server.sandbox({ consent: 'approve' }));
  const outcomes = await Promise.all(
    places.map(async (place) => {
      const own = await register(place.issuer, {
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      });
      const code = await codeFor(place, own);
      const answer = await post(`${place.issuer}/oauth/token`, { ...code, client_id: own.client_id });
      const { access_token } = (await answer.json()) as { access_token: string };
      const seen = (await (
        await fetch(`${place.issuer}/api/resource`, { headers: { authorization: `Bearer ${access_token}` } })
      ).json()) as { issuer: string; client_id: string };
      return seen.issuer === place.issuer && seen.client_id === own.client_id;
    }),
  );
  expect(outcomes.every(Boolean)).toBe(true);
});
