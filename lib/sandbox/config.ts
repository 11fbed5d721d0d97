/**
 * How a sandbox behaves, knob by knob. Strict by default; what is lenient is lenient by name.
 *
 * A knob's name is a path (`refresh.rotate`). Configuration may be written flat or nested; inside,
 * it is flat. Lists and maps replace the default as a whole.
 */
import { z } from 'zod';

const seconds = z.number().int().min(0).max(31_536_000);
const scopeToken = z
  .string()
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/, 'a scope token: printable ASCII without space, " or \\');
const scopeList = z.array(scopeToken).max(50);
const mergePatch = z.record(z.string().max(200), z.json());

export const GRANTS = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'device_code',
  'token-exchange',
  'jwt-bearer',
] as const;
export const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export const SIGNING_ALGS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const;

const preRegisteredClient = z.strictObject({
  client_id: z.string().min(1).max(200),
  client_secret: z.string().min(1).max(200).optional(),
  auth_method: z.enum(AUTH_METHODS),
  redirect_uris: z.array(z.string().max(2000)).max(20).optional(),
  grant_types: z.array(z.string().max(100)).max(20).optional(),
  scope: z.string().max(2000).optional(),
  resource: z.string().max(2000).optional(),
  jwks: z.record(z.string(), z.json()).optional(),
});

