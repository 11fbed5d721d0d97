import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, tokensFor } from '#lib/testing/grants.ts';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client();
});
afterEach(() => engine.close());

const refresh = (token: string, more: Record<string, string | string[] | undefined> = {}) =>
  ask(engine, { grant_type: 'refresh_token', refresh_token: token, client_id: client.clientId, ...more });

describe('refreshing', () => {
  test('brings a new access token and a new refresh token [#refresh.rotates]', async () => {
    const first = await tokensFor(engine, client);
    const { status, body } = await refresh(first.refresh_token);
    expect(status).toBe(200);
    expect(body.refresh_token).not.toBe(first.refresh_token);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'notes:read' });
    expect(decodeJwt(body.access_token!).jti).not.toBe(decodeJwt(first.access_token).jti);
    expect((await refresh(body.refresh_token!)).status).toBe(200);
  });

  test('with a used token ends the whole family [#refresh.reuse-revokes]', async () => {
    const first = await tokensFor(engine, client);
    const second = (await refresh(first.refresh_token)).body;
    expect((await refresh(first.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'refresh-spent',
    });
    expect((await refresh(second.refresh_token!)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'grant-revoked',
    });
    expect((await refresh(first.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'refresh-spent',
    });
  });

  test('with a token of another client is refused [#refresh.bound-to-client]', async () => {
    const first = await tokensFor(engine, client);
    const other = await engine.client();
    expect((await refresh(first.refresh_token, { client_id: other.clientId })).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'refresh-other-client',
    });
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  test('with a token that was never issued is refused', async () => {
    expect((await refresh('made-up')).body).toMatchObject({ error: 'invalid_grant', reason: 'refresh-unknown' });
  });

  test(
    'narrows the scope of the access token, and keeps that of the family [#refresh.scope-narrows] ' +
      '[#refresh.scope-kept]',
    async () => {
      const first = await tokensFor(engine, client, { scope: ['notes:write', 'read'] });
      const narrowed = (await refresh(first.refresh_token, { scope: 'read' })).body;
      expect(narrowed.scope).toBe('read');
      expect((await refresh(narrowed.refresh_token!)).body.scope).toBe('notes:write read');
    },
  );

  test('gives what a broader scope includes, and nothing beyond', async () => {
    const first = await tokensFor(engine, client, { scope: ['notes:write'] });
    expect((await refresh(first.refresh_token, { scope: 'notes:write admin' })).body).toMatchObject({
      error: 'invalid_scope',
      reason: 'scope-beyond-grant',
    });
    expect((await refresh(first.refresh_token, { scope: 'notes:read' })).body.scope).toBe('notes:read');
  });

  test('narrows the resource within the grant [#refresh.resource-narrows]', async () => {
    const [mcp, oauth] = [`${engine.tenant.base}/mcp`, `${engine.tenant.base}/oauth`];
    const first = await tokensFor(engine, client, { resource: [mcp, oauth] });
    const second = (await refresh(first.refresh_token, { resource: oauth })).body;
    expect(decodeJwt(second.access_token!).aud).toBe(oauth);
    const third = (await refresh(second.refresh_token!)).body;
    expect(decodeJwt(third.access_token!).aud).toEqual([mcp, oauth]);
    expect((await refresh(third.refresh_token!, { resource: 'https://elsewhere.example' })).body).toMatchObject({
      error: 'invalid_target',
      reason: 'resource-outside-grant',
    });
  });

  test('ends after 14 idle days, and each refresh starts them anew [#refresh.expires]', async () => {
    const first = await tokensFor(engine, client);
    engine.advance(13 * 86_400);
    const second = (await refresh(first.refresh_token)).body;
    engine.advance(13 * 86_400);
    const third = (await refresh(second.refresh_token!)).body;
    engine.advance(15 * 86_400);
    expect((await refresh(third.refresh_token!)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'refresh-expired',
    });
  });

  test('ends with the age of the family, however busy it is', async () => {
    engine.configure({ 'refresh.absoluteLifetime': 45 });
    const first = await tokensFor(engine, client);
    engine.advance(40);
    const second = (await refresh(first.refresh_token)).body;
    engine.advance(6);
    expect((await refresh(second.refresh_token!)).body.reason).toBe('refresh-expired');
  });

  test('with a token that is too old says so before it looks at the rest', async () => {
    const first = await tokensFor(engine, client);
    engine.advance(15 * 86_400);
    expect((await refresh(first.refresh_token, { scope: 'admin' })).body.reason).toBe('refresh-expired');
  });

  test('obeys an absolute lifetime that was shortened meanwhile', async () => {
    const first = await tokensFor(engine, client);
    engine.configure({ 'refresh.absoluteLifetime': 60 });
    engine.advance(61);
    expect((await refresh(first.refresh_token)).body.reason).toBe('refresh-expired');
  });

  test('of two hundred at once gives one success, and ends the family', async () => {
    const first = await tokensFor(engine, client);
    const answers = await Promise.all(Array.from({ length: 200 }, () => refresh(first.refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(199);
    expect((await refresh(won[0]!.body.refresh_token!)).body.reason).toBe('grant-revoked');
  });

  test('repeats the ID token without the nonce', async () => {
    const first = await tokensFor(engine, client, { scope: ['openid'], details: { nonce: 'n-1' } });
    const claims = decodeJwt((await refresh(first.refresh_token)).body.id_token!);
    expect(claims).not.toHaveProperty('nonce');
    expect(claims.sub).toBe(decodeJwt(first.id_token!).sub);
  });
});

describe('by configuration', () => {
  test('refresh.rotate off: the old token goes on, and the answer has none', async () => {
    engine.configure({ 'refresh.rotate': false });
    const first = await tokensFor(engine, client);
    const { body } = await refresh(first.refresh_token);
    expect(body).not.toHaveProperty('refresh_token');
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  test('refresh.rotate off: idleness still ends it', async () => {
    engine.configure({ 'refresh.rotate': false, 'refresh.idleLifetime': 30 });
    const first = await tokensFor(engine, client);
    engine.advance(20);
    expect((await refresh(first.refresh_token)).status).toBe(200);
    engine.advance(20);
    expect((await refresh(first.refresh_token)).status).toBe(200);
    engine.advance(31);
    expect((await refresh(first.refresh_token)).body.reason).toBe('refresh-expired');
  });

  test('refresh.grace: the same successor comes again, until the grace is over', async () => {
    engine.configure({ 'refresh.grace': 30 });
    const first = await tokensFor(engine, client);
    const second = (await refresh(first.refresh_token)).body;
    engine.advance(29);
    expect((await refresh(first.refresh_token)).body.refresh_token).toBe(second.refresh_token);
    engine.advance(2);
    expect((await refresh(first.refresh_token)).body.reason).toBe('refresh-spent');
  });

  test('refresh.grace: it is over once the successor was used', async () => {
    engine.configure({ 'refresh.grace': 30 });
    const first = await tokensFor(engine, client);
    const second = (await refresh(first.refresh_token)).body;
    expect((await refresh(second.refresh_token!)).status).toBe(200);
    expect((await refresh(first.refresh_token)).body.reason).toBe('refresh-spent');
  });

  test('refresh.grace: two hundred at once get the same successor', async () => {
    engine.configure({ 'refresh.grace': 30 });
    const first = await tokensFor(engine, client);
    const answers = await Promise.all(Array.from({ length: 200 }, () => refresh(first.refresh_token)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
  });

  test('refresh.reuse reject: the old one is refused and the family lives', async () => {
    engine.configure({ 'refresh.reuse': 'reject' });
    const first = await tokensFor(engine, client);
    const second = (await refresh(first.refresh_token)).body;
    expect((await refresh(first.refresh_token)).body.reason).toBe('refresh-spent');
    expect((await refresh(second.refresh_token!)).status).toBe(200);
  });

  test('refresh.reuse accept: the old one keeps working', async () => {
    engine.configure({ 'refresh.reuse': 'accept' });
    const first = await tokensFor(engine, client);
    const second = (await refresh(first.refresh_token)).body;
    expect((await refresh(first.refresh_token)).status).toBe(200);
    expect((await refresh(second.refresh_token!)).status).toBe(200);
  });
});
