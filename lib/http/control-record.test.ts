/** What the control API gives of the record: exchanges, exports, and the stream. */
import { describe, expect, it } from 'vitest';
import type { Exchange } from '#lib/exchange/types.ts';
import { form, testServer } from '#lib/server/testing.ts';
import { body, client, exchanges, make, openForTests, path, server, steer, tokens } from '../../tests/lib/control.ts';

openForTests();

/** Others' validator of HAR 1.2, by its schema. */
const validHar = ((await import('har-validator' as string)) as { har: (har: unknown) => Promise<unknown> }).har;

describe('the recorder', () => {
  it('shows at once what just happened, without secrets', async () => {
    const made = await make();
    const id = await client(made);
    const got = await tokens(made, id);
    const masked = await exchanges(made);
    expect(masked.map(({ endpoint, response }) => [endpoint, response?.status])).toEqual([
      ['register', 201],
      ['authorize', 302],
      ['token', 200],
    ]);
    expect(masked.every(({ client: { clientId } }) => clientId === id)).toBe(true);
    const text = JSON.stringify(masked);
    for (const secret of [got.access_token, got.refresh_token]) expect.soft(text).not.toContain(secret);
    expect(masked[2]?.redacted).toEqual(
      expect.arrayContaining(['code', 'code_verifier', 'access_token', 'refresh_token']),
    );
    const revealed = JSON.stringify(await exchanges(made, '?reveal=1'));
    for (const secret of [got.access_token, got.refresh_token]) expect.soft(revealed).toContain(secret);
    // The same code has the same mask in the redirect and in the token request.
    const mask = /code=(masked-[0-9a-f]+)/.exec(text)?.[1] ?? 'none';
    expect(masked[2]?.request.body).toContain(mask);
  });

  it('never keeps control tokens, passwords and cookies', async () => {
    const made = await make();
    const id = await client(made);
    await server.ask(
      `${path(made)}/oauth/authorize?client_id=${id}&code_challenge=x&control_token=${made.control_token}` +
        '&auto_approve_email=a%40b.example&auto_approve_password=hunter22',
      { headers: { authorization: `Bearer ${made.control_token}`, cookie: `authwalk=${'c'.repeat(43)}` } },
    );
    const text = JSON.stringify(await exchanges(made, '?reveal=1'));
    for (const secret of [made.control_token, 'hunter22', 'c'.repeat(43)]) expect.soft(text).not.toContain(secret);
  });

  it('keeps addresses that lead nowhere, and why', async () => {
    const made = await make();
    await server.ask(`/.well-known/oauth-authorization-server${path(made)}/mcp`);
    await server.ask(`${path(made)}/authorize`);
    await server.ask(`${path(made)}/oauth/token`);
    expect((await exchanges(made)).map(({ endpoint, reason }) => [endpoint, reason])).toEqual([
      ['unknown', 'metadata-unknown'],
      ['unknown', 'path-unknown'],
      ['token', 'method-not-allowed'],
    ]);
  });

  it('bounds bodies, and pages', async () => {
    const made = await make();
    await server.ask(`${path(made)}/oauth/token`, form({ grant_type: 'x', pad: 'é'.repeat(9_000) }));
    for (let i = 0; i < 5; i += 1) await server.ask(path(made));
    const [first, ...rest] = await exchanges(made);
    expect(Buffer.byteLength(first!.request.body!)).toBeLessThanOrEqual(16_384);
    expect(first?.request.truncatedFrom).toBeGreaterThan(16_384);
    expect(rest).toHaveLength(5);
    expect((await exchanges(made, '?after=2&limit=2')).map(({ seq }) => seq)).toEqual([3, 4]);
    for (const wrong of ['?after=-1', '?limit=0', '?limit=501', '?after=x'])
      expect.soft((await steer(made, 'GET', `/exchanges${wrong}`)).status).toBe(400);
  });

  it('is not for public visitors of default', async () => {
    const open = await testServer({
      PUBLIC_URL: 'https://walk.example',
      AUTHWALK_ADMIN_TOKEN: 'a-token-of-the-operator',
    });
    await open.ask('/oauth/token', form({}));
    const seen = await open.ask('/api/sandboxes/default/exchanges', {
      headers: { authorization: 'Bearer a-token-of-the-operator' },
    });
    expect((await body<{ exchanges: unknown[] }>(seen)).exchanges).toEqual([]);
    const own = await make({}, open);
    await open.ask(path(own));
    expect(await exchanges(own, '', open)).toHaveLength(1);
    await open.close();
  });

  it('is shared without secrets, and without control', async () => {
    const made = await make();
    await tokens(made, await client(made));
    const { token } = await body<{ url: string; token: string }>(await steer(made, 'POST', '/shares', {}));
    const read = (rest: string, method = 'GET') =>
      server.ask(`/api/sandboxes/${made.id}${rest}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    expect((await read('/exchanges')).status).toBe(200);
    expect((await read('/export?format=har')).status).toBe(200);
    for (const [rest, method] of [
      ['/exchanges?reveal=1', 'GET'],
      ['/reset', 'POST'],
      ['/users', 'GET'],
      ['', 'DELETE'],
    ] as const)
      expect.soft((await read(rest, method)).status).toBe(401);
  });

  it('exports HAR and curl', async () => {
    const made = await make();
    await tokens(made, await client(made));
    const har = await body<{ log: { version: string; entries: { request: { url: string } }[] } }>(
      await steer(made, 'GET', '/export?format=har'),
    );
    expect(har.log.version).toBe('1.2');
    expect(har.log.entries).toHaveLength(3);
    await expect(validHar(har)).resolves.toBeTruthy();
    await expect(validHar({ log: { ...har.log, entries: [{}] } })).rejects.toBeTruthy();
    const curl = await (await steer(made, 'GET', '/export?format=curl')).text();
    expect(curl).toContain(`curl -sS -i -X POST ${made.issuer}/oauth/token`);
    expect((await steer(made, 'GET', '/export?format=pdf')).status).toBe(400);
  });
});

describe('the stream', () => {
  async function collect(response: Response, count: number): Promise<{ id: number; data: Exchange }[]> {
    const events: { id: number; data: Exchange }[] = [];
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (events.length < count) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (id && data && block.includes('event: exchange'))
          events.push({ id: Number(id), data: JSON.parse(data) as Exchange });
      }
    }
    await reader.cancel();
    return events;
  }

  it('goes on where it was left, in the middle of traffic', async () => {
    const made = await make();
    const traffic = (async () => {
      for (let i = 0; i < 60; i += 1) {
        await server.ask(`${path(made)}?n=${i}`);
        if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    const seen: number[] = [];
    while (seen.length < 60) {
      const response = await server.ask(`/api/sandboxes/${made.id}/stream`, {
        headers: { authorization: `Bearer ${made.control_token}`, 'last-event-id': String(seen.at(-1) ?? 0) },
      });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      for (const { id } of await collect(response, Math.min(13, 60 - seen.length))) seen.push(id);
    }
    await traffic;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('has ten readers at most', async () => {
    const made = await make();
    const readers = await Promise.all(Array.from({ length: 10 }, () => steer(made, 'GET', '/stream')));
    expect(readers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const eleventh = await steer(made, 'GET', '/stream');
    expect(eleventh.status).toBe(429);
    await Promise.all(readers.map(({ body: stream }) => stream?.cancel()));
    const again = await steer(made, 'GET', '/stream');
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });
});
