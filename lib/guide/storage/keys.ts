/** Key pairs. */
import { type KeyStore, memoryKeys } from '../proofs.ts';

/** Keys that stay over reloads, in IndexedDB; it takes key pairs as they are, so none has to be readable. */
export function browserKeys(): KeyStore {
  if (typeof indexedDB === 'undefined') return memoryKeys();
  const memory = memoryKeys();
  const open = (): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('authwalk', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('keys');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open();
    try {
      const request = work(database.transaction('keys', mode).objectStore('keys'));
      return await new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally {
      database.close();
    }
  };
  return {
    async get(jkt) {
      const held = await memory.get(jkt);
      if (held) return held;
      return run<CryptoKeyPair | undefined>('readonly', (store) => store.get(jkt)).then(
        (pair) => pair ?? null,
        () => null,
      );
    },
    async set(jkt, pair) {
      await memory.set(jkt, pair);
      await run('readwrite', (store) => store.put(pair, jkt)).catch(() => undefined);
    },
  };
}
