/**
 * Two hundred sandboxes at once, each with a whole flow of a real MCP client, every second one with
 * faults: nothing of one is ever seen in another.
 */
import type { Sandbox } from 'authwalk/testing';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exchangesIn, type LedgerEntry } from '#lib/exchange/types.ts';
import { McpClient } from './lib/mcp-client.ts';
import { type RunningServer, startServer } from './lib/server.ts';

const COUNT = 200;
/** How many speak at the same moment; all are alive throughout. */
const AT_ONCE = 20;

let server: RunningServer;
beforeAll(async () => {
  // The SDK tells of each renewal that fails, as some are made to.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  server = await startServer();
});
afterAll(() => server.close());

type Trouble = 'none' | 'busy' | 'late' | 'dropped' | 'lost' | 'lost with grace';
const FAULTS: Readonly<
  Record<Exclude<Trouble, 'none'>, { readonly match: Record<string, string>; readonly effect: Record<string, unknown> }>
> = {
  busy: { match: { grant_type: 'authorization_code' }, effect: { status: 503, error: 'temporarily_unavailable' } },
  late: { match: { grant_type: 'authorization_code' }, effect: { delay_ms: 40 } },
  dropped: { match: { grant_type: 'authorization_code' }, effect: { drop: true } },
  lost: { match: { grant_type: 'refresh_token' }, effect: { drop: true, committed: true } },
  'lost with grace': { match: { grant_type: 'refresh_token' }, effect: { drop: true, committed: true } },
};
const TROUBLES = Object.keys(FAULTS) as Exclude<Trouble, 'none'>[];

interface ClientMetadata {
  readonly client_name: string;
}

class Guest {
  readonly index: number;
  readonly trouble: Trouble;
  /** Seconds that its clock is away from the wall's; some stand still. */
  readonly offset: number;
  readonly frozen: boolean;
  readonly email: string | null;
  sandbox!: Sandbox;
  base = '';
  client!: McpClient;
  sub = '';
  readonly accessTokens: string[] = [];
  readonly refreshTokens: string[] = [];
  refreshFailed = false;

  constructor(index: number) {
    this.index = index;
    this.trouble = index % 2 === 0 ? 'none' : TROUBLES[((index - 1) / 2) % TROUBLES.length]!;
    this.offset = (index - 100) * 86_400;
    this.frozen = index % 5 === 3;
    // The same address in every tenth sandbox, each time another user.
    this.email = index % 10 === 0 ? 'ada@example.com' : null;
  }

  /** The record with the changes between the requests, which the kit leaves out. */
  async ledger(): Promise<LedgerEntry[]> {
    const { id, controlToken } = this.sandbox;
    const answer = await fetch(`${server.origin}/api/sandboxes/${id}/exchanges?reveal=1&changes=1`, {
      headers: { authorization: `Bearer ${controlToken}` },
    });
    return ((await answer.json()) as { exchanges: LedgerEntry[] }).exchanges;
  }

  async make(): Promise<void> {
    this.sandbox = await server.sandbox({
      users:
        this.email === null
          ? []
          : [{ email: this.email, password: `password-${this.index}`, sub: `ada-${this.index}` }],
      config: {
        'resource.challengeScope': ['notes:read', 'notes:write'],
        ...(this.trouble === 'lost with grace' ? { 'refresh.grace': 60 } : {}),
      },
    });
    this.base = this.sandbox.issuer;
    await this.sandbox.clock.advance(this.offset);
    if (this.frozen) await this.sandbox.clock.freeze();
    if (this.trouble !== 'none') await this.sandbox.faults.add({ endpoint: 'token', ...FAULTS[this.trouble] });
    const login: Record<string, string> =
      this.email === null
        ? { auto_approve: 'true' }
        : { auto_approve_email: this.email, auto_approve_password: `password-${this.index}` };
    this.client = new McpClient(this.sandbox.mcp.oauth, { name: `client ${this.index}`, authorize: login });
  }

