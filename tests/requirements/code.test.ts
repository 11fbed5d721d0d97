import { afterAll, beforeAll, expect, test } from 'vitest';
import { CALLBACK, type Instance, openInstance, pkce, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

test('two hundred redemptions of one code at the same moment give one token [#code.single-use]', async () => {
  const code = await sandbox.code(client);
  const answers = await Promise.all(Array.from({ length: 200 }, () => sandbox.redeem(client, code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toHaveLength(199);
});

test(
  'a second redemption that is otherwise right is refused, and ends what the first one gave ' +
    '[#code.replay-revokes]',
  async () => {
    for (const one of [client, await sandbox.confidential()]) {
      const code = await sandbox.code(one);
      const { body: first } = await sandbox.redeem(one, code);
      expect.soft(await sandbox.alive(first.access_token)).toBe(true);
      expect.soft((await sandbox.call(first.access_token)).status).toBe(200);
      expect.soft(await sandbox.redeem(one, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect.soft(await sandbox.alive(first.access_token)).toBe(false);
      expect.soft((await sandbox.call(first.access_token)).status).toBe(401);
      expect.soft(await sandbox.refresh(one, first.refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    }
  },
);

test('a replay after refreshes ends their tokens too', async () => {
  const code = await sandbox.code(client);
  const { body: first } = await sandbox.redeem(client, code);
  const { body: second } = await sandbox.refresh(client, first.refresh_token);
  await sandbox.redeem(client, code);
  expect(await sandbox.alive(second.access_token)).toBe(false);
  expect((await sandbox.refresh(client, second.refresh_token)).body.error).toBe('invalid_grant');
});

test('whoever has seen a code and nothing else can end nothing with it', async () => {
  const code = await sandbox.code(client);
  const { body: first } = await sandbox.redeem(client, code);
  const thief = await sandbox.register();
  await sandbox.redeem(client, { code: code.code, code_verifier: pkce().verifier });
  await sandbox.redeem(client, { code: code.code });
  await sandbox.redeem(thief, code);
  await sandbox.redeem(client, code, { redirect_uri: 'https://attacker.example/' });
  expect(await sandbox.alive(first.access_token)).toBe(true);
});

test('a code lives 60 seconds [#code.short-lived]', async () => {
  const early = await sandbox.code(client);
  await sandbox.advance(58);
  expect((await sandbox.redeem(client, early)).status).toBe(200);
  const late = await sandbox.code(client);
  await sandbox.advance(61);
  expect(await sandbox.redeem(client, late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  const short = await instance.sandbox({ 'code.lifetime': 5 });
  const shortClient = await short.register();
  const code = await short.code(shortClient);
  await short.advance(6);
  expect((await short.redeem(shortClient, code)).body.error).toBe('invalid_grant');
});

test('a code is good for the client that it was issued to [#code.bound-to-client]', async () => {
  const code = await sandbox.code(client);
  for (const other of [await sandbox.register(), await sandbox.confidential()]) {
    expect.soft(await sandbox.redeem(other, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  }
  const confidential = await sandbox.confidential();
  const its = await sandbox.code(confidential);
  expect(
    await sandbox.token({ grant_type: 'authorization_code', client_id: confidential.client_id, ...its }),
  ).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await sandbox.token({ grant_type: 'authorization_code', client_id: client.client_id, ...its })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
  expect((await sandbox.redeem(client, code)).status).toBe(200);
  expect((await sandbox.redeem(confidential, its)).status).toBe(200);
});

test(
  'a redirect URI in the token request has to be the one of the authorization request ' +
    '[#code.bound-to-redirect-uri]',
  async () => {
    const several = await sandbox.register({ redirect_uris: [CALLBACK, `${CALLBACK}/2`, 'http://127.0.0.1/cb'] });
    const code = await sandbox.code(several, { redirect_uri: CALLBACK });
    for (const redirect_uri of [`${CALLBACK}/2`, `${CALLBACK}/`, 'https://attacker.example/', CALLBACK.toUpperCase()])
      expect.soft((await sandbox.redeem(several, code, { redirect_uri })).body.error).toBe('invalid_grant');
    expect((await sandbox.redeem(several, code, { redirect_uri: CALLBACK })).status).toBe(200);
    const loopback = await sandbox.code(several, { redirect_uri: 'http://127.0.0.1:5555/cb' });
    expect((await sandbox.redeem(several, loopback, { redirect_uri: 'http://127.0.0.1:5556/cb' })).body.error).toBe(
      'invalid_grant',
    );
    expect((await sandbox.redeem(several, loopback, { redirect_uri: 'http://127.0.0.1:5555/cb' })).status).toBe(200);
  },
);

test('a redemption that fails does not spend the code [#code.failed-attempt-keeps]', async () => {
  const confidential = await sandbox.confidential();
  const code = await sandbox.code(confidential, { resource: sandbox.mcp });
  await sandbox.redeem(confidential, { code: code.code });
  await sandbox.redeem(confidential, { code: code.code, code_verifier: pkce().verifier });
  await sandbox.redeem(confidential, code, { redirect_uri: 'https://attacker.example/' });
  await sandbox.redeem(confidential, code, { resource: `${sandbox.issuer}/oauth` });
  await sandbox.redeem(client, code);
  await sandbox.redeem(confidential, code, {}, { authorization: `Basic ${btoa(`${confidential.client_id}:wrong`)}` });
  await sandbox.redeem(confidential, code, {}, { dpop: 'no proof' });
  expect((await sandbox.redeem(confidential, code)).status).toBe(200);
});

test(
  'the token request narrows the resources of the authorization, and never widens them ' + '[#code.resource-narrows]',
  async () => {
    const [mcp, oauth] = [sandbox.mcp, `${sandbox.issuer}/oauth`];
    const one = await sandbox.code(client, { resource: mcp });
    expect((await sandbox.redeem(client, one, { resource: oauth })).body.error).toBe('invalid_target');
    const { body } = await sandbox.redeem(client, one, { resource: mcp });
    expect((await sandbox.introspect(body.access_token)).aud).toBe(mcp);
    const any = await sandbox.code(client);
    const narrowed = (await sandbox.redeem(client, any, { resource: oauth })).body;
    expect((await sandbox.introspect(narrowed.access_token)).aud).toBe(oauth);
  },
);

test('a code of a client that was deleted meanwhile gives nothing', async () => {
  const gone = await sandbox.register();
  const code = await sandbox.code(gone);
  expect(
    (
      await instance.ask(gone.registration_client_uri, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${gone.registration_access_token}` },
      })
    ).status,
  ).toBe(204);
  expect(await sandbox.redeem(gone, code)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

test(
  'where a sandbox demands resource, or takes none, the token request is held to that too ' + '[#code.resource-rule]',
  async () => {
    const demanding = await instance.sandbox({ resourceParameter: 'require' });
    const one = await demanding.register();
    expect((await demanding.answerOf(one)).get('error')).toBe('invalid_target');
    const code = await demanding.code(one, { resource: demanding.mcp });
    expect((await demanding.redeem(one, code)).body.error).toBe('invalid_target');
    expect((await demanding.redeem(one, code, { resource: demanding.mcp })).status).toBe(200);
    const without = await instance.sandbox({ resourceParameter: 'reject' });
    const other = await without.register();
    expect((await without.answerOf(other, { resource: without.mcp })).get('error')).toBe('invalid_target');
    const its = await without.code(other);
    expect((await without.redeem(other, its, { resource: without.mcp })).body.error).toBe('invalid_target');
    const { exchanges } = (await without.control('GET', '/exchanges')).body;
    expect(exchanges.at(-1)).toMatchObject({ acted: [{ kind: 'knob', name: 'resourceParameter' }] });
    expect((await without.redeem(other, its)).status).toBe(200);
  },
);