const knobSchema = z.strictObject({
  preset: z.enum(['none', 'node-oauth2-server', 'auth0-device']).default('none'),
  issuers: z
    .array(z.enum(['as2', 'idp']))
    .max(2)
    .default([]),
  'issuer.trailingSlash': z.boolean().default(false),
  faults: z.array(z.record(z.string(), z.json())).max(100).default([]),
  stages: z.array(z.record(z.string(), z.json())).max(50).default([]),
  patch: z
    .partialRecord(z.enum(['prm', 'as-metadata', 'register', 'token', 'introspect', 'jwks', 'device']), mergePatch)
    .default({}),
  legacyGrants: z.boolean().default(false),
  'compat.rootEndpoints': z.boolean().default(false),
  'prm.location': z.enum(['path', 'custom', 'root', 'none']).default('path'),
  'prm.inChallenge': z.boolean().default(true),
  'prm.authorizationServers': z
    .array(z.enum(['own', 'as2']))
    .min(1)
    .max(2)
    .default(['own']),
  'resource.query': z.string().max(500).default(''),
  'resource.challenge': z.enum(['bearer', 'dpop', 'several-schemes', 'none']).default('bearer'),
  'resource.challengeScope': scopeList.nullable().default(['notes:read']),
  'resource.open': z.array(z.string().max(100)).max(50).default([]),
  'resource.requiredScopes': z
    .record(z.string().max(200), scopeList)
    .default({ 'tools/call:notes_list': ['notes:read'], 'tools/call:notes_add': ['notes:write'] }),
  'resource.insufficient': z.enum(['until-granted', 'always']).default('until-granted'),
  'resource.scopeHint': z.enum(['operation', 'accumulated', 'none']).default('operation'),
  'resource.audience': z.enum(['strict', 'lax']).default('strict'),
  'bearer.tokens': z.array(z.string().min(1).max(500)).max(50).default([]),
  'metadata.locations': z
    .array(z.enum(['oauth-inserted', 'oidc-inserted', 'oidc-appended', 'oauth-appended']))
    .max(4)
    .default(['oauth-inserted', 'oidc-inserted', 'oidc-appended', 'oauth-appended']),
  'metadata.decoy': z.boolean().default(false),
  'registration.dynamic': z.boolean().default(true),
  'registration.redirectPolicy': z
    .enum(['safe', 'any', 'oidc', 'no-loopback', 'no-private-scheme', 'closed'])
    .default('safe'),
  'registration.authMethod': z
    .enum(['requested', 'none', 'client_secret_basic', 'client_secret_post'])
    .default('requested'),
  'registration.secretAlphabet': z.enum(['url-safe', 'special']).default('url-safe'),
  'registration.secretLifetime': seconds.default(0),
  clients: z.array(preRegisteredClient).max(50).default([]),
  'cimd.support': z.boolean().default(true),
  'cimd.fetch': z
    .enum(['real', 'assume', 'unreachable', 'not-found', 'invalid-json', 'wrong-client-id'])
    .default('real'),
  'cimd.guard': z.enum(['strict', 'none-simulated']).default('strict'),
  'cimd.patch': mergePatch.default({}),
  'authorize.pkce': z.enum(['s256', 's256-or-plain', 'optional']).default('s256'),
  'authorize.redirectPort': z.enum(['loopback-ip', 'loopback-any', 'exact']).default('loopback-any'),
  'authorize.redirectMatch': z.enum(['exact', 'prefix']).default('exact'),
  'authorize.iss': z.enum(['correct', 'omit', 'other-issuer', 'equivalent']).default('correct'),
  'authorize.state': z.enum(['echo', 'wrong', 'omit']).default('echo'),
  'authorize.code': z.enum(['valid', 'wrong', 'omit']).default('valid'),
  'consent.redirectNotice': z.enum(['shown', 'hidden']).default('shown'),
  'consent.framing': z.enum(['deny', 'allow']).default('deny'),
  'consent.outcome': z
    .enum(['ask', 'approve', 'deny', 'server_error', 'temporarily_unavailable', 'silent'])
    .default('ask'),
  'consent.delay': z.number().min(0).max(30).default(0),
  'par.required': z.boolean().default(false),
  'code.lifetime': seconds.default(60),
  resourceParameter: z.enum(['honour', 'require', 'ignore', 'reject']).default('honour'),
  audienceParameter: z.enum(['ignore', 'honour', 'needed-for-jwt']).default('honour'),
  'scopes.known': scopeList.default([
    'notes:read',
    'notes:write',
    'read',
    'write',
    'admin',
    'openid',
    'profile',
    'email',
    'offline_access',
  ]),
  'scopes.resource': scopeList.default(['notes:read', 'notes:write']),
  'scopes.grant': z
    .union([z.literal('requested'), z.strictObject({ drop: scopeList }), z.strictObject({ only: scopeList })])
    .default('requested'),
  grants: z
    .array(z.enum(GRANTS))
    .max(6)
    .default([...GRANTS]),
  'clientAuth.methods': z
    .array(z.enum(AUTH_METHODS))
    .min(1)
    .max(4)
    .default([...AUTH_METHODS]),
  'clientAuth.required': z.boolean().default(true),
  'tokens.format': z.enum(['jwt', 'opaque']).default('jwt'),
  'tokens.alg': z.enum(SIGNING_ALGS).default('ES256'),
  'tokens.accessLifetime': seconds.min(1).nullable().default(3600),
  'tokens.defect': z
    .enum(['none', 'expired', 'not-yet-valid', 'tampered-signature', 'unknown-kid', 'wrong-audience', 'wrong-issuer'])
    .default('none'),
  'tokens.defectOn': z.union([z.literal('all'), z.array(z.number().int().min(1)).max(100)]).default('all'),
  'tokens.defectIn': z
    .array(z.enum(['access', 'id']))
    .max(2)
    .default(['access']),
  'keys.overlap': seconds.default(3600),
  'refresh.issue': z.enum(['always', 'offline-access', 'never']).default('always'),
  'refresh.rotate': z.boolean().default(true),
  'refresh.reuse': z.enum(['revoke-family', 'reject', 'accept']).default('revoke-family'),
  'refresh.grace': seconds.default(0),
  'refresh.idleLifetime': seconds.min(1).default(1_209_600),
  'refresh.absoluteLifetime': seconds.min(1).default(7_776_000),
  'revocation.effect': z.enum(['immediate', 'at-expiry']).default('immediate'),
  'dpop.mode': z.enum(['off', 'optional', 'required']).default('optional'),
  'dpop.nonce': z
    .array(z.enum(['as', 'rs']))
    .max(2)
    .default([]),
  'dpop.nonceUses': z.number().int().min(1).nullable().default(null),
  'device.lifetime': seconds.min(1).default(900),
  'device.interval': seconds.min(1).max(600).default(5),
  'device.outcome': z.enum(['user', 'approve', 'deny', 'expire']).default('user'),
  'device.pendingPolls': z.number().int().min(0).max(100).default(0),
  'device.slowDownPolls': z.array(z.number().int().min(1)).max(100).default([]),
  'device.errorStatus': z.union([z.literal(400), z.literal(403)]).default(400),
});

