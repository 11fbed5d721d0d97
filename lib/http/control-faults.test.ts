/** Faults and stages, as they are set by the control API and met by a client. */
import { describe, expect, it } from 'vitest';
import { form } from '#lib/server/testing.ts';
import {
  body,
  client,
  exchanges,
  type Made,
  make,
  openForTests,
  path,
  refresh,
  server,
  steer,
  type Tokens,
  tokens,
} from '../../tests/lib/control.ts';

openForTests();

describe('faults', () => {
  it('acts on the nth match, as often as it says', async () => {
    const made = await make();
    const id = await client(made);
    const made2 = await steer(made, 'POST', '/faults', {
      endpoint: 'token',
      match: { grant_type: 'refresh_token' },
      nth: 2,
      times: 1,
      effect: { status: 503, error: 'temporarily_unavailable', headers: { 'Retry-After': '7' } },
    });
    expect(made2.status).toBe(201);
    let { refresh_token } = await tokens(made, id);
    ({ refresh_token } = await body<Tokens>(await refresh(made, id, refresh_token)));
    const refused = await refresh(made, id, refresh_token);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(await body(refused)).toMatchObject({ error: 'temporarily_unavailable' });
    expect((await refresh(made, id, refresh_token)).status).toBe(200);
    const [fault] = (await body<{ faults: { matched: number; acted: number }[] }>(await steer(made, 'GET', '/faults')))
      .faults;
    expect(fault).toMatchObject({ matched: 3, acted: 1 });
    const acted = (await exchanges(made)).filter((exchange) => exchange.acted.length > 0);
    expect(acted).toHaveLength(1);
    expect(acted[0]?.response?.status).toBe(503);
  });

  it('loses an answer after the server acted', async () => {
    const made = await make();
    const id = await client(made);
    const { refresh_token } = await tokens(made, id);
    await steer(made, 'POST', '/faults', { endpoint: 'token', effect: { drop: true, committed: true } });
    expect((await refresh(made, id, refresh_token)).type).toBe('error');
    expect(await body(await refresh(made, id, refresh_token))).toMatchObject({ error: 'invalid_grant' });
    const lost = (await exchanges(made)).find(({ response }) => response === null);
    expect(lost).toMatchObject({ delivered: false, endpoint: 'token' });
    expect(lost?.between.length).toBeGreaterThan(3);
  });

  it('fills in placeholders, and answers HTML without any rights', async () => {
    const made = await make({
      config: {
        faults: [
          {
            endpoint: 'as-metadata',
            times: 'always',
            effect: { status: 200, content_type: 'text/html', body: '<script>alert(1)</script> {issuer} {base}' },
          },
        ],
      },
    });
    const response = await server.ask(`/.well-known/oauth-authorization-server${path(made)}`);
    expect(await response.text()).toBe(`<script>alert(1)</script> ${made.issuer} ${made.issuer}`);
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('matches parameters, headers and clients', async () => {
    const made = await make();
    const [one, two] = [await client(made), await client(made)];
    await steer(made, 'POST', '/faults', {
      endpoint: 'token',
      client_id: two,
      times: 'always',
      effect: { status: 500 },
    });
    await steer(made, 'POST', '/faults', {
      endpoint: 'revoke',
      match: { token: 'abc', 'x-mine': 'yes' },
      times: 'always',
      effect: { error: 'server_error' },
    });
    expect((await tokens(made, one)).access_token).toBeTruthy();
    expect((await refresh(made, two, 'x')).status).toBe(500);
    const revoke = (headers: Record<string, string>) =>
      server.ask(`${path(made)}/oauth/revoke`, {
        ...form({ token: 'abc', client_id: one }),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      });
    expect((await revoke({})).status).toBe(200);
    expect((await revoke({ 'x-mine': 'yes' })).status).toBe(500);
  });

  it.each([
    [[2, 1], 1],
    [[1, 2], 0],
  ] as const)(
    'stages a race: two refreshes of one token, let through in the order that was chosen: %j %j',
    async (order, winner) => {
      const made = await make();
      const id = await client(made);
      const { refresh_token } = await tokens(made, id);
      expect(
        (
          await steer(made, 'POST', '/faults', {
            endpoint: 'token',
            match: { grant_type: 'refresh_token' },
            times: 2,
            effect: { hold: { until: 2, order } },
          })
        ).status,
      ).toBe(201);
      const first = refresh(made, id, refresh_token);
      while (
        (await body<{ faults: { matched: number }[] }>(await steer(made, 'GET', '/faults'))).faults[0]?.matched !== 1
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
      const answers = await Promise.all([first, refresh(made, id, refresh_token)]);
      expect(answers.map(({ status }) => status)).toEqual(winner === 0 ? [200, 400] : [400, 200]);
      const { grants } = await body<{ grants: { revoked_by: string | null }[] }>(await steer(made, 'GET', '/grants'));
      expect(grants[0]?.revoked_by).toBe('refresh-spent');
    },
  );

  it('refuses what would reach beyond the sandbox', async () => {
    const made = await make();
    for (const headers of [
      { 'Set-Cookie': 'a=b' },
      { 'content-security-policy': 'x' },
      { 'Clear-Site-Data': '*' },
      { Refresh: '0' },
      { Link: '<x>' },
      { 'Alt-Svc': 'x' },
      { 'Service-Worker-Allowed': '/' },
      { 'Strict-Transport-Security': 'x' },
      { 'Transfer-Encoding': 'chunked' },
      { 'Content-Length': '1' },
      { Connection: 'close' },
      { Location: 'https://evil.example/' },
      { Location: '//evil.example' },
      { location: 'javascript:alert(1)' },
      { 'X-A': 'a\r\nb: c' },
    ]) {
      const response = await steer(made, 'POST', '/faults', { endpoint: 'token', effect: { status: 302, headers } });
      expect.soft([JSON.stringify(headers), response.status]).toEqual([JSON.stringify(headers), 400]);
    }
    for (const wrong of [
      {},
      { endpoint: 'token' },
      { endpoint: 'nothing', effect: { drop: true } },
      { endpoint: 'token', effect: {} },
      { endpoint: 'token', effect: { delay_ms: 30_001 } },
      { endpoint: 'token', effect: { status: 99 } },
      { endpoint: 'token', effect: { content_type: 'image/svg+xml', body: '' } },
    ]) {
      expect.soft((await steer(made, 'POST', '/faults', wrong)).status).toBe(400);
    }
    await client(made);
    for (const Location of ['{base}/else', 'http://localhost:7/cb?x=1', '/relative'])
      expect
        .soft(
          (
            await steer(made, 'POST', '/faults', {
              endpoint: 'authorize',
              effect: { status: 302, headers: { Location } },
            })
          ).status,
        )
        .toBe(201);
  });
});

describe('stages', () => {
  const call = (made: Made, token: string) =>
    server.ask(`${path(made)}/mcp`, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
      },
    });

  it('has tokens expire after the second call, and shows where it happened', async () => {
    const made = await make({ scenario: 'token-expires-midway' });
    const id = await client(made);
    const { access_token, refresh_token } = await tokens(made, id);
    expect((await call(made, access_token)).status).toBe(200);
    expect((await call(made, access_token)).status).toBe(200);
    const dead = await call(made, access_token);
    expect(dead.status).toBe(401);
    expect(dead.headers.get('www-authenticate')).toContain('expired');
    const next = await body<Tokens>(await refresh(made, id, refresh_token));
    for (let i = 0; i < 3; i += 1) expect.soft((await call(made, next.access_token)).status).toBe(200);
    const shown = (await exchanges(made)).filter(({ acted }) => acted.some(({ kind }) => kind === 'stage'));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ endpoint: 'mcp', acted: [{ kind: 'stage', name: 'stages.0' }] });
  });

  it('revokes, rotates, forgets and changes knobs', async () => {
    const made = await make({
      config: {
        stages: [
          {
            after: { event: 'authenticated-call', count: 1 },
            do: ['revoke-grants', 'revoke-access-tokens', 'forget-clients', 'rotate-keys'],
            set: { 'registration.dynamic': false },
          },
        ],
      },
    });
    const id = await client(made);
    const { access_token, refresh_token } = await tokens(made, id);
    expect((await call(made, access_token)).status).toBe(200);
    expect((await call(made, access_token)).status).toBe(401);
    expect(await body(await refresh(made, id, refresh_token))).toMatchObject({ error: 'invalid_client' });
    expect(
      (await body<{ staged: Record<string, unknown> }>(await steer(made, 'GET', ''))).staged['registration.dynamic'],
    ).toBe(false);
  });
});