  async signIn(): Promise<void> {
    const transport = await this.client.begin();
    let failures = 0;
    await this.client.redeem(transport).catch(async () => {
      failures += 1;
      await this.client.redeem(transport);
    });
    expect(failures, `${this.index} ${this.trouble}`).toBe(
      this.trouble === 'busy' || this.trouble === 'dropped' ? 1 : 0,
    );
    this.#keep();
  }

  #keep(): void {
    this.accessTokens.push(this.client.accessToken);
    this.refreshTokens.push(this.client.refreshToken);
  }

  async call(): Promise<void> {
    this.sub = (JSON.parse(await this.client.call('whoami')) as { sub: string }).sub;
    await this.client.call('notes_add', { text: `a note of ${this.index}` });
  }

  /**
   * The answer to the first refresh may be lost; with a grace the client can ask again, without it its family is
   * gone.
   */
  async refresh(): Promise<void> {
    const isLost = this.trouble === 'lost' || this.trouble === 'lost with grace';
    await this.client.refresh().then(
      () => expect(isLost).toBe(false),
      (error: unknown) => {
        if (!isLost) throw error;
      },
    );
    if (this.trouble === 'lost') {
      const again = await fetch(`${this.base}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: this.client.clientId,
          refresh_token: this.refreshTokens[0]!,
        }),
      });
      expect([again.status, ((await again.json()) as { error: string }).error]).toEqual([400, 'invalid_grant']);
      this.refreshFailed = true;
      return;
    }
    if (isLost) await this.client.refresh();
    this.#keep();
  }
}

/** Runs a phase for all, a few at a time, in an order of its own. */
async function forAll(guests: readonly Guest[], step: number, work: (guest: Guest) => Promise<void>): Promise<void> {
  const queue = guests.map((_guest, index) => guests[(index * step) % guests.length]!);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let guest = queue.shift(); guest !== undefined; guest = queue.shift()) await work(guest);
    }),
  );
}

const post = (url: string, token: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });

test('200 sandboxes, each with a whole flow, half of them with faults, and no cross-talk', {
  timeout: 180_000,
}, async () => {
  const guests = Array.from({ length: COUNT }, (_nothing, index) => new Guest(index));
  await forAll(guests, 1, (guest) => guest.make());
  await forAll(guests, 7, (guest) => guest.signIn());
  await forAll(guests, 11, (guest) => guest.call());
  await forAll(guests, 13, (guest) => guest.refresh());

  // Tokens: each is unlike all others, of its own issuer, and good nowhere else.
  const all = guests.flatMap((guest) => [...guest.accessTokens, ...guest.refreshTokens]);
  expect(new Set(all).size).toBe(all.length);
  await forAll(guests, 17, async (guest) => {
    const { index, base } = guest;
    const neighbour = guests[(index + 1) % COUNT]!;
    const token = guest.accessTokens.at(-1)!;
    expect((await post(`${base}/mcp`, token)).status, `own door ${index}`).toBe(guest.refreshFailed ? 401 : 200);
    const foreign = await post(`${neighbour.base}/mcp`, token);
    expect(foreign.status, `other door ${index}`).toBe(401);
    expect(foreign.headers.get('www-authenticate')).toContain('invalid_token');

    // Keys: its own set verifies it, the neighbour's does not.
    const keys = async (of: Guest): Promise<JSONWebKeySet> =>
      (await (await fetch(`${of.base}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const [own, other] = [await keys(guest), await keys(neighbour)];
    const kids = (set: JSONWebKeySet): (string | undefined)[] => set.keys.map((key) => key.kid);
    expect(kids(own)).toContain(decodeProtectedHeader(token).kid);
    expect(kids(own).filter((kid) => kids(other).includes(kid))).toEqual([]);
    const { payload } = await jwtVerify(token, createLocalJWKSet(own), {
      issuer: base,
      audience: `${base}/mcp`,
      currentDate: new Date(Number(decodeJwt(token).iat) * 1000),
    });
    await expect(jwtVerify(token, createLocalJWKSet(other))).rejects.toThrow();

    // Clocks: issued by the sandbox's own time.
    const now = await guest.sandbox.clock.now();
    if (guest.frozen) expect(await guest.sandbox.clock.now()).toEqual(now);
    expect(Math.abs(payload.iat! - Date.now() / 1000 - guest.offset), `iat ${index}`).toBeLessThan(120);
    expect(Math.abs(now.getTime() / 1000 - Date.now() / 1000 - guest.offset), `clock ${index}`).toBeLessThan(120);

    // Users and what they keep.
    expect(guest.sub).toBe(payload.sub);
    if (guest.email !== null) expect(guest.sub).toBe(`ada-${index}`);
    expect((await guest.sandbox.users.list()).map(({ sub }) => sub)).toEqual([guest.sub]);
    const clients = await guest.sandbox.clients.list();
    expect(clients.map(({ client_id, metadata }) => [client_id, (metadata as ClientMetadata).client_name])).toEqual([
      [guest.client.clientId, `client ${index}`],
    ]);
    if (!guest.refreshFailed)
      expect(
        (JSON.parse(await guest.client.call('notes_list')) as { notes: { text: string }[] }).notes.map(
          ({ text }) => text,
        ),
      ).toEqual([`a note of ${index}`]);

    // Faults: its own, once.
    const faults = await guest.sandbox.faults.list();
    const matched = { none: 0, busy: 2, late: 1, dropped: 2, lost: 2, 'lost with grace': 2 }[guest.trouble];
    expect(faults.map((fault) => [fault.acted, fault.matched])).toEqual(guest.trouble === 'none' ? [] : [[1, matched]]);
  });
  expect(new Set(guests.map((guest) => guest.sub)).size).toBe(COUNT);
  await forAll(guests, 23, async (guest) => {
    const neighbour = guests[(guest.index + 1) % COUNT]!;
    const stolen = await fetch(`${neighbour.base}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: guest.client.clientId,
        refresh_token: guest.refreshTokens.at(-1)!,
      }),
    });
    expect([400, 401]).toContain(stolen.status);
  });

  // Records: every request of its own, in order, none of another but what the neighbour tried above.
  const owners = new Map(
    guests.flatMap((guest) =>
      all.length > 0 ? [...guest.accessTokens, ...guest.refreshTokens].map((token) => [token, guest] as const) : [],
    ),
  );
  await forAll(guests, 19, async (guest) => {
    const entries = await guest.ledger();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const exchanges = exchangesIn(entries);
    const own = guest.base.slice(server.origin.length);
    expect(
      exchanges.filter(({ request }) => !new URL(request.url).pathname.includes(own)).map(({ request }) => request.url),
    ).toEqual([]);
    const before = guests[(guest.index + COUNT - 1) % COUNT]!;
    const named = new Set(exchanges.map(({ client }) => client.clientId).filter((id) => id !== null));
    expect([...named].filter((id) => id !== guest.client.clientId && id !== before.client.clientId)).toEqual([]);
    const shown = exchanges.flatMap(({ request }) => [
      ...request.headers.map(([, value]) => value.replace(/^Bearer /, '')),
      ...new URLSearchParams(request.body ?? '').values(),
    ]);
    expect(new Set(shown.flatMap((text) => owners.get(text) ?? [])).size).toBeLessThanOrEqual(2);
    const answered = exchanges.flatMap(({ response }) =>
      [...(response?.body ?? '').matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)].map(([, token]) =>
        owners.get(token!),
      ),
    );
    expect(answered.filter((owner) => owner !== undefined && owner !== guest)).toEqual([]);
    const acted = exchanges.flatMap((exchange) =>
      exchange.acted.flatMap(({ kind }) => (kind === 'fault' ? [`${kind} ${exchange.grantType}`] : [])),
    );
    expect(acted).toEqual(guest.trouble === 'none' ? [] : [`fault ${FAULTS[guest.trouble].match.grant_type}`]);
    const hasNoAnswer = exchanges.filter(({ response }) => response === null).length;
    expect(hasNoAnswer).toBe(
      guest.trouble === 'dropped' || guest.trouble === 'lost' || guest.trouble === 'lost with grace' ? 1 : 0,
    );
  });
  await forAll(guests, 1, (guest) => guest.client.close());
});
