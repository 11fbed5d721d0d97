/** A sandbox that is alone on its origin: it lives at the root of a port of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';

interface Made {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
  readonly own_origin: boolean;
  readonly mcp: { readonly oauth: string };
}

let server: TestServer & { readonly logged: string[] };
beforeAll(async () => {
  server = await testServer({}, { ownOrigins: true });
});
afterAll(async () => {
  await server.close();
  expect(server.logged).toEqual([]);
});

async function make(body: unknown): Promise<Made> {
  const response = await server.ask('/api/sandboxes', json(body));
  const made = (await response.json()) as Made;
  expect([response.status, made]).toEqual([201, expect.anything()]);
  return made;
}

describe('a sandbox alone on its origin', () => {
  it('lives at the root of it, byte-identical in issuer, metadata and challenge', async () => {
    const made = await make({});
    expect(made).toMatchObject({ own_origin: true, issuer: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(made.mcp.oauth).toBe(`${made.issuer}/mcp`);
    const metadata = await (await fetch(`${made.issuer}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({ issuer: made.issuer, token_endpoint: `${made.issuer}/oauth/token` });
    const refused = await fetch(made.mcp.oauth, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(refused.headers.get('www-authenticate')).toContain(
      `"${made.issuer}/.well-known/oauth-protected-resource/mcp"`,
    );
    await refused.body?.cancel();
  });

  it('shares its origin with nobody, and goes with it', async () => {
    const [one, other] = [await make({}), await make({})];
    expect((await fetch(`${one.issuer}/s/${other.id}/.well-known/oauth-authorization-server`)).status).toBe(404);
    const atInstance = await server.ask(`/s/${one.id}/.well-known/oauth-authorization-server`);
    expect(atInstance.status).toBe(404);
    const token = { headers: { authorization: `Bearer ${one.control_token}` } };
    expect(await (await server.ask(`/api/sandboxes/${one.id}`, token)).json()).toMatchObject({ issuer: one.issuer });
    await server.ask(`/api/sandboxes/${one.id}`, { ...token, method: 'DELETE' });
    await expect(fetch(`${one.issuer}/health`)).rejects.toThrow();
  });

  it('has what needs the root: resource metadata without a path, and default endpoints', async () => {
    const made = await make({ config: { 'prm.location': 'root', 'compat.rootEndpoints': true } });
    const prm = await (await fetch(`${made.issuer}/.well-known/oauth-protected-resource`)).json();
    expect(prm).toMatchObject({ resource: made.issuer });
    const registered = await fetch(`${made.issuer}/register`, json({ redirect_uris: ['http://127.0.0.1/cb'] }));
    expect(registered.status).toBe(201);
  });

  it('compares a resource without a path character by character', async () => {
    const made = await make({
      config: { 'prm.location': 'root', resources: 'own', 'consent.outcome': 'approve', 'authorize.pkce': 'optional' },
      seed: { clients: [{ client_id: 'app' }] },
    });
    const ask = async (resource: string): Promise<string | null> => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: 'app',
        redirect_uri: 'http://127.0.0.1:9/cb',
        resource,
      });
      const answer = await fetch(`${made.issuer}/oauth/authorize?${query}`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('error');
    };
    expect([await ask(made.issuer), await ask(`${made.issuer}/`)]).toEqual([null, 'invalid_target']);
  });

  it('starts every scenario', async () => {
    const refused: string[] = [];
    for (const { id, problemsOwnOrigin } of scenarios().values()) {
      if (problemsOwnOrigin.length > 0) continue; // A knob that nothing obeys yet; the tests of the catalogue name it.
      const response = await server.ask('/api/sandboxes', json({ scenario: id }));
      const made = (await response.json()) as Made;
      if (response.status !== 201) refused.push(id);
      else
        await server.ask(`/api/sandboxes/${made.id}`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${made.control_token}` },
        });
    }
    expect(refused).toEqual([]);
  });
});

describe('a sandbox that shares its origin', () => {
  it('refuses what needs the root, by name', async () => {
    const shared = await testServer();
    for (const config of [{ 'prm.location': 'root' }, { 'compat.rootEndpoints': true }]) {
      const response = await shared.ask('/api/sandboxes', json({ config }));
      expect(await response.json()).toMatchObject({
        error: 'invalid_config',
        faults: [{ knob: Object.keys(config)[0], problem: 'refused-here' }],
      });
    }
    const scenario = await shared.ask('/api/sandboxes', json({ scenario: '2025-03-26-oauth-endpoint-fallback' }));
    expect(await scenario.json()).toMatchObject({ error: 'not_built' });
    await shared.close();
  });
});
