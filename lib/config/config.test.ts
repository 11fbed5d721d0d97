import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { defaults, type KnobName, knobNames, knobOf, notBuilt, parseConfig, resolveConfig } from './config.ts';
import { configJsonSchema, knobView } from './describe.ts';
import { KNOB_GROUPS } from './knob.ts';
import { GRANTS } from './values.ts';

/**
 * Defaults that users rely on. A change here is a change of behaviour and belongs in the CHANGELOG. A new knob may be
 * added; it needs no line, since its default stands in its entry.
 */
const DEFAULTS: Readonly<Partial<Record<KnobName, unknown>>> = {
  preset: 'none',
  issuers: [],
  faults: [],
  stages: [],
  patch: {},
  legacyGrants: false,
  grants: [...GRANTS],
  cors: 'full',
  limits: {},
  'issuer.trailingSlash': false,
  'compat.rootEndpoints': false,
  'compat.shortPaths': false,
  'prm.location': 'path',
  'prm.inChallenge': true,
  'prm.authorizationServers': ['own'],
  'metadata.locations': ['oauth-inserted', 'oidc-inserted', 'oidc-appended', 'oauth-appended'],
  'metadata.decoy': false,
  'resource.query': '',
  'resource.challenge': 'bearer',
  'resource.challengeScope': ['notes:read'],
  'resource.open': [],
  'resource.requiredScopes': { 'tools/call:notes_list': ['notes:read'], 'tools/call:notes_add': ['notes:write'] },
  'resource.insufficient': 'until-granted',
  'resource.scopeHint': 'operation',
  'resource.audience': 'strict',
  'bearer.tokens': [],
  'mcp.versions': ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'],
  'registration.dynamic': true,
  'registration.redirectPolicy': 'safe',
  'registration.authMethod': 'requested',
  'registration.secretAlphabet': 'url-safe',
  'registration.secretLifetime': 0,
  'registration.scope': 'default',
  'registration.unoffered': 'replace',
  clients: [],
  'cimd.support': true,
  'cimd.fetch': 'real',
  'cimd.guard': 'strict',
  'cimd.patch': {},
  'clientAuth.methods': ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  'clientAuth.required': true,
  'authorize.pkce': 's256',
  'authorize.responseType': 'assumed',
  'authorize.unknownClient': 'refuse',
  'authorize.silent': 'assured',
  'authorize.redirectPort': 'loopback-any',
  'authorize.redirectMatch': 'exact',
  'authorize.iss': 'correct',
  'authorize.state': 'echo',
  'authorize.code': 'valid',
  'code.lifetime': 60,
  'par.required': false,
  resourceParameter: 'honour',
  resources: 'loopback',
  audienceParameter: 'honour',
  'consent.outcome': 'ask',
  'consent.approver': '',
  'upstream.consent': 'asked',
  'consent.delay': 0,
  'consent.redirectNotice': 'shown',
  'consent.framing': 'deny',
  'scopes.known': [
    'notes:read',
    'notes:write',
    'read',
    'write',
    'admin',
    'openid',
    'profile',
    'email',
    'address',
    'phone',
    'offline_access',
  ],
  'scopes.unknown': 'ignore-with-openid',
  'scopes.resource': ['notes:read', 'notes:write'],
  'scopes.grant': 'requested',
  'tokens.format': 'jwt',
  'tokens.typ': 'at+jwt',
  'tokens.alg': 'ES256',
  'tokens.accessLifetime': 3600,
  'tokens.claims': 'own',
  'tokens.defect': 'none',
  'tokens.defectOn': 'all',
  'tokens.defectIn': ['access'],
  'idToken.claims': 'scope',
  'exchange.policy': 'strict',
  'keys.overlap': 3600,
  'refresh.issue': 'always',
  'refresh.rotate': true,
  'refresh.reuse': 'revoke-family',
  'refresh.grace': 0,
  'refresh.idleLifetime': 1_209_600,
  'refresh.absoluteLifetime': 7_776_000,
  'revocation.effect': 'immediate',
  'introspect.refreshTokens': 'usable',
  'device.lifetime': 900,
  'device.interval': 5,
  'device.outcome': 'user',
  'device.pendingPolls': 0,
  'device.slowDownPolls': [],
  'device.errorStatus': 400,
  'dpop.mode': 'optional',
  'dpop.nonce': [],
  'dpop.nonceUses': null,
};

test('no default has changed, and each is a value that its knob takes', () => {
  const found = Object.keys(DEFAULTS).map((name) => [name, defaults[name as KnobName]]);
  expect(Object.fromEntries(found)).toEqual(DEFAULTS);
  for (const name of knobNames) expect.soft(knobOf(name).schema.safeParse(defaults[name]).success, name).toBe(true);
});

test.each(knobNames)('%s is described for a reader', (name) => {
  const view = knobView(name);
  expect(view.title.length).toBeGreaterThan(3);
  expect(view.does.length).toBeGreaterThan(20);
  expect(KNOB_GROUPS).toContain(view.group);
  expect(view.actsAt.length).toBeGreaterThan(0);
  if (view.type === 'other') expect(view.shape ?? view.values).toBeDefined();
});

