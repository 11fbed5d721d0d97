import { afterEach, expect, test } from 'vitest';
import type { ConfigOverrides } from '#lib/config/config.ts';
import { type TestSandbox, testSandbox } from './testing.ts';

const ORIGIN = 'http://localhost:3000';
let sandbox: TestSandbox;
afterEach(() => sandbox.close());

async function read(
  path: string,
  config: ConfigOverrides = {},
): Promise<{ status: number; document: Record<string, unknown> }> {
  sandbox = await testSandbox(config);
  const response = await sandbox.fetch(ORIGIN + path);
  return { status: response.status, document: (await response.json()) as Record<string, unknown> };
}

test.each(['mcp', 'oauth'])(
  '/%s describes itself: identifier, issuer, scopes, where tokens go [#prm.document] [#prm.identical]',
  async (name) => {
    const { status, document } = await read(`/.well-known/oauth-protected-resource/${name}`);
    expect(status).toBe(200);
    expect(document).toMatchObject({
      resource: `${ORIGIN}/${name}`,
      authorization_servers: [ORIGIN],
      scopes_supported: ['notes:read', 'notes:write'],
      bearer_methods_supported: ['header'],
    });
    expect(document.resource_name).toEqual(expect.any(String));
    expect(document.scopes_supported).not.toContain('offline_access');
  },
);

test('/bearer names no authorization server', async () => {
  const { status, document } = await read('/.well-known/oauth-protected-resource/bearer');
  expect(status).toBe(200);
  expect(document).not.toHaveProperty('authorization_servers');
  expect(document.resource).toBe(`${ORIGIN}/bearer`);
});

test.each([
  '/.well-known/oauth-protected-resource/no-auth',
  '/.well-known/oauth-protected-resource/other',
  '/.well-known/oauth-protected-resource',
])('%s describes nothing: 404', async (path) => {
  const { status, document } = await read(path);
  expect(status).toBe(404);
  expect(document.error).toBe('not_found');
  expect(sandbox.last().facts.reason).toBe('metadata-unknown');
});

test('prm.location: custom answers only at the address that the challenge tells', async () => {
  const { status, document } = await read('/resource-metadata.json', { 'prm.location': 'custom' });
  expect(status).toBe(200);
  expect(document.resource).toBe(`${ORIGIN}/mcp`);
  expect(
    (
      (await sandbox.fetch(`${ORIGIN}/resource-metadata.json?resource=oauth`).then((r) => r.json())) as {
        resource: string;
      }
    ).resource,
  ).toBe(`${ORIGIN}/oauth`);
  expect((await sandbox.fetch(`${ORIGIN}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
});

test('prm.location: root answers at the root, for the origin', async () => {
  const { status, document } = await read('/.well-known/oauth-protected-resource', { 'prm.location': 'root' });
  expect(status).toBe(200);
  expect(document.resource).toBe(ORIGIN);
  expect((await sandbox.fetch(`${ORIGIN}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
});

test('prm.location: none answers nowhere', async () => {
  expect((await read('/.well-known/oauth-protected-resource/mcp', { 'prm.location': 'none' })).status).toBe(404);
});

test('resource.query is part of the identifier, and the document is there with and without it', async () => {
  const { document } = await read('/.well-known/oauth-protected-resource/mcp', { 'resource.query': 'tenant=alpha' });
  expect(document.resource).toBe(`${ORIGIN}/mcp?tenant=alpha`);
  expect((await sandbox.fetch(`${ORIGIN}/.well-known/oauth-protected-resource/mcp?tenant=alpha`)).status).toBe(200);
});

test('dpop.mode: required says so', async () => {
  const { document } = await read('/.well-known/oauth-protected-resource/mcp', { 'dpop.mode': 'required' });
  expect(document.dpop_bound_access_tokens_required).toBe(true);
});
