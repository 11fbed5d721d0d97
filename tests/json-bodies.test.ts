/** JSON of the wrong type, at every endpoint that takes JSON: 400, and plain words about what is taken. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';

/** No object among them; and one whose members are of wrong types, or unknown. */
const NO_OBJECTS = [null, [], 'x', 1, true, [null]] as const;
const STRANGE = { zzz: 1, config: 5, seed: [], redirect_uris: 7 };
/** Sentences of zod's own. */
const ZODS = /Invalid input|, received |Too (?:big|small)|Unrecognized key|Invalid option|Invalid string/;
const TAKEN = /takes an object, not|must be a JSON object|takes one of|not a valid JSON-RPC|batch/;
/** Before they read the body: without a token of their own, or switched off. */
const CLOSED = /^(?:PUT \/oauth\/register|POST \/register|POST \/mcp|POST \/oauth$)/;
const TOKEN = 'operators-only-token';

let server: TestServer & { readonly logged: string[] };
const operations: { readonly name: string; readonly ask: (body: unknown) => Promise<Response> }[] = [];

beforeAll(async () => {
  server = await testServer({ AUTHWALK_ADMIN_TOKEN: TOKEN, AUTHWALK_EVENTS: 'on' });
  const made = async (path: string, body: object) =>
    (await (await server.ask(path, json(body))).json()) as Record<string, string>;
  const own = await made('/api/sandboxes', {});
  const plan = await made('/api/plans', { scenarios: ['conforming'] });
  const values: Record<string, string> = { id: own.id!, plan: plan.id! };
  for (const { path, scope, methods } of server.container.routes())
    for (const [method, { body: kind }] of Object.entries(methods)) {
      if (kind === undefined || kind === 'form') continue;
      const filled = path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, name: string) => values[name] ?? 'nothing');
      const token = path.startsWith('/api/plans') ? plan.control_token : own.control_token;
      const authorization = `Bearer ${path.startsWith('/events') ? TOKEN : token}`;
      operations.push({
        name: `${method} ${path}`,
        ask: (body) =>
          server.ask(
            `${scope === 'base' ? `/s/${own.id}` : ''}${filled}`,
            json(JSON.stringify(body), method, { authorization }),
          ),
      });
    }
});
afterAll(() => server.close());

describe('JSON of a wrong type', () => {
  it('is refused by every endpoint that takes JSON, and told what is taken', async () => {
    const open = operations.filter(({ name }) => !CLOSED.test(name));
    expect(open.length).toBeGreaterThan(30);
    for (const { name, ask } of open)
      for (const body of NO_OBJECTS) {
        // Many expectations at once, and none.
        if (name === 'PUT /mockserver/expectation' && Array.isArray(body) && body.length === 0) continue;
        const answer = await ask(body);
        const about = `${name} ${JSON.stringify(body)}`;
        expect.soft([about, answer.status]).toEqual([about, 400]);
        expect.soft(`${about}: ${await answer.text()}`).toMatch(TAKEN);
      }
  });

  it('within an object is told by path, in words of our own', async () => {
    for (const { name, ask } of operations)
      expect.soft(`${name}: ${await (await ask(STRANGE)).text()}`).not.toMatch(ZODS);
    const create = operations.find(({ name }) => name === 'POST /api/sandboxes')!;
    const says = async (body: object) =>
      ((await (await create.ask(body)).json()) as Record<string, string>).error_description;
    expect(await says({ config: null })).toBe('config: takes an object, not null');
    expect(await says({ ttl: 'long' })).toBe('ttl: takes a number, not a text');
    expect(await says({ ttl: 1e9 })).toBe('ttl: takes a number, at most 604800');
    expect(await says({ nothing: 1 })).toBe("body: takes no member 'nothing'");
    expect(await says({ seed: { users: [{}] } })).toBe('seed.users.0.email: is missing; it takes a text');
    expect(await says({ config: { 'authorize.pkce': 'maybe' } })).toBe(
      "authorize.pkce: takes 's256', 's256-or-plain' or 'optional', not 'maybe'.",
    );
  });

  it('is never a failure of the server', () => {
    expect(server.logged).toEqual([]);
  });
});