/** The whole behaviour of a sandbox, defaults filled in. */
export type SandboxConfig = Readonly<z.output<typeof knobSchema>>;
export type KnobName = keyof SandboxConfig;

/** What an owner set: the knobs that differ from their defaults. */
export type ConfigOverrides = Partial<SandboxConfig>;

/** Names of all knobs, for documents and messages. */
export const knobNames = Object.keys(knobSchema.shape) as KnobName[];

/**
 * Knobs that the catalogue names and that nothing obeys yet. They are refused by name: a
 * configuration that is accepted is one that is acted on.
 */
export const notBuilt: ReadonlySet<KnobName> = new Set<KnobName>([]);

/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  readonly knob: string;
  readonly problem: 'unknown' | 'not-built' | 'invalid';
  readonly says: string;
}

function flatten(value: Record<string, unknown>, prefix: string, into: Record<string, unknown>): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix + key;
    const isKnob = Object.hasOwn(knobSchema.shape, name);
    const isRoom = !isKnob && knobNames.some((knob) => knob.startsWith(`${name}.`));
    if (isRoom && typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      flatten(inner as Record<string, unknown>, `${name}.`, into);
    else into[name] = inner;
  }
}

/**
 * Reads what an owner sends as `config`, flat or nested.
 * @returns the overrides under flat names, or everything that is wrong with them
 */
export function parseConfig(
  input: unknown,
): { ok: true; overrides: ConfigOverrides } | { ok: false; faults: ConfigFault[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return {
      ok: false,
      faults: [{ knob: '', problem: 'invalid', says: 'A configuration is a JSON object of knobs.' }],
    };
  }
  const flat: Record<string, unknown> = {};
  flatten(input as Record<string, unknown>, '', flat);
  const faults: ConfigFault[] = [];
  const overrides: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    if (!Object.hasOwn(knobSchema.shape, name)) {
      faults.push({
        knob: name.slice(0, 100),
        problem: 'unknown',
        says: `There is no knob with the name ${JSON.stringify(name.slice(0, 100))}.`,
      });
      continue;
    }
    const knob = name as KnobName;
    if (notBuilt.has(knob)) {
      faults.push({ knob, problem: 'not-built', says: `The knob ${knob} is not built yet.` });
      continue;
    }
    const parsed = knobSchema.shape[knob].safeParse(value);
    if (parsed.success) overrides[knob] = parsed.data;
    else faults.push({ knob, problem: 'invalid', says: `${knob}: ${z.prettifyError(parsed.error).slice(0, 500)}` });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, overrides: overrides as ConfigOverrides };
}

/** The defaults, with what was set put over them. @param overrides as {@link parseConfig} returned them */
export function resolveConfig(overrides: ConfigOverrides): SandboxConfig {
  return { ...defaults, ...presetOverrides(overrides.preset), ...overrides };
}

/** Every knob at its default. */
export const defaults: SandboxConfig = Object.freeze(knobSchema.parse({}));

function presetOverrides(preset: SandboxConfig['preset'] | undefined): ConfigOverrides {
  if (preset === 'node-oauth2-server') return { legacyGrants: true, 'tokens.format': 'opaque' };
  if (preset === 'auth0-device') return { 'device.errorStatus': 403 };
  return {};
}
