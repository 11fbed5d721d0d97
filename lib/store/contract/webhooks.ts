import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRecord } from '../store.ts';
import { client, DAY, fresh, NOW, type Opened, sandbox } from './fixtures.ts';

const webhook = (id: string, change: Partial<WebhookRecord> = {}): WebhookRecord => ({
  id,
  url: 'https://receiver.example/hook',
  events: ['exchange.token'],
  cursor: 0,
  attempts: 0,
  dueAt: 0,
  state: 'active',
  problem: null,
  createdAt: NOW,
  deliveredAt: null,
  ...change,
});

export function webhookContract(store: Opened): void {
  describe('webhooks', () => {
    it('are five at most, and move on from where they were seen', async () => {
      const tenant = fresh(store());
      for (const id of ['a', 'b', 'c', 'd', 'e']) await tenant.addWebhook(webhook(id));
      await expect(tenant.addWebhook(webhook('f'))).rejects.toThrow('Limit reached: 5 webhooks per sandbox.');
      expect(await tenant.deleteWebhook('e')).toBe(true);
      expect(await tenant.deleteWebhook('e')).toBe(false);
      await tenant.addWebhook(webhook('f', { events: null }));
      const there = { cursor: 7, attempts: 0, dueAt: 0, state: 'active', problem: null, deliveredAt: NOW } as const;
      // Of two that deliver the same at once, one moves it.
      const moved = await Promise.all([tenant.moveWebhook('a', 0, there), tenant.moveWebhook('a', 0, there)]);
      expect(moved.sort()).toEqual([false, true]);
      const [first] = await tenant.listWebhooks();
      expect(first).toEqual(webhook('a', { cursor: 7, deliveredAt: NOW }));
      expect(await tenant.moveWebhook('gone', 0, there)).toBe(false);
    });

    it('are found by sandbox, and end with it', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const tenant = store().tenant(record.id);
      await tenant.addWebhook(webhook('a'));
      const ids: string[] = [];
      for (let after = ''; ; after = ids.at(-1)!) {
        const page = await store().listWebhookScopes({ after, limit: 2 });
        if (page.length === 0) break;
        ids.push(...page);
      }
      expect(ids).toContain(record.id);
      await store().resetSandbox(record.id);
      expect(await tenant.listWebhooks()).toEqual([]);
      // The count ends too.
      for (const id of ['a', 'b', 'c', 'd', 'e']) await tenant.addWebhook(webhook(id));
    });

    it('leave what could not be delivered', async () => {
      const tenant = fresh(store());
      const letter = { webhook: 'a', event: { id: 1 }, problem: 'timeout', attempts: 8 };
      await tenant.addDeadLetter({ ...letter, id: 'one', createdAt: NOW });
      await tenant.addDeadLetter({ ...letter, id: 'two', createdAt: NOW + 1 });
      expect((await tenant.listDeadLetters(10)).map(({ id }) => id)).toEqual(['two', 'one']);
      expect((await tenant.listDeadLetters(1))[0]).toEqual({ ...letter, id: 'two', createdAt: NOW + 1 });
    });
  });

  describe('ingested events', () => {
    it('are taken once by their key, until their time is over', async () => {
      const tenant = fresh(store());
      const event = { key: 'k', eventId: 'first', data: { a: 1 }, createdAt: NOW, expiresAt: NOW + DAY };
      const entry = { at: NOW, bytes: 20, data: { kind: 'change' } };
      const answers = await Promise.all(
        ['first', 'second', 'third'].map((eventId) => tenant.ingestEvent({ ...event, eventId }, entry)),
      );
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(answers.map(({ event: { eventId } }) => eventId)).size).toBe(1);
      const later = { ...event, eventId: 'later', createdAt: NOW + DAY, expiresAt: NOW + 2 * DAY };
      expect((await tenant.ingestEvent({ ...later, createdAt: NOW + DAY - 1 }, entry)).isNew).toBe(false);
      expect(await tenant.ingestEvent(later, entry)).toEqual({ event: later, isNew: true });
      // Only what was taken stands in the ledger.
      expect((await tenant.listExchanges({ after: 0, limit: 10 })).map(({ seq, data }) => [seq, data])).toEqual([
        [1, entry.data],
        [2, entry.data],
      ]);
    });
  });
}

