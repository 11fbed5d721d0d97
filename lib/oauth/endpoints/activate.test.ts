import { afterEach, describe, expect, test } from 'vitest';
import { type Browser, type Engine, openEngine, ORIGIN, type Params } from '#lib/testing/engine.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { DEVICE_GRANT, decideBySandbox } from '../interaction/device.ts';
import { newUserCode, normalUserCode } from '../interaction/user-code.ts';
import { isOAuthError } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { activate, decideActivation } from './activate.ts';
import { deviceAuthorization } from './device-authorization.ts';

const FORM = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', accept: 'text/html' };

let engine: Engine;
let address = 0;
afterEach(() => engine.close());

interface Started {
  readonly client: ClientRecord;
  readonly device_code: string;
  readonly user_code: string;
  readonly answer: Record<string, unknown>;
}

async function begin(change: Params = {}): Promise<Started> {
  address += 1;
  const client = await engine.client({ grant_types: [DEVICE_GRANT] });
  const response = await engine.call(deviceAuthorization, {
    path: '/oauth/device_authorization',
    form: { client_id: client.clientId, scope: 'notes:read notes:write', ...change },
  });
  const answer = (await response.json()) as Record<string, string>;
  return { client, device_code: answer.device_code!, user_code: answer.user_code!, answer };
}

const at = () => `192.0.2.${address}`;
const look = (user_code: string, browser: Browser = { id: null }) =>
  engine.call(activate, {
    path: '/activate',
    query: { user_code },
    browser,
    headers: { accept: 'text/html' },
    remoteAddress: at(),
  });
const send = (form: Params, browser: Browser = { id: null }, headers: Record<string, string> = {}) =>
  engine.call(decideActivation, { path: '/activate', form, browser, headers, remoteAddress: at() });
const poll = async ({ device_code }: Started) =>
  engine.tenant.store.pollDevice(sha256(device_code), engine.tenant.now());
const reason = () => engine.trace.facts.reason;

async function refusal(change: Params): Promise<unknown> {
  return begin(change).catch((error: unknown) =>
    isOAuthError(error) ? [error.code, error.reason, error.status] : error,
  );
}

describe('beginning', () => {
  test('gives a pair of codes, and says where the user goes [#device.codes]', async () => {
    engine = await openEngine();
    const { answer } = await begin({ audience: 'https://api.example.com', resource: `${ORIGIN}/mcp` });
    expect(answer).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verification_uri: `${ORIGIN}/activate`,
      verification_uri_complete: `${ORIGIN}/activate?user_code=${answer.user_code}`,
      expires_in: 900,
      interval: 5,
    });
  });

  test('of a client that did not register the grant, or for what there is not', async () => {
    engine = await openEngine();
    const other = await engine.client();
    expect(await refusal({ client_id: other.clientId })).toEqual([
      'unauthorized_client',
      'grant-type-not-registered',
      400,
    ]);
    expect(await refusal({ client_id: 'nobody' })).toEqual(['invalid_client', 'client-unidentified', 401]);
    expect(await refusal({ scope: 'nothing' })).toEqual(['invalid_scope', 'scope-not-registered', 400]);
    expect(await refusal({ resource: 'https://elsewhere.example.com/' })).toEqual([
      'invalid_target',
      'target-not-allowed',
      400,
    ]);
    engine.configure({ grants: ['authorization_code'] });
    expect(await refusal({})).toEqual(['unsupported_grant_type', 'grant-type-unsupported', 400]);
  });

  test('user codes have no vowels, and are compared without case and dashes', () => {
    const codes = Array.from({ length: 200 }, () =>
      newUserCode((bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url')),
    );
    expect(codes.every((code) => /^[B-DF-HJ-NP-TV-XZ]{8}$/.test(code))).toBe(true);
    expect(normalUserCode(' bcdf-ghjk ')).toBe('BCDFGHJK');
    expect(normalUserCode('BCDF-GHJ')).toBeNull();
    expect(normalUserCode('AEIO-UAEI')).toBeNull();
  });
});

describe('the page', () => {
  test('says who asks and for what, that it is another device, and which code it shows', async () => {
    engine = await openEngine();
    const { user_code } = await begin();
    const response = await look(user_code.toLowerCase().replace('-', ' '));
    expect(response.status).toBe(200);
    const text = await response.text();
    for (const word of ['Fieldnotes', 'another device', user_code, 'Read your notes', `${ORIGIN}/mcp`])
      expect.soft(text).toContain(word);
  });

  test('without a code has the field for it', async () => {
    engine = await openEngine();
    expect(await (await look('')).text()).toContain('name="user_code"');
  });

  test('for a code that nobody waits under is an error, and so is one that has run out', async () => {
    engine = await openEngine();
    const { user_code } = await begin();
    expect((await look('BCDF-GHJK')).status).toBe(400);
    expect(reason()).toBe('user-code-unknown');
    engine.advance(901);
    expect((await look(user_code)).status).toBe(400);
  });

  test('refuses whoever guesses, even when they guess right in the end [#device.guessing]', async () => {
    engine = await openEngine();
    const { user_code } = await begin();
    for (let guess = 0; guess < 20; guess += 1) expect.soft((await look('BCDF-GHJK')).status).toBe(400);
    expect((await look(user_code)).status).toBe(429);
    expect(reason()).toBe('guesses-too-many');
    address += 1;
    expect((await look(user_code)).status).toBe(200);
  });
});

