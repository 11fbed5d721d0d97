import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConfigOverrides } from '#lib/config/config.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, bodyOf, testUser } from '#lib/testing/grants.ts';
import { approveDevice, denyDevice, waitingDevice } from '../interaction/device.ts';
import { normalUserCode } from '../interaction/user-code.ts';
import { deviceAuthorization } from '../endpoints/device-authorization.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client({ grant_types: [GRANT, 'refresh_token'] });
});
afterEach(() => engine.close());

async function start(config?: ConfigOverrides): Promise<{ code: string; userCode: string }> {
  if (config) engine.configure(config);
  const answer = await bodyOf(
    await engine.call(deviceAuthorization, {
      path: '/oauth/device_authorization',
      form: { client_id: client.clientId, scope: 'notes:read openid' },
    }),
  );
  return { code: answer.device_code as string, userCode: answer.user_code as string };
}

const poll = (code: string, who = client) =>
  ask(engine, { grant_type: GRANT, device_code: code, client_id: who.clientId });

async function decide(userCode: string, yes: boolean): Promise<void> {
  const ctx = engine.context({ path: '/activate' });
  const device = (await waitingDevice(engine.tenant, normalUserCode(userCode)))!;
  if (yes)
    await approveDevice(ctx, client, device, {
      user: await testUser(engine),
      scope: ['notes:read', 'openid'],
      authTime: engine.tenant.now(),
    });
  else await denyDevice(ctx, device);
}

describe('a device', () => {
  test('waits, and gets its tokens once the user said yes [#device.pending]', async () => {
    const { code, userCode } = await start();
    expect(await poll(code)).toMatchObject({
      status: 400,
      body: { error: 'authorization_pending', reason: 'device-pending' },
    });
    await decide(userCode, true);
    engine.advance(5);
    expect(await poll(code)).toMatchObject({
      status: 200,
      body: {
        token_type: 'Bearer',
        scope: 'notes:read openid',
        refresh_token: expect.any(String),
        id_token: expect.any(String),
      },
    });
  });

  test('that asks too fast is slowed down, five seconds each time [#device.slow-down]', async () => {
    const { code, userCode } = await start();
    await poll(code);
    engine.advance(1);
    expect((await poll(code)).body).toMatchObject({ error: 'slow_down', reason: 'device-too-fast' });
    engine.advance(9);
    expect((await poll(code)).body.error).toBe('slow_down');
    engine.advance(15);
    expect((await poll(code)).body.error).toBe('authorization_pending');
    await decide(userCode, true);
    engine.advance(1);
    expect((await poll(code)).status).toBe(200);
  });

  test('is told when the user said no, and when the pair is too old [#device.denied-expired]', async () => {
    const denied = await start();
    await decide(denied.userCode, false);
    expect((await poll(denied.code)).body).toMatchObject({ error: 'access_denied', reason: 'device-denied' });
    const old = await start();
    engine.advance(901);
    expect((await poll(old.code)).body).toMatchObject({ error: 'expired_token', reason: 'device-expired' });
  });

  test('collects once, also when two hundred do at the same moment [#device.once]', async () => {
    const { code, userCode } = await start();
    await decide(userCode, true);
    const answers = await Promise.all(Array.from({ length: 200 }, () => poll(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await poll(code)).body).toMatchObject({ error: 'invalid_grant', reason: 'device-code-unknown' });
  });

  test('cannot collect for another', async () => {
    const { code, userCode } = await start();
    await decide(userCode, true);
    expect((await poll(code, await engine.client({ grant_types: [GRANT] }))).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'device-code-unknown',
    });
    expect((await poll('made-up')).body.reason).toBe('device-code-unknown');
  });
});

describe('by configuration', () => {
  test('the sandbox approves after so many polls, some of them slowed down', async () => {
    const { code } = await start({
      'device.outcome': 'approve',
      'device.pendingPolls': 5,
      'device.slowDownPolls': [2, 3],
    });
    const seen: unknown[] = [];
    for (let n = 0; n < 6; n += 1) {
      engine.advance(30);
      const { status, body } = await poll(code);
      seen.push(body.error ?? status);
    }
    expect(seen).toEqual([
      'authorization_pending',
      'slow_down',
      'slow_down',
      'authorization_pending',
      'authorization_pending',
      200,
    ]);
  });

  test('the sandbox denies', async () => {
    const { code } = await start({ 'device.outcome': 'deny', 'device.pendingPolls': 1 });
    expect((await poll(code)).body.error).toBe('authorization_pending');
    engine.advance(5);
    expect((await poll(code)).body.error).toBe('access_denied');
  });

  test('pending comes with 403', async () => {
    const { code } = await start({ 'device.errorStatus': 403 });
    expect(await poll(code)).toMatchObject({ status: 403, body: { error: 'authorization_pending' } });
  });
});
