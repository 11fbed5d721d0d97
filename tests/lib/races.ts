/** Every race that only one may win, over HTTP, against two processes on one database. */
import { connectAuthwalk, type Sandbox } from 'authwalk/testing';
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorize, pkce, post, type RegisteredClient, register, send } from './http.ts';
import { patiently } from './instances.ts';

const CALLBACK = 'http://127.0.0.1/callback';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const MANY = 12;

/** Where many ask at once, and two processes answer. */
export interface Raced {
  readonly origin: string;
  stop(): Promise<unknown>;
}

/** Declares the races. @param start starts the two processes */
export function races(start: () => Promise<Raced>): void {
  let pair: Raced;
  let sandbox: Sandbox;
  let client: RegisteredClient;

  beforeAll(async () => {
    pair = await start();
    sandbox = await (await connectAuthwalk(pair.origin)).sandbox();
    client = await register(sandbox.issuer, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', DEVICE],
    });
  }, 120_000);
  afterAll(() => pair?.stop());

  const many = <T>(ask: (at: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: MANY }, (_, at) => ask(at)));
  /** How often each status came. The proxy sends them to the two in turn. */
  const race = async (ask: (at: number) => Promise<Response>): Promise<Record<number, number>> => {
    const counts: Record<number, number> = {};
    for (const { status } of await many((at) => patiently(() => ask(at)))) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  const oneWins = (refused: number, status = 200) => ({ [status]: 1, [refused]: MANY - 1 });
  const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    post(`${sandbox.issuer}/oauth/token`, { client_id: client.client_id, ...form }, headers);
  const codeForm = async () => {
    const { verifier, challenge } = pkce();
    const asked = { client_id: client.client_id, code_challenge: challenge, code_challenge_method: 'S256' };
    const url = await authorize(sandbox, asked);
    return { grant_type: 'authorization_code', code: url.searchParams.get('code')!, code_verifier: verifier };
  };
  const tokens = async () => (await (await token(await codeForm())).json()) as Record<string, string>;
  const isActive = async (access: string) => {
    const answer = await fetch(`${sandbox.issuer}/api/resource`, { headers: { authorization: `Bearer ${access}` } });
    await answer.text();
    return answer.status === 200;
  };
  const own = () => ({ authorization: `Bearer ${sandbox.controlToken}` });
  const control = (method: string, path: string, body?: unknown) =>
    body === undefined
      ? fetch(`${pair.origin}/api/sandboxes/${sandbox.id}${path}`, { method, headers: own() })
      : send(method, `${pair.origin}/api/sandboxes/${sandbox.id}${path}`, body, own());

  test('redemptions of a code, one gives tokens, and they end with the second', async () => {
    for (let round = 0; round < 5; round += 1) {
      const form = await codeForm();
      const given: string[] = [];
      const answers = await race(async () => {
        const answer = await token(form);
        if (answer.status === 200) given.push(((await answer.clone().json()) as Record<string, string>).access_token!);
        return answer;
      });
      expect.soft(answers).toEqual(oneWins(400));
      expect.soft(await isActive(given[0]!)).toBe(false);
    }
  });

  test('uses of a refresh token, one wins, and the family ends', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { access_token, refresh_token } = await tokens();
      const form = { grant_type: 'refresh_token', refresh_token: refresh_token! };
      expect.soft(await race(() => token(form))).toEqual(oneWins(400));
      expect.soft(await isActive(access_token!)).toBe(false);
    }
  });

  test('refreshes beside a revocation, no living token is left', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { access_token, refresh_token } = await tokens();
      const left = [access_token!];
      await Promise.all([
        post(`${sandbox.issuer}/oauth/revoke`, { token: refresh_token!, client_id: client.client_id }),
        token({ grant_type: 'refresh_token', refresh_token: refresh_token! }).then(async (answer) => {
          if (answer.status === 200) left.push(((await answer.json()) as Record<string, string>).access_token!);
        }),
      ]);
      for (const access of left) expect.soft(await isActive(access)).toBe(false);
    }
  });

  test('decisions on one visit to the consent page, one leads back to the client', async () => {
    const { challenge } = pkce();
    const asked = { client_id: client.client_id, code_challenge: challenge, code_challenge_method: 'S256' };
    const to = await fetch(`${sandbox.issuer}/oauth/authorize?${new URLSearchParams(asked)}`, { redirect: 'manual' });
    const interaction = /\/consent\/(.+)$/.exec(to.headers.get('location')!)![1]!;
    const answers = await many((at) =>
      patiently(() =>
        post(`${sandbox.issuer}/oauth/authorize`, { interaction, action: at % 2 === 0 ? 'auto' : 'deny' }),
      ),
    );
    const back = answers.filter((answer) => answer.headers.get('location')?.startsWith(CALLBACK));
    expect(back).toHaveLength(1);
  });

  test('decisions about a device, one holds; of its polls, one gets tokens', async () => {
    const begun = await post(`${sandbox.issuer}/oauth/device_authorization`, { client_id: client.client_id });
    const { user_code, device_code } = (await begun.json()) as Record<string, string>;
    const decided = await race(() => post(`${sandbox.issuer}/activate`, { user_code: user_code!, action: 'auto' }));
    expect(decided).toEqual(oneWins(400));
    const polled = await many(() => patiently(() => token({ grant_type: DEVICE, device_code: device_code! })));
    expect(polled.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(polled.filter(({ status }) => status === 400)).toHaveLength(MANY - 1);
  });

  test('authorizations by one pushed request, one gets a code', async () => {
    const { challenge } = pkce();
    const pushed = await post(`${sandbox.issuer}/oauth/par`, {
      client_id: client.client_id,
      response_type: 'code',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const { request_uri } = (await pushed.json()) as { request_uri: string };
    const query = new URLSearchParams({ client_id: client.client_id, request_uri, auto_approve: 'true' });
    const answers = await race(() => fetch(`${sandbox.issuer}/oauth/authorize?${query}`, { redirect: 'manual' }));
    expect(answers).toEqual(oneWins(400, 302));
  });

  test('sign-ins with a new email address, all are the one user', async () => {
    const subjects = await many(async () => {
      const { verifier, challenge } = pkce();
      const url = await authorize(sandbox, {
        client_id: client.client_id,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        scope: 'openid',
        auto_approve_email: 'first@example.com',
        auto_approve_password: 'secret',
      });
      const code = url.searchParams.get('code')!;
      const answer = await token({ grant_type: 'authorization_code', code, code_verifier: verifier });
      const { access_token } = (await answer.json()) as Record<string, string>;
      const info = await fetch(`${sandbox.issuer}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
      return ((await info.json()) as { sub: string }).sub;
    });
    expect(new Set(subjects).size).toBe(1);
  });

  test('uses of one DPoP proof, one is taken', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const proof = await new SignJWT({ jti: 'once', htm: 'POST', htu: `${sandbox.issuer}/oauth/token` })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .sign(privateKey);
    const forms = await many(codeForm);
    expect(await race((at) => token(forms[at]!, { dpop: proof }))).toEqual(oneWins(400));
  });

  test('uses of one client assertion, one is taken', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const { client_id } = await register(sandbox.issuer, {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] },
    });
    const assertion = await new SignJWT({ jti: 'once' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(sandbox.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const form = {
      grant_type: 'client_credentials',
      client_id,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    expect(await race(() => token(form))).toEqual(oneWins(401));
  });

  test('changes of a client beside its deletion, none brings it back; of pre-registrations, all hold', async () => {
    const metadata = { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' };
    for (let round = 0; round < 5; round += 1) {
      const gone = await register(sandbox.issuer, metadata);
      const headers = { authorization: `Bearer ${gone.registration_access_token}` };
      const answers = await race((at) =>
        at % 3 === 0
          ? fetch(gone.registration_client_uri, { method: 'DELETE', headers })
          : send('PUT', gone.registration_client_uri, { ...metadata, client_id: gone.client_id }, headers),
      );
      expect.soft(Object.keys(answers).filter((status) => !['200', '204', '401'].includes(status))).toEqual([]);
      expect.soft((await fetch(gone.registration_client_uri, { headers })).status).toBe(401);
    }
    const fixed = { client_id: 'fixed', redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' };
    expect(await race(() => control('POST', '/clients', fixed))).toEqual({ 201: MANY });
  });

  test('changes that need a secret, all are told the one secret that works', async () => {
    const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
    const alone = await register(sandbox.issuer, { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' });
    const headers = { authorization: `Bearer ${alone.registration_access_token}` };
    const { client_id } = alone;
    const told = await many(async () => {
      const body = { ...metadata, client_id };
      const answer = await patiently(() => send('PUT', alone.registration_client_uri, body, headers));
      return ((await answer.json()) as { client_secret?: string }).client_secret;
    });
    const secrets = told.filter((secret) => secret !== undefined);
    expect(secrets).toHaveLength(1);
    const form = { grant_type: 'client_credentials', client_id, client_secret: secrets[0]! };
    expect((await token(form)).status).toBe(200);
  });

  test('requests that a fault is for once, one meets it', async () => {
    const fault = { endpoint: 'jwks', times: 1, effect: { status: 418 } };
    expect((await control('POST', '/faults', fault)).status).toBe(201);
    // An instance that has read the faults before hears of the new one.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await race(() => fetch(`${sandbox.issuer}/.well-known/jwks.json`))).toEqual(oneWins(200, 418));
    await control('DELETE', '/faults');
  });

  test('grants for which one value is in line, one gets it', async () => {
    const forms = await many(codeForm);
    expect((await control('POST', '/enqueue', { access_token: 'mine-alone' })).status).toBeLessThan(300);
    const given = await many(async (at) => {
      const answer = await patiently(() => token(forms[at]!));
      return ((await answer.json()) as Record<string, string>).access_token;
    });
    expect(given.filter((one) => one === 'mine-alone')).toHaveLength(1);
    expect(new Set(given).size).toBe(MANY);
  });

  test('authorizations for which one decision is in line, one gets it', async () => {
    expect((await control('POST', '/consent', { decision: 'deny' })).status).toBeLessThan(300);
    const { challenge } = pkce();
    const asked = { client_id: client.client_id, code_challenge: challenge, code_challenge_method: 'S256' };
    const url = `${sandbox.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', ...asked })}`;
    const answers = await many(() => patiently(() => fetch(url, { redirect: 'manual' })));
    const denied = answers.filter((answer) => answer.headers.get('location')?.includes('error=access_denied'));
    expect(denied).toHaveLength(1);
  });

  test('webhooks, five are taken; of deliveries of an event under one key, one', async () => {
    const added = await race((at) => control('POST', '/webhooks', { url: `http://127.0.0.1:9/${at}` }));
    expect(added).toEqual({ 201: 5, 400: MANY - 5 });
    const told = await many(async () => {
      const answer = await patiently(() => send('POST', `${pair.origin}/events/ingest`, { id: 'one-event' }));
      return ((await answer.json()) as { status: string }).status;
    });
    expect(told.filter((status) => status === 'accepted')).toHaveLength(1);
    expect(told.filter((status) => status === 'duplicate')).toHaveLength(MANY - 1);
  });

  test('changes of different knobs, none is lost; of moves of the clock, neither', async () => {
    const knobs = [
      { 'refresh.rotate': false },
      { 'tokens.accessLifetime': 77 },
      { 'authorize.pkce': 'optional' },
      { 'device.pendingPolls': 3 },
    ];
    const changed = await Promise.all(
      knobs.map((config) => patiently(() => control('PATCH', '', { config })).then(({ status }) => status)),
    );
    expect(changed).toEqual([200, 200, 200, 200]);
    const read = (await (await control('GET', '')).json()) as { config: Record<string, unknown> };
    expect(read.config).toMatchObject(Object.assign({}, ...knobs));
    const moved = await race(() => control('POST', '/clock', { advance: 60 }));
    expect(moved).toEqual({ 200: MANY });
    const { clock } = (await (await control('GET', '')).json()) as { clock: { offset: number } };
    expect(clock.offset).toBe(MANY * 60);
  });
}
