/** A public instance: what its page says it keeps is what it keeps, and search engines are told what to leave out. */
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import robots from '#app/robots.ts';
import { CLASS_LIFE } from '#lib/http/classes.ts';
import { MADE_AN_HOUR, MADE_BY_PARTICIPANT } from '#lib/http/creating.ts';
import { DEFAULT_TTL, MAX_TTL } from '#lib/spec/lifetimes.ts';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';
import { MAX_EXCHANGES } from '#lib/exchange/types.ts';

import { LIMITS, MAX_EXCHANGE_BYTES } from '#lib/store/limits.ts';

const page = readFileSync(new URL('../docs/public-instance.md', import.meta.url), 'utf8');
const HOSTED = { PUBLIC_URL: 'https://walk.example.com', AUTHWALK_ADMIN_TOKEN: 'operators-only-token' };

let server: TestServer;
beforeAll(async () => {
  server = await testServer(HOSTED);
});
afterAll(() => server.close());

describe('what the page says it keeps', () => {
  /** The row about something, without the spaces that fill the table. */
  const row = (about: string): string => {
    const found = page.split('\n').find((line) => line.startsWith(`| ${about}`));
    return found?.replaceAll(/ +/g, ' ') ?? `There is no row about ${about}.`;
  };
  const hour = 3_600_000;

  it.each<[string, string]>([
    ['a sandbox with its', `${DEFAULT_TTL / 3600} hours after its last use, ${MAX_TTL / 86_400} days at most`],
    ['recorded exchanges', `the latest ${MAX_EXCHANGES} of a sandbox, ${MAX_EXCHANGE_BYTES / 2 ** 20} MiB in all`],
    ['a class', `${CLASS_LIFE / hour} hours after it was made`],
  ])('%s: %s', (about, says) => {
    expect(row(about)).toContain(says);
  });

  it('names the bounds on making', () => {
    expect(page).toContain(`${MADE_AN_HOUR} sandboxes per hour and address`);
    expect(page).toContain(`${MADE_BY_PARTICIPANT} per hour for each participant of a class`);
    expect(page).toContain(`A database holds ${LIMITS.sandboxes.toLocaleString('en').replace(',', ' ')} sandboxes`);
  });

  it('names the cookie, and how long it lives', async () => {
    const asked = await server.ask('/oauth/authorize?client_id=nobody', { headers: { accept: 'text/html' } });
    expect(asked.headers.get('set-cookie')).toBeNull();
    const began = await server.ask('/auth/login/google', { headers: { accept: 'text/html' } });
    const cookie = began.headers.get('set-cookie')!;
    const days = Number(/Max-Age=(\d+)/.exec(cookie)![1]) / 86_400;
    expect(cookie).toMatch(/^__Host-authwalk=/);
    expect(row('a login: one cookie, `__Host-authwalk`')).toContain(`the cookie ${days} days`);
  });

  it("takes MockServer's provider in a sandbox, without clients that nobody registered", async () => {
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as Record<string, string>;
    const authorization = `Bearer ${made.control_token}`;
    const answer = await server.ask(`/s/${made.id}/mockserver/oidc`, json({}, 'PUT', { authorization }));
    const { config } = (await answer.json()) as { config: Record<string, unknown> };
    expect([answer.status, config['consent.outcome'], config['authorize.unknownClient']]).toEqual([
      201,
      'approve',
      undefined,
    ]);
  });

  it('the root is not recorded, and every sandbox is', async () => {
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as Record<string, string>;
    await server.ask('/.well-known/jwks.json');
    await server.ask(`/s/${made.id}/.well-known/jwks.json`);
    const { recorder } = server.container;
    expect(await recorder.list('default', { after: 0, limit: 10 })).toEqual([]);
    expect(await recorder.list(made.id!, { after: 0, limit: 10 })).toHaveLength(1);
  });
});

describe('search engines', () => {
  it('are asked to leave out whatever belongs to somebody, and may read what explains', () => {
    const { rules } = robots();
    const { disallow } = rules as { disallow: string[] };
    const isLeftOut = (path: string): boolean => disallow.some((prefix) => path.startsWith(prefix));
    for (const path of ['/sandbox/x', '/s/x', '/consent/x', '/reports/x', '/plans/x', '/class/x', '/admin', '/api/x'])
      expect.soft([path, isLeftOut(path)]).toEqual([path, true]);
    for (const path of ['/', '/guide', '/lab', '/reference', '/scenarios', '/docs/public-instance', '/levels'])
      expect.soft([path, isLeftOut(path)]).toEqual([path, false]);
  });
});

describe('what is open for long', () => {
  it('leaves nothing behind when its reader goes: the stream of a wall', async () => {
    const { stopping } = server.container;
    const made = await server.ask('/api/classes', json({ track: 'authorization-code' }));
    const { id, control_token } = (await made.json()) as Record<string, string>;
    const before = getEventListeners(stopping, 'abort').length;
    for (let time = 0; time < 15; time += 1) {
      const headers = { authorization: `Bearer ${control_token}` };
      const stream = await server.ask(`/api/classes/${id}/wall/stream`, { headers });
      expect(stream.status).toBe(200);
      const reader = stream.body!.getReader();
      await reader.read();
      await reader.cancel();
    }
    expect(getEventListeners(stopping, 'abort')).toHaveLength(before);
  });
});
