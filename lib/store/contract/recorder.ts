import { describe, expect, it } from 'vitest';
import { LimitError, type Store, type TenantStore } from '../store.ts';
import { client, fault, fresh, NOW, type Opened, race, sandbox, times } from './fixtures.ts';

const exchange = (bytes: number, data: Record<string, unknown> = {}) => ({ at: NOW, bytes, data });

export function recorderContract(store: Opened): void {
  describe('what a sandbox remembers of its ledger', () => {
    it('is noted once, in order, and stays through a reset', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const tenant = store().tenant(record.id);
      await tenant.noteLedgerFacts([
        { kind: 'as-metadata', name: 'https://as.example', at: NOW + 1 },
        { kind: 'prm', name: '', at: NOW },
      ]);
      await tenant.noteLedgerFacts([{ kind: 'prm', name: '', at: NOW + 9 }]);
      await tenant.createClient(client({ clientId: 'gone' }));
      await store().resetSandbox(record.id, { wall: NOW + 5 });
      expect(await tenant.listLedgerFacts()).toEqual([
        { kind: 'prm', name: '', at: NOW },
        { kind: 'as-metadata', name: 'https://as.example', at: NOW + 1 },
        { kind: 'forgotten-client', name: 'gone', at: NOW + 5 },
      ]);
      await store().deleteSandbox(record.id, NOW + 9);
      expect(await tenant.listLedgerFacts()).toEqual([]);
    });

    it('is bounded: the latest of a kind stay', async () => {
      const tenant = fresh(store());
      const facts = Array.from({ length: 1005 }, (_, at) => ({ kind: 'prm', name: String(at), at }) as const);
      await tenant.noteLedgerFacts(facts);
      expect((await tenant.listLedgerFacts()).map(({ at }) => at)).toEqual(facts.slice(5).map(({ at }) => at));
    });

    it('says which exchange is the first that is kept', async () => {
      const tenant = fresh(store());
      expect(await tenant.firstExchangeSeq()).toBeNull();
      await tenant.appendExchanges(Array.from({ length: 503 }, () => exchange(1)));
      expect(await tenant.firstExchangeSeq()).toBe(4);
    });
  });

  describe('shares', () => {
    it('are listed, found by their token, deleted, and end with a reset', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const tenant = store().tenant(record.id);
      const share = (id: string) => ({ id, tokenHash: `hash-${id}`, createdAt: NOW });
      await tenant.addShare(share('a'));
      await tenant.addShare(share('b'));
      expect(await tenant.listShares()).toEqual([share('a'), share('b')]);
      expect(await tenant.findShare('hash-b')).toBe('b');
      expect([await tenant.deleteShare('b'), await tenant.deleteShare('b')]).toEqual([true, false]);
      expect(await tenant.findShare('hash-b')).toBeNull();
      await store().resetSandbox(record.id);
      expect(await tenant.findShare('hash-a')).toBeNull();
    });

    it('are 100 at most', async () => {
      const tenant = fresh(store());
      await times(100, (i) => tenant.addShare({ id: String(i), tokenHash: String(i), createdAt: NOW }));
      const more = tenant.addShare({ id: 'more', tokenHash: 'more', createdAt: NOW });
      await expect(more).rejects.toBeInstanceOf(LimitError);
    });
  });

  /** The recorder says in which epoch of the sandbox an exchange began. */
  describe.each([['of a scope'], ['of an epoch of a sandbox']])('exchanges %s', (of) => {
    const fresh = async (opened: Store): Promise<TenantStore> => {
      const record = sandbox();
      const tenant = opened.tenant(record.id);
      if (of === 'of a scope') return tenant;
      await opened.createSandbox(record);
      return { ...tenant, appendExchanges: (exchanges) => tenant.appendExchanges(exchanges, 0) };
    };

    it('are numbered from one, in order, and read from any of them', async () => {
      const tenant = await fresh(store());
      expect(await tenant.lastExchangeSeq()).toBe(0);
      expect(await tenant.appendExchanges([])).toEqual([]);
      const written = await tenant.appendExchanges([exchange(5, { path: 'a' }), exchange(6, { path: 'ü\u0000' })]);
      expect(written).toEqual([
        { ...exchange(5, { path: 'a' }), seq: 1 },
        { ...exchange(6, { path: 'ü\u0000' }), seq: 2 },
      ]);
      expect(await tenant.listExchanges({ after: 0, limit: 9 })).toEqual(written);
      expect(await tenant.listExchanges({ after: 1, limit: 9 })).toEqual([written[1]]);
      expect(await tenant.listExchanges({ after: 0, limit: 1 })).toEqual([written[0]]);
      expect(await tenant.lastExchangeSeq()).toBe(2);
    });

    it('never get the same number, however many write', async () => {
      const tenant = await fresh(store());
      const written = (
        await Promise.all(Array.from({ length: 50 }, () => tenant.appendExchanges([exchange(1), exchange(1)])))
      ).flat();
      expect(new Set(written.map((record) => record.seq)).size).toBe(100);
      expect(await tenant.lastExchangeSeq()).toBe(100);
      await tenant.clearExchanges();
      expect(await tenant.listExchanges({ after: 0, limit: 9 })).toEqual([]);
      expect((await tenant.appendExchanges([exchange(1)]))[0]?.seq).toBe(101);
    });

    it('are kept up to 500', async () => {
      const tenant = await fresh(store());
      await tenant.appendExchanges(Array.from({ length: 450 }, () => exchange(1)));
      await tenant.appendExchanges(Array.from({ length: 60 }, () => exchange(1)));
      const kept = await tenant.listExchanges({ after: 0, limit: 1000 });
      expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq]).toEqual([500, 11, 510]);
      await tenant.appendExchanges(Array.from({ length: 700 }, () => exchange(1)));
      const after = await tenant.listExchanges({ after: 0, limit: 1000 });
      expect([after.length, after[0]?.seq, after.at(-1)?.seq]).toEqual([500, 711, 1210]);
    });

    it('are kept up to 4 MiB, and the newest in any case', async () => {
      const tenant = await fresh(store());
      const mebibyte = 1024 * 1024;
      await times(6, () => tenant.appendExchanges([exchange(mebibyte)]));
      expect((await tenant.listExchanges({ after: 0, limit: 9 })).map((record) => record.seq)).toEqual([3, 4, 5, 6]);
      await tenant.appendExchanges([exchange(1)]);
      expect((await tenant.listExchanges({ after: 0, limit: 9 })).map((record) => record.seq)).toEqual([4, 5, 6, 7]);
      await tenant.appendExchanges([exchange(9 * mebibyte)]);
      expect((await tenant.listExchanges({ after: 0, limit: 9 })).map((record) => record.seq)).toEqual([8]);
      await tenant.clearExchanges();
      await times(4, () => tenant.appendExchanges([exchange(mebibyte)]));
      expect(await tenant.listExchanges({ after: 0, limit: 9 })).toHaveLength(4);
    });
  });

  describe('exchanges of many sandboxes at once', () => {
    it('are written each to its ledger, but for those that began before a reset', async () => {
      const records = Array.from({ length: 12 }, () => sandbox());
      for (const record of records) await store().createSandbox(record);
      await store().resetSandbox(records[3]!.id);
      await store().deleteSandbox(records[4]!.id, NOW);
      const written = await Promise.all(
        records.flatMap(({ id }, at) =>
          [1, 2].map((nth) =>
            store()
              .tenant(id)
              .appendExchanges([exchange(10, { at, nth }), exchange(10)], 0),
          ),
        ),
      );
      for (const [at, { id }] of records.entries()) {
        const kept = await store().tenant(id).listExchanges({ after: 0, limit: 9 });
        const gone = at === 3 || at === 4;
        expect.soft(kept.map(({ seq }) => seq)).toEqual(gone ? [] : [1, 2, 3, 4]);
        expect
          .soft(kept.flatMap(({ data }) => ('nth' in data ? [data] : [])))
          .toEqual(gone ? [] : [1, 2].map((nth) => ({ at, nth })));
        expect.soft([...written[2 * at]!, ...written[2 * at + 1]!]).toEqual(kept);
      }
      expect(
        await store()
          .tenant(records[3]!.id)
          .appendExchanges([exchange(1)], 1),
      ).toHaveLength(1);
    });

    it('go on while the ledger of another one is cleared and reset', async () => {
      const [busy, calm] = [sandbox(), sandbox()];
      for (const record of [busy, calm]) await store().createSandbox(record);
      const append = (id: string, epoch: number) =>
        store()
          .tenant(id)
          .appendExchanges([exchange(5)], epoch);
      let epoch = 0;
      for (let round = 0; round < 10; round += 1) {
        const [, , ofBusy, ofCalm] = await Promise.all([
          store().tenant(busy.id).clearExchanges(),
          store().resetSandbox(busy.id),
          append(busy.id, epoch),
          append(calm.id, 0),
        ]);
        epoch += 1;
        expect.soft(ofBusy.length).toBeLessThanOrEqual(1);
        expect.soft(ofCalm.map(({ seq }) => seq)).toEqual([round + 1]);
        expect.soft(await store().tenant(busy.id).listExchanges({ after: 0, limit: 9 })).toEqual([]);
        expect.soft(await append(busy.id, epoch)).toHaveLength(1);
        await store().tenant(busy.id).clearExchanges();
      }
    });
  });

  describe('faults', () => {
    it('are listed in the order in which they came, and deleted one by one or all', async () => {
      const tenant = fresh(store());
      const faults = [fault(), fault(), fault()];
      for (const record of faults) await tenant.addFault(record);
      expect(await tenant.listFaults()).toEqual(faults);
      expect(await tenant.deleteFaults(faults[1]!.id)).toBe(1);
      expect(await tenant.deleteFaults('nothing')).toBe(0);
      expect(await tenant.listFaults()).toEqual([faults[0], faults[2]]);
      expect(await tenant.deleteFaults()).toBe(2);
    });

    it('give each match its own number, and act as often as they shall', async () => {
      const tenant = fresh(store());
      const record = fault();
      await tenant.addFault(record);
      const claims = await Promise.all(Array.from({ length: 100 }, () => tenant.claimFault(record.id, 3, 5)));
      expect(claims.map((claim) => claim!.matched).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, index) => index + 1),
      );
      expect(
        claims
          .filter((claim) => claim!.acts)
          .map((claim) => claim!.matched)
          .toSorted(),
      ).toEqual([3, 4, 5, 6, 7]);
      expect(await tenant.listFaults()).toEqual([{ ...record, matched: 100, acted: 5 }]);
      expect(await tenant.claimFault('nothing', 1, null)).toBeNull();

      const always = fault();
      await tenant.addFault(always);
      expect(
        await race(
          20,
          () => tenant.claimFault(always.id, 2, null),
          (claim) => String(claim!.acts),
        ),
      ).toEqual({ true: 19, false: 1 });
    });
  });

  describe('notes', () => {
    it('belong to a user, oldest first', async () => {
      const tenant = fresh(store());
      const notes = [1, 2].map((index) => ({
        id: `note-${index}`,
        sub: 'user',
        text: `text ${index}`,
        createdAt: NOW,
      }));
      for (const note of notes) await tenant.addNote(note);
      await tenant.addNote({ ...notes[0]!, id: 'other', sub: 'other' });
      expect(await tenant.listNotes('user')).toEqual(notes);
    });
  });
}