describe('what the code obeys', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'config' ? [] : sources(path);
      return /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) ? [readFileSync(path, 'utf8')] : [];
    });
  const code = ['oauth', 'mcp', 'sandbox', 'http', 'fetch', 'pages', 'server']
    .flatMap((room) => sources(join('lib', room)))
    .join('\n');
  const reads = (name: KnobName): boolean =>
    name.includes('.')
      ? code.includes(`['${name}']`) || code.includes(`'${name}'`)
      : new RegExp(
          `(?:[cC]onfig|configuration|overrides)\\??\\.${name}\\b|\\b${name}\\b[^;\\n]*\\} = [^;\\n]*[cC]onfig`,
        ).test(code);

  it.each(knobNames.filter((name) => !notBuilt.has(name)))('%s is accepted, so the code reads it', (name) => {
    expect(reads(name)).toBe(true);
  });
  it.each([...notBuilt])('%s is refused as not yet built, so no code reads it yet', (name) => {
    expect(reads(name), `${name} is read: take notBuilt out of its entry`).toBe(false);
  });
});

describe('parseConfig', () => {
  it('reads knobs written flat and nested', () => {
    const flat = { 'refresh.rotate': false, 'prm.location': 'custom' };
    expect(parseConfig({ refresh: { rotate: false }, prm: { location: 'custom' } })).toEqual({
      ok: true,
      overrides: flat,
    });
    expect(parseConfig(flat)).toEqual({ ok: true, overrides: flat });
  });

  it.each([
    ['an unknown knob', { 'no.such': 1 }, 'unknown', 'no.such'],
    ['a value outside the schema', { 'refresh.rotate': 'yes' }, 'invalid', 'refresh.rotate'],
    ['a resource with a fragment', { resources: ['https://api.example.com/#x'] }, 'invalid', 'resources'],
    ['a resource outside ASCII', { resources: ['https://bücher.example/'] }, 'invalid', 'resources'],
    ['a query that is none', { 'resource.query': 'tenant="a b"' }, 'invalid', 'resource.query'],
    ['a query with a fragment', { 'resource.query': 'a#b' }, 'invalid', 'resource.query'],
    ['a query with a line break', { 'resource.query': 'a\r\nb' }, 'invalid', 'resource.query'],
    ['a token that no header can carry', { 'bearer.tokens': ['a b'] }, 'invalid', 'bearer.tokens'],
    ['a knob set by a stage that does not exist', { stages: [stage({ nothing: 1 })] }, 'invalid', 'stages'],
    ['stages within a stage', { stages: [stage({ stages: [] })] }, 'invalid', 'stages'],
    ['a fault without an effect', { faults: [{ endpoint: 'token', effect: {} }] }, 'invalid', 'faults'],
  ])('refuses %s by name', (_what, input, problem, knob) => {
    const read = parseConfig(input);
    expect(read.ok || read.faults[0]).toMatchObject({ problem, knob });
    expect(read.ok || read.faults[0]!.says).toContain(knob);
  });

  it.each([
    ['prm.location', 'root', { ownOrigin: false }],
    ['consent.outcome', 'approve', { isPublic: true, isDefault: true }],
    ['resource.jwtChecks', 'naive', { isPublic: true, isDefault: true }],
    ['limits', { token: { requests: 601, seconds: 60, per: 'address' } }, { isPublic: true }],
    ['limits', { '*': { requests: 100, seconds: 1, per: 'client' } }, { isPublic: true }],
  ] as const)('refuses %s: %s where it would do harm or nothing, and takes it elsewhere', (name, value, where) => {
    const place = { isPublic: false, isDefault: false, ownOrigin: true, ...where };
    const read = parseConfig({ [name]: value }, place);
    expect(read.ok || read.faults[0]).toMatchObject({ problem: 'refused-here', knob: name });
    expect(parseConfig({ [name]: value }).ok).toBe(true);
    expect(parseConfig({ stages: [stage({ [name]: value })] }, place).ok).toBe(false);
  });

  it('takes limits that lower those of a public instance', () => {
    const limits = { token: { requests: 100, seconds: 10, per: 'client' } };
    const place = { isPublic: true, isDefault: false, ownOrigin: true };
    expect(parseConfig({ limits }, place).ok).toBe(true);
  });

  it('takes every knob that there is: none waits to be built', () => {
    expect([...notBuilt]).toEqual([]);
  });
});

const stage = (set: Record<string, unknown>) => ({ after: { event: 'register', count: 1 }, set });

test('a preset sets knobs, and what the owner sets wins over it', () => {
  expect(resolveConfig({ preset: 'auth0-device' })['device.errorStatus']).toBe(403);
  expect(resolveConfig({ preset: 'auth0-device', 'device.errorStatus': 400 })['device.errorStatus']).toBe(400);
});

test('the JSON Schema of a configuration has each knob that acts, with title and default', () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { title: string; default: unknown }> };
  expect(Object.keys(properties).sort()).toEqual(knobNames.filter((name) => !notBuilt.has(name)).sort());
  expect(properties['refresh.grace']).toMatchObject({
    title: 'Grace period after rotation',
    type: 'integer',
    default: 0,
  });
});