/** Requests that wait for each other. */
export function barrierContract(store: Opened): void {
  it('a barrier shows who has come, and who has gone, to all', async () => {
    const tenant = fresh(store());
    await Promise.all([2, 1].map((place) => tenant.arriveAtBarrier('f 1', place, NOW + place)));
    await tenant.arriveAtBarrier('f 2', 1, NOW);
    await tenant.endAtBarrier('f 1', 2, NOW + 9);
    expect(await tenant.readBarrier('f 1')).toEqual([
      { place: 1, arrivedAt: NOW + 1, endedAt: null },
      { place: 2, arrivedAt: NOW + 2, endedAt: NOW + 9 },
    ]);
  });
}

/** What an operator looks at. */
export function operatorContract(store: Opened): void {
  describe('for operators', () => {
    it('sandboxes are found by id and scenario, the latest used first, with what they hold', async () => {
      const mark = `op-${randomUUID().slice(0, 8)}`;
      const made = [0, 1, 2].map((at) =>
        sandbox({ id: `${mark}-${at}`, scenario: `${mark}_s${at}`, lastUsedAt: NOW + at, expiresAt: NOW + DAY }),
      );
      for (const record of made) await store().createSandbox(record);
      await store()
        .tenant(made[0]!.id)
        .appendExchanges([{ at: NOW, bytes: 100, data: {} }]);
      const find = async (search: string, more = {}) => await store().findSandboxes(NOW, { ...page, search, ...more });
      const found = await find(mark.toUpperCase());
      expect([found.total, found.sandboxes.map(({ id }) => id)]).toEqual([3, [2, 1, 0].map((at) => `${mark}-${at}`)]);
      expect(found.sandboxes.at(-1)).toMatchObject({ exchanges: 1, bytes: 100, lastUsedAt: NOW });
      expect((await find(`${mark}_s1`)).total).toBe(1);
      // What means something in a pattern is looked for as it stands.
      expect((await find(`${mark.slice(0, -1)}_`)).total).toBe(0);
      expect((await find(mark, { offset: 1, limit: 1 })).sandboxes.map(({ id }) => id)).toEqual([`${mark}-1`]);
      const idlest = (await find(mark, { idleFirst: true })).sandboxes.map(({ id }) => id);
      expect(idlest).toEqual([0, 1, 2].map((at) => `${mark}-${at}`));
      expect((await find(mark, { usedSince: NOW + 2 })).total).toBe(1);
      expect((await store().findSandboxes(NOW + 2 * DAY, { ...page, search: mark })).total).toBe(0);
    });

    it('each says who sent its latest exchange: by name, by identifier, by agent', async () => {
      const mark = `who-${randomUUID().slice(0, 8)}`;
      const sent = async (at: number, ...senders: (Record<string, unknown> | null)[]) => {
        const id = `${mark}-${at}`;
        await store().createSandbox(sandbox({ id, lastUsedAt: NOW + at, expiresAt: NOW + DAY }));
        const tenant = store().tenant(id);
        await tenant.createClient(
          client({ clientId: 'known', metadata: { ...client().metadata, client_name: 'Fieldnotes' } }),
        );
        await tenant.appendExchanges(
          senders.map((one) => ({ at: NOW, bytes: 1, data: one === null ? { kind: 'change' } : { client: one } })),
        );
      };
      await sent(4, { clientId: null, name: null, userAgent: 'early' }, { clientId: 'known', name: null }, null);
      await sent(3, { clientId: 'elsewhere', name: null, userAgent: 'node' });
      await sent(2, { clientId: null, name: null, userAgent: 'python-httpx/0.28' });
      await sent(1, null);
      const { sandboxes } = await store().findSandboxes(NOW, { ...page, search: mark });
      expect(sandboxes.map((one) => one.client)).toEqual(['Fieldnotes', 'elsewhere', 'python-httpx/0.28', null]);
    });

    it('sandboxes are found by a client, by the latest sender, and by the length of the ledger', async () => {
      const mark = `by-${randomUUID().slice(0, 8)}`;
      const names = ['app', 'agent', 'long'] as const;
      const [app, agent, long] = names.map((name) => `${mark}-${name}`) as [string, string, string];
      for (const id of [app, agent, long])
        await store().createSandbox(sandbox({ id, lastUsedAt: NOW + DAY, expiresAt: NOW + 2 * DAY }));
      const metadata = { ...client().metadata, client_name: `Field_Notes ${mark}` };
      await store()
        .tenant(app)
        .createClient(client({ clientId: `app ${mark} 100%`, metadata }));
      await store()
        .tenant(agent)
        .appendExchanges([
          { at: NOW, bytes: 1, data: { client: { clientId: null, name: null, userAgent: `Robot/1 ${mark}x` } } },
          { at: NOW, bytes: 1, data: { kind: 'change' } },
        ]);
      await store()
        .tenant(long)
        .appendExchanges(Array.from({ length: 7 }, () => ({ at: NOW, bytes: 1, data: {} })));
      const find = async (more: object) =>
        (await store().findSandboxes(NOW + DAY, { ...page, search: '', ...more })).sandboxes.map(({ id }) => id);
      expect(await find({ search: `field_notes ${mark}` })).toEqual([app]);
      expect(await find({ search: `${mark} 100%` })).toEqual([app]);
      expect(await find({ search: `field.notes ${mark}` })).toEqual([]);
      expect(await find({ search: `robot/1 ${mark}` })).toEqual([agent]);
      expect(await find({ search: mark, moreThan: 6 })).toEqual([long]);
      expect(await find({ search: mark, moreThan: 7 })).toEqual([]);
      expect(await find({ search: mark, moreThan: 1 })).toEqual([agent, long]);
    });

    it('no name that a client gives itself hides the others', async () => {
      const mark = `odd-${randomUUID().slice(0, 8)}`;
      const names = ['a\u0000b', 'a\ud800b', 'a\udc00\ud800b', '\\u0000', '"\\ud800"', '\\"', '\u{1f600}', '\u202e'];
      for (const [at, name] of names.entries()) {
        const id = `${mark}-${at}`;
        await store().createSandbox(sandbox({ id, lastUsedAt: NOW + 3 * DAY + at, expiresAt: NOW + 4 * DAY }));
        const tenant = store().tenant(id);
        await tenant.createClient(client({ metadata: { ...client().metadata, client_name: name } }));
        await tenant.appendExchanges([
          { at: NOW, bytes: 1, data: { [name]: name, client: { clientId: null, name: `Sender ${at} ${name}` } } },
        ]);
      }
      const find = async (search: string) =>
        (await store().findSandboxes(NOW + 3 * DAY, { ...page, search, usedSince: NOW + 3 * DAY })).sandboxes;
      const listed = (await find(mark)).toReversed();
      expect(listed.map((one) => one.client?.slice(0, 9))).toEqual(names.map((_, at) => `Sender ${at} `));
      for (const at of names.keys())
        expect((await find(`sender ${at} `)).map(({ id }) => id)).toEqual([`${mark}-${at}`]);
      for (const { id } of listed) await store().deleteSandbox(id, NOW + 3 * DAY);
    });

    it('everything is counted', async () => {
      const totals = await store().countAll(NOW);
      expect(totals.sandboxes).toBe(await store().countSandboxes(NOW));
      expect(totals.bytes).toBeGreaterThan(0);
      const counts = await store().countLastUses(NOW + 3, 1000, 2);
      expect(counts[0]).toBeGreaterThanOrEqual(3);
      expect(await store().listReports({ offset: 0, limit: 1 })).toBeInstanceOf(Array);
    });
  });
}

const page = { moreThan: 0, usedSince: 0, offset: 0, limit: 10 };
