/** The one table of endpoints, and everything that is made from it. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '#lib/server/testing.ts';
import { endpoints, faultableEndpoints } from '#lib/spec/endpoints.ts';
import { addressesOf } from './addresses.ts';
import { operationsOf } from './describe.ts';
import type { Route } from './route.ts';
import { routeTable } from './routes/index.ts';

let server: Awaited<ReturnType<typeof testServer>>;
let table: readonly Route[];
beforeAll(async () => {
  server = await testServer();
  table = routeTable(server.container);
});
afterAll(() => server.close());

describe('the table of endpoints', () => {
  it('names each operation once, by a verb and a noun', () => {
    const ids = operationsOf(table).map(({ operation }) => operation.id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z]+(?:[A-Z][A-Za-z]*)?$/.test(id))).toEqual([]);
  });

  it('has every endpoint that carries the protocol, and names no other in a record', () => {
    const recorded = new Set<string>(table.filter(({ recorded }) => recorded).map(({ endpoint }) => endpoint));
    // `consent` is `authorize` with a decision; at `unknown` no route is.
    expect(Object.keys(endpoints).filter((name) => !recorded.has(name))).toEqual(['consent', 'unknown']);
    expect(faultableEndpoints).toContain('token');
    expect(faultableEndpoints).not.toContain('activate');
  });

  it('claims each of its addresses for the protocol, and leaves the rest to the pages', () => {
    const { isProtocol } = server.container.claims;
    const paths = table.flatMap(addressesOf).map(({ path }) => path);
    expect(paths.filter((path) => path !== '/' && !isProtocol('GET', path, true))).toEqual([]);
    expect(isProtocol('GET', '/', true)).toBe(false);
    expect(isProtocol('GET', '/', false)).toBe(true);
    expect(isProtocol('GET', '/guide', true)).toBe(false);
    expect(isProtocol('GET', '/protocol/token', true)).toBe(true);
  });

  it('leaves no page at an address of the protocol', () => {
    const folders = readdirSync('app', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const { segments } = server.container.claims;
    const pages = folders.map(({ name }) => name).filter((name) => segments.has(name) && name !== 'protocol');
    expect(pages).toEqual([]);
  });

  it('answers 405 with Allow for every method that an endpoint does not have', async () => {
    const paths = table.filter(
      ({ scope, sandbox, exists, methods }) => scope === 'origin' && !sandbox && !exists && methods.PATCH === undefined,
    );
    for (const route of paths) {
      const response = await server.ask(route.path, { method: 'PATCH' });
      expect([route.path, response.status]).toEqual([route.path, 405]);
      expect(response.headers.get('allow')?.split(', ')).toEqual(
        expect.arrayContaining([...Object.keys(route.methods), 'OPTIONS']),
      );
    }
  });
});
