/** One address that fills an issuer: whoever else comes is served, and keeps what they have. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { form, json, testServer } from '#lib/server/testing.ts';

const PUBLIC = 'https://walk.example';
const CALLBACK = 'https://client.example/cb';
let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  server = await testServer({ PUBLIC_URL: PUBLIC, TRUST_PROXY: '1', AUTHWALK_RATE_LIMITS: 'off' });
});
afterAll(() => server.close());

interface Client {
  readonly client_id: string;
  readonly client_secret: string;
}

async function register(from: string): Promise<Client> {
  const metadata = {
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  };
  const answer = await server.ask('/oauth/register', json(metadata, 'POST', { 'x-forwarded-for': from }));
  expect(answer.status).toBe(201);
  return (await answer.json()) as Client;
}

const tokenFor = ({ client_id, client_secret }: Client) =>
  server.ask('/oauth/token', form({ grant_type: 'client_credentials', client_id, client_secret }));

test('registers clients without end, and takes the place of nobody who is at work', async () => {
  const atWork = await register('198.51.100.1');
  expect((await tokenFor(atWork)).status).toBe(200);
  const justRegistered = await register('198.51.100.2');
  for (let batch = 0; batch < 24; batch += 1)
    await Promise.all(Array.from({ length: 50 }, (_, at) => register(`2001:db8:1:2::${batch}:${at}`)));
  const late = await register('198.51.100.3');
  for (const client of [atWork, justRegistered, late]) expect.soft((await tokenFor(client)).status).toBe(200);
});

test('signs up users without end, and nobody else is turned away or forgotten', async () => {
  const client = await register('198.51.100.1');
  const signIn = async (from: string, name: string): Promise<string | null> => {
    const query = new URLSearchParams({
      client_id: client.client_id,
      response_type: 'code',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      auto_approve_email: `${name}@example.com`,
      auto_approve_password: `password of ${name}`,
    });
    const answer = await server.ask(`/oauth/authorize?${query}`, { headers: { 'x-forwarded-for': from } });
    return new URL(answer.headers.get('location') ?? CALLBACK).searchParams.get('code');
  };
  expect(await signIn('198.51.100.1', 'ada')).not.toBeNull();
  const { store, passwords } = server.container;
  const passwordHash = await passwords.hash('password of a bot');
  for (let at = 0; at < 1000; at += 1)
    await store.tenant('default').createUserIfNone(
      {
        sub: `bot-${at}`,
        email: `bot-${at}@example.com`,
        passwordHash,
        claims: {},
        temporary: false,
        createdAt: Date.now(),
        lastUsedAt: Date.now(),
      },
      'one-address',
    );
  expect(await signIn('198.51.100.2', 'grace')).not.toBeNull();
  expect(await store.tenant('default').findUser('ada@example.com')).not.toBeNull();
  expect(await store.tenant('default').findUser('grace@example.com')).not.toBeNull();
});
