import { afterEach, describe, expect, test } from 'vitest';
import type { ConfigOverrides } from '#lib/config/config.ts';
import { modernRequest, type TestSandbox, testSandbox } from './testing.ts';

const ORIGIN = 'http://localhost:3000';
const METADATA = `${ORIGIN}/.well-known/oauth-protected-resource`;
const list = { name: 'notes_list', arguments: {} };

let sandbox: TestSandbox;
afterEach(() => sandbox.close());

async function challenged(
  config: ConfigOverrides = {},
  path = '/mcp',
  authorization?: string,
): Promise<{ status: number; header: string | null; body: Record<string, unknown> }> {
  sandbox = await testSandbox(config);
  const response = await sandbox.fetch(modernRequest(ORIGIN + path, 'tools/call', list, authorization));
  return {
    status: response.status,
    header: response.headers.get('www-authenticate'),
    body: JSON.parse((await response.text()) || 'null') as Record<string, unknown>,
  };
}

describe('the challenge', () => {
  test(
    'without a token it names no error, only where to go and what to ask for ' +
      '[#resource.no-error-without-token] [#prm.in-challenge] [#resource.scope-challenge]',
    async () => {
      const { status, header, body } = await challenged();
      expect(status).toBe(401);
      expect(body).toBeNull();
      expect(header).toBe(`Bearer resource_metadata="${METADATA}/mcp", scope="notes:read"`);
      expect(sandbox.last().facts.reason).toBe('token-absent');
    },
  );

  test('each resource names its own metadata', async () => {
    const { header } = await challenged({}, '/oauth');
    expect(header).toContain(`resource_metadata="${METADATA}/oauth"`);
  });

  test('of a token that is none it says invalid_token, with the same signpost [#resource.invalid-token]', async () => {
    const { status, header, body } = await challenged({}, '/mcp', 'Bearer undefined');
    expect(status).toBe(401);
    expect(header).toContain('error="invalid_token"');
    expect(header).toContain(`resource_metadata="${METADATA}/mcp"`);
    expect(header).toMatch(/error_description="[^"]+"/);
    expect(body).toMatchObject({ error: 'invalid_token', error_uri: `${ORIGIN}/reference#error-invalid_token` });
    expect(sandbox.last().facts.reason).toBe('token-malformed');
  });

  test('credentials of another scheme are no token', async () => {
    const { header } = await challenged({}, '/mcp', 'Basic dXNlcjpwYXNz');
    expect(header).not.toContain('error=');
  });

  test('a token in the address is not looked at [#resource.header-only]', async () => {
    const { status, header } = await challenged({}, '/mcp?access_token=made-up');
    expect(status).toBe(401);
    expect(header).not.toContain('error=');
    expect(sandbox.last().facts.reason).toBe('token-absent');
  });

  test('resource.challengeScope: null leaves the scope out', async () => {
    expect((await challenged({ 'resource.challengeScope': null })).header).toBe(
      `Bearer resource_metadata="${METADATA}/mcp"`,
    );
  });

  test('prm.inChallenge: false leaves the metadata out', async () => {
    expect((await challenged({ 'prm.inChallenge': false })).header).toBe('Bearer scope="notes:read"');
  });

  test('with neither it still has a parameter', async () => {
    expect((await challenged({ 'prm.inChallenge': false, 'resource.challengeScope': null })).header).toBe(
      'Bearer realm="mcp"',
    );
  });

  test('resource.challenge: none sends none', async () => {
    const { status, header } = await challenged({ 'resource.challenge': 'none' });
    expect(status).toBe(401);
    expect(header).toBeNull();
    expect(sandbox.last().facts.acted).toEqual({ kind: 'knob', name: 'resource.challenge' });
  });

  test('resource.challenge: several-schemes puts a Basic challenge with a comma before it', async () => {
    const { header } = await challenged({ 'resource.challenge': 'several-schemes', 'prm.location': 'custom' });
    expect(header).toBe(
      'Basic realm="Notes, to read and to write", Bearer ' +
        `resource_metadata="${ORIGIN}/resource-metadata.json", scope="notes:read"`,
    );
  });

  test('resource.challenge: dpop challenges with DPoP and its algorithms', async () => {
    const { header } = await challenged({ 'resource.challenge': 'dpop' });
    expect(header).toMatch(/^DPoP resource_metadata=".*", scope="notes:read", algs="ES256 .*"$/);
  });

  test('resource.query belongs to the address of the metadata', async () => {
    const { header } = await challenged({ 'resource.query': 'tenant=alpha' });
    expect(header).toContain(`resource_metadata="${METADATA}/mcp?tenant=alpha"`);
  });
});

describe('/bearer', () => {
  test('its 401 names no metadata', async () => {
    const { status, header } = await challenged({}, '/bearer');
    expect(status).toBe(401);
    expect(header).toBe('Bearer realm="bearer"');
  });

  test('any token that is not empty opens it where none is listed', async () => {
    expect((await challenged({}, '/bearer', 'Bearer whatever')).status).toBe(200);
  });

  test('an empty token does not, nor do two words', async () => {
    expect((await challenged({}, '/bearer', 'Bearer ')).status).toBe(401);
    expect((await challenged({}, '/bearer', 'Bearer whatever more')).status).toBe(401);
  });

  test('only a listed token opens it where some are', async () => {
    expect((await challenged({ 'bearer.tokens': ['secret-1'] }, '/bearer', 'Bearer secret-1')).status).toBe(200);
    await sandbox.close();
    const refused = await challenged({ 'bearer.tokens': ['secret-1'] }, '/bearer', 'Bearer other');
    expect(refused.status).toBe(401);
    expect(refused.header).toMatch(/^Bearer error="invalid_token", error_description="/);
  });
});
