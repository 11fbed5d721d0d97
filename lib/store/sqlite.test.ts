import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, client, code, grant, NOW, refresh, sandbox, user } from './contract/fixtures.ts';
import { openStore } from './open.ts';

let directory: string;
let url: string;
let children: ChildProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'authwalk-sqlite-'));
  url = `file:${directory}/deep/down/authwalk.db`;
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Starts a process of its own with the store open as `store`, and gives the lines that it prints. */
function start(script: string): { child: ChildProcess; lines: AsyncIterator<string>; done: Promise<unknown> } {
  const source = `
    import { openStore } from ${JSON.stringify(new URL('open.ts', import.meta.url).href)};
    const { access, client } = await import(${JSON.stringify(new URL('contract/fixtures.ts', import.meta.url).href)});
    const store = await openStore(${JSON.stringify(url)});
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator](), done: once(child, 'exit') };
}

describe('a store in a file', () => {
  it('makes its directories, and the file is for nobody else', async () => {
    const store = await openStore(url);
    await store.ping();
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toThrow();
    expect(statSync(url.slice(5)).mode & 0o077).toBe(0);
  });

  it('is there again after closing and opening', async () => {
    const record = sandbox();
    const made = grant();
    const [issued, token, next, person, app] = [
      code(made.id),
      access(made.id),
      refresh(made.id),
      user({ email: 'a@b', passwordHash: 'h' }),
      client(),
    ];
    const first = await openStore(url);
    await first.createSandbox(record);
    const before = first.tenant(record.id);
    await before.createClient(app);
    await before.createUser(person);
    await before.createGrantWithCode(made, issued);
    await before.redeemCode({ hash: issued.hash, now: NOW, access: token, refresh: next });
    await before.appendExchanges([{ at: NOW, bytes: 1, data: { n: 1 } }]);
    await first.close();

    const second = await openStore(url);
    const after = second.tenant(record.id);
    expect(await second.getSandbox(record.id)).toEqual(record);
    expect(await after.getClient(app.clientId)).toEqual(app);
    expect(await after.findUser('A@B')).toEqual(person);
    expect(await after.getAccessToken(token.id)).toEqual({ token, grant: made });
    expect(await after.redeemCode({ hash: issued.hash, now: NOW, access: access(made.id), refresh: null })).toEqual({
      outcome: 'spent',
    });
    expect((await after.findRefreshToken(next.hash))?.grant.revokedBy).toBe('code-spent');
    expect((await after.appendExchanges([{ at: NOW, bytes: 1, data: {} }]))[0]?.seq).toBe(2);
    await second.close();
  });

  it('keeps what was acknowledged when the process is killed', async () => {
    const { child, lines, done } = start(`
      const tenant = store.tenant('default');
      for (let index = 0; ; index += 1) {
        await tenant.saveAccessToken(access(null, { id: 'token-' + index }));
        await tenant.createClient(client({ clientId: 'client-' + index })).catch(() => {});
        process.stdout.write(index + '\\n');
        await new Promise(setImmediate);
      }`);
    let acknowledged = 0;
    while (acknowledged < 300) acknowledged = Number((await lines.next()).value);
    child.kill('SIGKILL');
    for (let line = await lines.next(); !line.done; line = await lines.next()) acknowledged = Number(line.value);
    await done;
    expect(child.signalCode).toBe('SIGKILL');

    const store = await openStore(url);
    const tenant = store.tenant('default');
    for (let index = 0; index <= acknowledged; index += 1)
      expect.soft(await tenant.getAccessToken(`token-${index}`)).not.toBeNull();
    expect(await tenant.getClient('client-300')).not.toBeNull();
    await store.close();
  });

  it('moves its log beside the writing, and ends the thread that does it', async () => {
    const store = await openStore(url);
    const tenant = store.tenant('default');
    const before = statSync(url.slice(5)).size;
    for (let index = 0; index < 2000; index += 1) {
      await tenant.saveAccessToken(access(null, { id: `token-${index}` }));
      if (index % 10 === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => statSync(url.slice(5)).size, { timeout: 10_000 }).toBeGreaterThan(before + 100_000);
    await store.close();
    expect(existsSync(`${url.slice(5)}-wal`)).toBe(false);
    const again = await openStore(url);
    expect(await again.tenant('default').getAccessToken('token-1999')).not.toBeNull();
    await again.close();
  });

  it('is shared by processes that start at once: one makes the tables, and each gets its own numbers', async () => {
    const script = `
      const tenant = store.tenant('default');
      for (let index = 0; index < 100; index += 1) console.log(await tenant.count('shared'));
      await store.close();`;
    const runs = Array.from({ length: 3 }, () => start(script));
    const numbers = (
      await Promise.all(
        runs.map(async ({ lines }) => {
          const seen: number[] = [];
          for (let line = await lines.next(); !line.done; line = await lines.next()) seen.push(Number(line.value));
          return seen;
        }),
      )
    ).flat();
    await Promise.all(runs.map((run) => run.done));
    expect(runs.map((run) => run.child.exitCode)).toEqual([0, 0, 0]);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  it('is backed up while it runs, as docs/operations.md has it, and the copy is whole', async () => {
    const store = await openStore(url, { exclusive: true });
    const tenant = store.tenant('default');
    const writing = (async () => {
      for (let index = 0; index < 500; index += 1) await tenant.saveAccessToken(access(null, { id: `token-${index}` }));
    })();
    await expect.poll(() => tenant.getAccessToken('token-50')).not.toBeNull();
    const copy = join(directory, 'copy.db');
    const other = new DatabaseSync(url.slice(5), { readOnly: true });
    other.exec(`vacuum into '${copy}'`);
    other.close();
    await writing;
    await store.close();
    const restored = await openStore(`file:${copy}`, { exclusive: true });
    expect(await restored.tenant('default').getAccessToken('token-50')).not.toBeNull();
    await restored.close();
  });

  it('is locked by a server: a second process is refused in one line, and may once the first has ended', async () => {
    const first = await openStore(url, { exclusive: true });
    const second = `
      const { openStore } = await import(${JSON.stringify(new URL('open.ts', import.meta.url).href)});
      try { await (await openStore(${JSON.stringify(url)}, { exclusive: true })).close(); console.log('opened'); }
      catch (error) { console.log(error.message); }`;
    const run = async () => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', second]);
      children.push(child);
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      await once(child, 'exit');
      return said.trim();
    };
    expect(await run()).toMatch(/^\S+authwalk\.db is in use by another process of Authwalk\. [^\n]*$/);
    await first.close();
    expect(await run()).toBe('opened');
  });

  it('is not opened when a later version of the program made it', async () => {
    await (await openStore(url)).close();
    const raw = new DatabaseSync(url.slice(5));
    raw.exec("insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')");
    raw.close();
    await expect(openStore(url)).rejects.toThrow('9999-later');
  });
});

describe('the database URL', () => {
  it.each(['', 'authwalk.db', 'mysql://localhost/a', 'file:'])('"%s" is refused, with what it takes', async (wrong) => {
    await expect(openStore(wrong)).rejects.toThrow('it takes file:PATH');
  });

  it('may be absolute with three slashes', async () => {
    const path = join(directory, 'absolute.db');
    await (await openStore(`file://${path}`)).close();
    expect(existsSync(path)).toBe(true);
  });

  it('says what is wrong with a file that is no database', async () => {
    await expect(openStore('file:/dev/null/authwalk.db')).rejects.toThrow();
    await expect(openStore(`file:${import.meta.filename}`)).rejects.toThrow(/not a database/);
  });
});