describe('deciding', () => {
  async function ticketOf(user_code: string, browser: Browser): Promise<string> {
    return /name="ticket" value="([^"]+)"/.exec(await (await look(user_code, browser)).text())![1]!;
  }

  test('approves with what was ticked; the device learns it by asking', async () => {
    engine = await openEngine();
    const started = await begin({ resource: `${ORIGIN}/mcp` });
    const browser: Browser = { id: null };
    const ticket = await ticketOf(started.user_code, browser);
    const response = await send(
      { user_code: started.user_code, ticket, action: 'auto', scope: ['notes:read', 'admin'] },
      browser,
      FORM,
    );
    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
    const polled = await poll(started);
    expect(polled.outcome).toBe('approved');
    const grant = 'device' in polled ? await engine.tenant.store.getGrant(polled.device.grantId!) : null;
    expect(grant).toMatchObject({
      clientId: started.client.clientId,
      kind: DEVICE_GRANT,
      scope: ['notes:read'],
      resource: [`${ORIGIN}/mcp`],
    });
  });

  test('by a script needs no ticket', async () => {
    engine = await openEngine();
    const started = await begin();
    expect(
      (await send({ user_code: started.user_code, action: 'login', email: 'ada@example.com', password: 'engine' }))
        .status,
    ).toBe(200);
    expect((await poll(started)).outcome).toBe('approved');
  });

  test.each([{ action: 'deny' }, { action: 'auto', deny: 'yes' }])('denies: %o', async (form) => {
    engine = await openEngine();
    const started = await begin();
    expect((await send({ user_code: started.user_code, ...form })).status).toBe(200);
    expect((await poll(started)).outcome).toBe('denied');
    expect((await send({ user_code: started.user_code, action: 'auto' })).status).toBe(400);
  });

  test.each([
    ['another origin', { ...FORM, origin: 'https://attacker.example.com' }, 'right', 'own'],
    ['another browser', FORM, 'right', 'other'],
    ['a browser without a cookie', FORM, 'right', 'none'],
    ['a form that was given to nobody', FORM, 'wrong', 'own'],
  ])('not from %s', async (_name, headers, ticket, cookie) => {
    engine = await openEngine();
    const started = await begin();
    const browser: Browser = { id: null };
    const given = await ticketOf(started.user_code, browser);
    const from = cookie === 'own' ? browser : { id: cookie === 'none' ? null : 'z'.repeat(43) };
    const response = await send(
      { user_code: started.user_code, ticket: ticket === 'right' ? given : 'x', action: 'auto', scope: 'notes:read' },
      from,
      headers,
    );
    expect([response.status, reason()]).toEqual([403, 'interaction-foreign']);
    expect((await poll(started)).outcome).toBe('pending');
  });

  test('a wrong password, or nothing ticked, shows the form again', async () => {
    engine = await openEngine();
    const started = await begin();
    const login = { user_code: started.user_code, action: 'login', email: 'ada@example.com', password: 'engine' };
    await send({ ...login, user_code: (await begin()).user_code });
    expect(await (await send({ ...login, password: 'other' })).text()).toContain('another password');
    const browser: Browser = { id: null };
    const ticket = await ticketOf(started.user_code, browser);
    expect(
      await (await send({ user_code: started.user_code, ticket, action: 'auto' }, browser, FORM)).text(),
    ).toContain('Tick at least one');
    expect((await poll(started)).outcome).toBe('pending');
  });

  test('of many answers one counts', async () => {
    engine = await openEngine();
    const started = await begin();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => send({ user_code: started.user_code, action: at % 2 ? 'auto' : 'deny' })),
    );
    expect(answers.filter((response) => response.status === 200)).toHaveLength(1);
  });

  test("is the sandbox's, where it is set to", async () => {
    engine = await openEngine({ config: { 'device.outcome': 'approve' } });
    const started = await begin();
    const device = await engine.tenant.store.findDeviceByUserCode(
      started.user_code.replace('-', ''),
      engine.tenant.now(),
    );
    expect(await decideBySandbox(engine.context({}), started.client, device!)).toBe(true);
    expect((await poll(started)).outcome).toBe('approved');
  });
});
