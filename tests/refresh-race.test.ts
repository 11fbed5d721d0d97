/**
 * What goes wrong with refresh tokens, staged: a race, a lost answer, a token that comes back; and the family as a
 * tree.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { familyOf } from '#lib/live/family.ts';
import type { Exchange, GrantInfo } from '#lib/live/types.ts';
import { openInstance, type Instance, type TestClient, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
  return () => instance.close();
});

interface Stage {
  readonly sandbox: TestSandbox;
  readonly client: TestClient;
  readonly first: string;
  readonly access: string;
}

async function stage(config: Record<string, unknown> = {}): Promise<Stage> {
  const sandbox = await instance.sandbox(config);
  const client = await sandbox.register();
  const tokens = await sandbox.tokens(client);
  return { sandbox, client, first: tokens.refresh_token!, access: tokens.access_token };
}

const script = async (sandbox: TestSandbox, effect: Record<string, unknown>, times = 1): Promise<void> => {
  expect(
    (
      await sandbox.control('POST', '/faults', {
        endpoint: 'token',
        match: { grant_type: 'refresh_token' },
        times,
        effect,
      })
    ).status,
  ).toBe(201);
};
const arrived = async (sandbox: TestSandbox, count: number): Promise<void> => {
  while ((await sandbox.control('GET', '/faults')).body.faults[0].matched < count)
    await new Promise((resolve) => setTimeout(resolve, 5));
};

/** The family as the page draws it: `1 used > 2 live`, and what ended it. */
async function tree(
  sandbox: TestSandbox,
): Promise<{ drawn: string; died: string | null; by: string | null; shownAt: Exchange | undefined }> {
  const { grants } = (await sandbox.control('GET', '/grants')).body as { grants: GrantInfo[] };
  const { exchanges } = (await sandbox.control('GET', '/exchanges?limit=500')).body as { exchanges: Exchange[] };
  const now = (await sandbox.now()) * 1000;
  const family = familyOf(grants[0]!, exchanges, now);
  const draw = (branches: typeof family.roots): string =>
    branches
      .map(
        ({ token, state, children }) =>
          `${token.generation} ${state}${children.length > 0 ? ` > ${draw(children)}` : ''}`,
      )
      .join(' + ');
  return {
    drawn: draw(family.roots),
    died: family.died,
    by: grants[0]!.revoked_by,
    shownAt: exchanges.find(({ seq }) => seq === family.by),
  };
}

describe('two refreshes of one token, held at a barrier', () => {
  test.each([
    [
      [1, 2],
      [200, 400],
    ],
    [
      [2, 1],
      [400, 200],
    ],
  ] as const)('let through in the order %j: %j', async (order, expected) => {
    const { sandbox, client, first } = await stage();
    await script(sandbox, { hold: { until: 2, order } }, 2);
    const one = sandbox.refresh(client, first);
    await arrived(sandbox, 1);
    const two = sandbox.refresh(client, first);
    expect([(await one).status, (await two).status]).toEqual(expected);
    const after = await tree(sandbox);
    expect(after).toMatchObject({ drawn: '1 used > 2 dead', by: 'refresh-spent' });
    expect(after.died).toContain('used refresh token came back');
    expect(after.shownAt).toMatchObject({ reason: 'refresh-spent', acted: [{ kind: 'fault' }] });
  });

  test('with a grace both get the same successor, and the family lives', async () => {
    const { sandbox, client, first } = await stage({ 'refresh.grace': 30 });
    await script(sandbox, { hold: { until: 2, order: [2, 1] } }, 2);
    const [one, two] = await Promise.all([sandbox.refresh(client, first), sandbox.refresh(client, first)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.refresh_token).toBe(two.body.refresh_token);
    expect(one.body.access_token).not.toBe(two.body.access_token);
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 live', died: null });
  });

  test('no more are held at once than the contract says', async () => {
    const { sandbox, client, first } = await stage();
    for (let barrier = 0; barrier < 3; barrier += 1)
      expect
        .soft(
          (
            await sandbox.control('POST', '/faults', {
              endpoint: 'token',
              match: { barrier: String(barrier) },
              times: 'always',
              effect: { hold: { until: 10 } },
            })
          ).status,
        )
        .toBe(201);
    const held = Array.from({ length: 18 }, (_nothing, index) =>
      sandbox.refresh(client, first, { barrier: String(Math.floor(index / 9)) }),
    );
    const more = [sandbox.refresh(client, first, { barrier: '2' }), sandbox.refresh(client, first, { barrier: '2' })];
    for (;;) {
      const { faults } = (await sandbox.control('GET', '/faults')).body as { faults: { matched: number }[] };
      if (faults.reduce((sum, { matched }) => sum + matched, 0) === 20) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const beyond = await sandbox.refresh(client, first, { barrier: '2' });
    expect([beyond.status, beyond.body.error, beyond.headers.get('retry-after')]).toEqual([
      429,
      'rate_limit_exceeded',
      '30',
    ]);
    // Who completes a barrier is let in, and with it all that wait there.
    held.push(sandbox.refresh(client, first, { barrier: '0' }), sandbox.refresh(client, first, { barrier: '1' }));
    await Promise.all(held);
    // One of the third was turned away, and is not waited for.
    for (let another = 0; another < 7; another += 1) more.push(sandbox.refresh(client, first, { barrier: '2' }));
    const statuses = (await Promise.all([...held, ...more])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses).not.toContain(429);
  });
});

describe('an answer that is lost after the rotation', () => {
  test('without a grace, the client that asks again ends its family', async () => {
    const { sandbox, client, first, access } = await stage();
    await script(sandbox, { committed: true, status: 502 });
    expect((await sandbox.refresh(client, first)).status).toBe(502);
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 live', died: null });
    const again = await sandbox.refresh(client, first);
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 dead', by: 'refresh-spent' });
    expect(await sandbox.alive(access)).toBe(false);
  });

  test('within the grace it gets the successor that it missed; after it, it counts as a thief', async () => {
    const { sandbox, client, first } = await stage({ 'refresh.grace': 30 });
    await script(sandbox, { committed: true, drop: true });
    expect((await sandbox.refresh(client, first)).status, 'no answer').toBe(0);
    const again = await sandbox.refresh(client, first);
    expect(again.status).toBe(200);
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 live', died: null });
    expect((await sandbox.refresh(client, again.body.refresh_token)).status).toBe(200);
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 used > 3 live' });
    await sandbox.advance(31);
    expect((await sandbox.refresh(client, first)).body.error).toBe('invalid_grant');
    expect(await tree(sandbox)).toMatchObject({ drawn: '1 used > 2 used > 3 dead', by: 'refresh-spent' });
  });
});

test('a family that is given back, and one that runs out', async () => {
  const given = await stage();
  expect(
    (await given.sandbox.post('/oauth/revoke', { token: given.first, client_id: given.client.client_id })).status,
  ).toBe(200);
  expect((await tree(given.sandbox)).drawn).toBe('1 dead');
  expect((await tree(given.sandbox)).died).toContain('revoked it');
  const idle = await stage({ 'refresh.idleLifetime': 60 });
  await idle.sandbox.advance(61);
  expect(await tree(idle.sandbox)).toMatchObject({ drawn: '1 expired', died: null });
  const { grants } = (await idle.sandbox.control('GET', '/grants')).body as {
    grants: { refresh_tokens: { state: string }[] }[];
  };
  expect(grants[0]!.refresh_tokens.map(({ state }) => state)).toEqual(['expired']);
});
