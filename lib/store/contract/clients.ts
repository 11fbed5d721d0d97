import { describe, expect, it } from 'vitest';
import { ConflictError } from '../store.ts';
import { access, client, code, fresh, grant, key, NOW, type Opened, race } from './fixtures.ts';

export function keyContract(store: Opened): void {
  describe('keys', () => {
    it('takes one key of many into use for an algorithm', async () => {
      const tenant = fresh(store());
      const answers = await race(
        50,
        () => tenant.addKeyIfNone(key()),
        (answer) => answer.kid,
      );
      expect(Object.keys(answers)).toHaveLength(1);
      const rsa = key({ alg: 'RS256' });
      expect(await tenant.addKeyIfNone(rsa)).toEqual(rsa);
      expect(await tenant.listKeys()).toHaveLength(2);
    });

    it('rotates: the old key stays, retired, until its time is over', async () => {
      const tenant = fresh(store());
      const [first, second] = [key(), key({ createdAt: NOW + 10 })];
      await tenant.addKeyIfNone(first);
      await tenant.rotateKey(second, NOW + 10);
      expect(await tenant.listKeys()).toEqual([{ ...first, retiredAt: NOW + 10 }, second]);
      expect(await tenant.addKeyIfNone(key())).toEqual(second);
      await tenant.deleteKeysRetiredBefore(NOW + 10);
      expect(await tenant.listKeys()).toHaveLength(2);
      await tenant.deleteKeysRetiredBefore(NOW + 11);
      expect(await tenant.listKeys()).toEqual([second]);
    });

    it('is replaced as a whole, with one key in use for an algorithm', async () => {
      const tenant = fresh(store());
      await tenant.addKeyIfNone(key());
      const own = [key({ kid: 'a' }), key({ kid: 'b' }), key({ kid: 'c', alg: 'RS256' })];
      await tenant.replaceKeys(own);
      expect(await tenant.listKeys()).toEqual([own[0], { ...own[1], retiredAt: NOW }, own[2]]);
      expect(await tenant.addKeyIfNone(key())).toEqual(own[0]);
    });
  });
}

export function clientContract(store: Opened): void {
  describe('clients', () => {
    it('gives back what was created, once', async () => {
      const tenant = fresh(store());
      const record = client({
        secretHash: 'hash',
        secretExpiresAt: 5,
        authMethods: ['client_secret_basic', 'client_secret_post'],
      });
      await tenant.createClient(record);
      expect(await tenant.getClient(record.clientId)).toEqual(record);
      expect(await tenant.getClient('nobody')).toBeNull();
      await expect(tenant.createClient(record)).rejects.toThrow(ConflictError);
      const replaced = client({ clientId: record.clientId, source: 'preregistered' });
      await tenant.putClient(replaced);
      expect(await tenant.getClient(record.clientId)).toEqual(replaced);
    });

    it('replaces a registration only as it was seen: neither after its deletion nor over another secret', async () => {
      const tenant = fresh(store());
      const record = client({ registrationTokenHash: 'token' });
      await tenant.createClient(record);
      const withSecret = (secretHash: string) => ({ ...record, secretHash });
      const replaced = await race(10, (at) => tenant.replaceClient(record, withSecret(`secret-${at}`)), String);
      expect(replaced).toEqual({ true: 1, false: 9 });
      const kept = (await tenant.getClient(record.clientId))!;
      expect(await tenant.replaceClient(kept, { ...kept, registrationTokenHash: 'next' })).toBe(true);
      expect(await tenant.replaceClient(kept, kept)).toBe(false);
      await tenant.deleteClient(record.clientId, NOW);
      expect(await tenant.replaceClient({ ...kept, registrationTokenHash: 'next' }, kept)).toBe(false);
      expect(await tenant.getClient(record.clientId)).toBeNull();
    });

    it('puts one client, however many put it at once', async () => {
      const tenant = fresh(store());
      const record = client({ source: 'preregistered' });
      await Promise.all(Array.from({ length: 10 }, (_, at) => tenant.putClient({ ...record, secretHash: `${at}` })));
      expect(await tenant.listClients({ limit: 10 })).toHaveLength(1);
    });

    it('finds nothing by what no client could be called', async () => {
      const tenant = fresh(store());
      for (const id of ['', '\u0000', '\ud800', "' or 1=1 --", '%', 'ü'.repeat(5000)])
        expect(await tenant.getClient(id)).toBeNull();
    });

    it('pages by id', async () => {
      const tenant = fresh(store());
      for (const clientId of ['b', 'B', 'a', 'c']) await tenant.createClient(client({ clientId }));
      expect((await tenant.listClients({ limit: 2 })).map((record) => record.clientId)).toEqual(['B', 'a']);
      expect((await tenant.listClients({ limit: 9, after: 'a' })).map((record) => record.clientId)).toEqual(['b', 'c']);
    });

    it('takes its grants and tokens with it', async () => {
      const tenant = fresh(store());
      const record = client();
      await tenant.createClient(record);
      const made = grant({ clientId: record.clientId });
      const other = grant();
      await tenant.createGrantWithCode(made, code(made.id));
      await tenant.createGrant(other);
      const own = access(null, { clientId: record.clientId });
      await tenant.saveAccessToken(own);
      await tenant.saveAccessToken(access(other.id, { id: 'other' }));
      expect(await tenant.deleteClient(record.clientId, NOW + 5)).toBe(true);
      expect(await tenant.deleteClient(record.clientId, NOW + 5)).toBe(false);
      expect(await tenant.getGrant(made.id)).toEqual({ ...made, revokedAt: NOW + 5, revokedBy: 'client-deleted' });
      expect((await tenant.getAccessToken(own.id))?.token.revokedAt).toBe(NOW + 5);
      expect((await tenant.getAccessToken('other'))?.token.revokedAt).toBeNull();

      await tenant.createClient(record);
      const later = access(null, { clientId: record.clientId });
      await tenant.saveAccessToken(later);
      expect((await tenant.getAccessToken(own.id))?.token.revokedAt).toBe(NOW + 5);
      expect((await tenant.getAccessToken(later.id))?.token.revokedAt).toBeNull();
    });

    it('keeps metadata documents', async () => {
      const tenant = fresh(store());
      const record = {
        url: 'https://client.example/',
        document: { client_id: 'x' },
        fetchedAt: NOW,
        freshUntil: NOW + 1,
        etag: '"1"',
      };
      expect(await tenant.getClientDocument(record.url)).toBeNull();
      await tenant.putClientDocument(record);
      expect(await tenant.getClientDocument(record.url)).toEqual(record);
      await tenant.putClientDocument({ ...record, etag: null });
      expect(await tenant.getClientDocument(record.url)).toEqual({ ...record, etag: null });
    });
  });
}
