/**
 * Does what the interactive guide of the mock OAuth server shows, parameter by parameter. See
 * docs/compat/interactive-guide.md.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pkce, post, send } from '../lib/http.ts';
import { startServer, type RunningServer } from '../lib/server.ts';

let server: RunningServer;
let clientId: string;
const redirect_uri = 'http://localhost:8976/callback';
beforeAll(async () => {
  server = await startServer();
  const registered = await send('POST', `${server.origin}/oauth/register`, {
    redirect_uris: [redirect_uri],
    token_endpoint_auth_method: 'none',
  });
  clientId = ((await registered.json()) as { client_id: string }).client_id;
});
afterAll(() => server.close());

async function open(extra: Record<string, string>): Promise<{ response: Response; verifier: string }> {
  const { verifier, challenge } = pkce();
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri,
    state: 'a-state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...extra,
  });
  return { response: await fetch(`${server.origin}/oauth/authorize?${query}`, { redirect: 'manual' }), verifier };
}

async function redeem({
  response,
  verifier,
}: {
  response: Response;
  verifier: string;
}): Promise<Record<string, string>> {
  const code = new URL(response.headers.get('location')!).searchParams.get('code')!;
  return (await (
    await post(`${server.origin}/oauth/token`, {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      code_verifier: verifier,
    })
  ).json()) as never;
}

const subOf = (token: Record<string, string>) =>
  JSON.parse(Buffer.from(token.access_token!.split('.')[1]!, 'base64url').toString()).sub as string;

test('auto_approve=true skips consent and makes up a new user each time', async () => {
  const first = await redeem(await open({ auto_approve: 'true' }));
  const second = await redeem(await open({ auto_approve: 'true' }));
  expect(subOf(first)).not.toBe(subOf(second));
});

test('auto_approve_email and auto_approve_password sign the same user in, and refuse a wrong password', async () => {
  const user = { auto_approve_email: 'kept@example.com', auto_approve_password: 'correct horse' };
  expect(subOf(await redeem(await open(user)))).toBe(subOf(await redeem(await open(user))));
  const wrong = await open({ ...user, auto_approve_password: 'wrong' });
  expect(new URL(wrong.response.headers.get('location')!).searchParams.get('error')).toBe('access_denied');
  const half = await open({ auto_approve_email: 'kept@example.com' });
  expect(new URL(half.response.headers.get('location')!).searchParams.get('error')).toBe('invalid_request');
});

test('expires_in sets how long the access token lives', async () => {
  expect((await redeem(await open({ auto_approve: 'true', expires_in: '7' }))).expires_in).toBe(7);
  for (const bad of ['0', '-1', '31536001', '1e3', 'soon']) {
    const { response } = await open({ auto_approve: 'true', expires_in: bad });
    expect.soft(new URL(response.headers.get('location')!).searchParams.get('error'), bad).toBe('invalid_request');
  }
});

test.each([{ action: 'auto' }, { action: 'login', email: 'form@example.com', password: 'a password' }])(
  'the form of the consent page takes action=auto and action=login, as a script posts it: %j',
  async (form) => {
    const { response, verifier } = await open({});
    const page = response.headers.get('location')!;
    expect(page).toContain('/consent/');
    const interaction = decodeURIComponent(new URL(page, server.origin).pathname.split('/').pop()!);
    const answer = await post(`${server.origin}/oauth/authorize`, {
      interaction,
      scope: 'notes:read',
      ...form,
    } as unknown as Record<string, string>);
    expect([302, 303]).toContain(answer.status);
    expect((await redeem({ response: answer, verifier })).access_token).toBeTruthy();
  },
);

test('/no-auth and /bearer answer without OAuth, / tells about the server, /health is healthy', async () => {
  const call = (path: string, headers: Record<string, string> = {}) =>
    send(
      'POST',
      `${server.origin}${path}`,
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      },
      { accept: 'application/json, text/event-stream', ...headers },
    );
  expect((await call('/no-auth')).status).toBe(200);
  expect((await call('/bearer')).status).toBe(401);
  expect((await call('/bearer', { authorization: 'Bearer anything' })).status).toBe(200);
  expect((await call('/oauth')).status).toBe(401);
  expect(await (await fetch(server.origin)).json()).toMatchObject({
    name: expect.any(String),
    version: expect.any(String),
    issuer: server.origin,
  });
  expect(await (await fetch(`${server.origin}/health`)).json()).toMatchObject({ status: 'healthy' });
});
