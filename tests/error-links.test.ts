/** Every error leads somewhere: its `error_uri` to an anchor of the reference that is there, its reason to a clause. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { operationsOf } from '#lib/http/describe.ts';
import { routeTable } from '#lib/http/routes/index.ts';
import { form, json, testServer } from '#lib/server/testing.ts';
import { clauses } from '#lib/spec/clauses.ts';
import { errorWords, isExplained } from '#lib/spec/errors.ts';
import { type Reason, reasons } from '#lib/spec/reasons.ts';

const HOST = 'localhost:4711';
let server: Awaited<ReturnType<typeof testServer>>;
let sandbox: { id: string; control_token: string };
beforeAll(async () => {
  server = await testServer();
  sandbox = (await (await server.ask('/api/sandboxes', json({}))).json()) as typeof sandbox;
});
afterAll(() => server.close());

/** The anchor that a link of an error leads to; it must be at the origin that was asked, port included. */
function anchorOf(uri: unknown, host = HOST): string {
  expect(uri).toMatch(new RegExp(`^http://${host}/reference#error-`));
  return decodeURIComponent(new URL(String(uri)).hash.slice('#error-'.length));
}

/** Requests that are refused, at every operation of the table: nothing, nonsense, the wrong method, the wrong host. */
function refusedRequests(): [what: string, path: string, init: RequestInit & { host?: string }][] {
  const found: [string, string, RequestInit & { host?: string }][] = [];
  for (const { route, method, operation } of operationsOf(routeTable(server.container))) {
    const path = route.path.replace(/:id\b/, sandbox.id).replaceAll(/:\w+(?:\{[^}]*\})?/g, 'nothing');
    const at = route.scope === 'base' ? `/s/${sandbox.id}${path}` : path;
    const authorization = `Bearer ${sandbox.control_token}`;
    const nonsense = operation.body === 'form' ? form({ nonsense: '1' }) : operation.body ? json({ nonsense: 1 }) : {};
    found.push([`${operation.id}: nothing`, at, { method }]);
    found.push([
      `${operation.id}: nonsense`,
      at,
      { ...nonsense, method, headers: { ...(nonsense.headers as object) } },
    ]);
    if (operation.control)
      found.push([
        `${operation.id}: nonsense, with the token`,
        at,
        { ...nonsense, method, headers: { ...(nonsense.headers as object), authorization } },
      ]);
    found.push([`${operation.id}: another method`, at, { method: 'PATCH' }]);
  }
  found.push(['an unknown address', '/nothing-here', {}], ['an unknown sandbox', '/s/nobody/oauth/token', {}]);
  found.push(['an unknown host', '/oauth/token', { host: 'evil.example:4711' }]);
  found.push(['an unknown origin', '/oauth/token', { headers: { origin: 'https://evil.example' } }]);
  found.push(['a broken path', '/%ff', {}]);
  // These end what the others need.
  return found.filter(([what]) => !/^(?:deleteSandbox|resetSandbox): .*token/.test(what));
}

describe('the links of errors', () => {
  it('lead to an anchor that exists, for refusals at every operation', async () => {
    const codes = new Set<string>();
    for (const [what, path, init] of refusedRequests()) {
      const response = await server.ask(path, { host: HOST, ...init });
      const location = response.headers.get('location');
      const target = location !== null && URL.canParse(location) ? new URL(location).searchParams : null;
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      if (response.status < 400 || !isJson) {
        if (target?.has('error')) expect(isExplained(target.get('error')!), what).toBe(true);
        await response.body?.cancel();
        continue;
      }
      const answer = (await response.json()) as { error?: unknown; error_uri?: unknown };
      // JSON-RPC has no place for a link.
      const code = typeof answer.error === 'object' ? String((answer.error as { code?: unknown }).code) : answer.error;
      if (typeof answer.error === 'string') expect(anchorOf(answer.error_uri), what).toBe(answer.error);
      expect([what, code, isExplained(String(code))]).toEqual([what, code, true]);
      codes.add(String(code));
    }
    expect([...codes]).toEqual(expect.arrayContaining(['invalid_request', 'invalid_client', 'not_found', '-32600']));
  });

  it('keep the port of a host that is refused', async () => {
    const refused = await server.ask('/oauth/token', { host: 'evil.example:4711' });
    expect(refused.status).toBe(421);
    const answer = (await refused.json()) as { error_uri: string };
    expect(anchorOf(answer.error_uri)).toBe('invalid_request');
  });
});

test.each(Object.entries(reasons as Record<string, Reason>))(
  'the reason %s has a code with words, and a clause',
  (_, reason) => {
    if (reason.error !== undefined && reason.error !== null) expect(Object.keys(errorWords)).toContain(reason.error);
    expect(clauses[reason.clause].url).toMatch(/^https:\/\//);
  },
);
