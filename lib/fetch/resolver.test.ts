import { expect, test } from 'vitest';
import { createGuardedFetch } from './guarded.ts';
import { createResolver, type NameServer } from './resolver.ts';

const none = () => Promise.reject(new Error('ENOTFOUND'));

/** A name server that knows one name, and counts the questions. */
function nameServer(known: Readonly<Record<string, string[]>>): NameServer & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve4: (hostname) => {
      asked.push(hostname);
      return known[hostname] ? Promise.resolve(known[hostname]) : none();
    },
    resolve6: none,
  };
}

test('one family of addresses is enough', async () => {
  const resolve = createResolver({ server: nameServer({ 'client.example': ['93.184.216.34'] }) });
  expect(await resolve('client.example')).toEqual([{ address: '93.184.216.34', family: 4 }]);
});

test('a name that does not resolve is not asked for again at once', async () => {
  const server = nameServer({});
  let time = 0;
  const resolve = createResolver({ server, remember: 1000, now: () => time });
  for (let i = 0; i < 5; i += 1) await expect(resolve('slow.example')).rejects.toThrow();
  expect(server.asked).toEqual(['slow.example']);
  time = 1001;
  await expect(resolve('slow.example')).rejects.toThrow();
  expect(server.asked).toHaveLength(2);
});

test('names of this machine go to the system', async () => {
  const server = nameServer({});
  expect((await createResolver({ server })('localhost')).length).toBeGreaterThan(0);
  expect(server.asked).toEqual([]);
});

test('whoever names slow addresses holds up nobody else', async () => {
  const open: (() => void)[] = [];
  const resolve = (hostname: string) =>
    hostname.startsWith('slow')
      ? new Promise<never>((_, reject) => open.push(() => reject(new Error('too late'))))
      : Promise.resolve([{ address: '10.0.0.1', family: 4 }]);
  const fetch = createGuardedFetch({ resolve });
  const options = { maxBytes: 100, accept: 'application/json' };
  const kindOf = (name: string, requester: string) =>
    fetch(`https://${name}.example/`, { ...options, requester }).catch(({ kind }: { kind: string }) => kind);
  const waiting = Array.from({ length: 8 }, (_, i) => kindOf(`slow${i}`, 'a'));
  expect(await kindOf('next', 'a')).toBe('busy');
  // Of another requester the name is resolved, and refused for what it leads to.
  expect(await kindOf('next', 'b')).toBe('address');
  for (const end of open) end();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unreachable']));
  expect(await kindOf('next', 'a')).toBe('address');
});
