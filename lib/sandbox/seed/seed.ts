/**
 * What a sandbox begins with: the clients of its configuration and preset, and what its maker asked
 * for. Secrets and keys that are made here are derived from the sandbox's own secret, so that a
 * reset brings back the same ones.
 */
import { createECDH, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { PasswordHasher } from '#lib/oauth/context.ts';
import type { Handout } from '#lib/oauth/clients/handouts.ts';
import { grantTypeName } from '#lib/oauth/grants/names.ts';
import { hmac, sha256 } from '#lib/oauth/hash.ts';
import type { ClientRecord, TenantStore, UserRecord } from '#lib/store/store.ts';
import type { SandboxConfig } from '#lib/config/config.ts';
import { saveConfiguredFaults } from '../faults/configured.ts';

const text = (max: number) => z.string().min(1).max(max);

/** A user to begin with. */
export const seedUser = z.strictObject({
  email: z.email().max(254),
  password: text(1000).optional(),
  sub: z
    .string()
    .regex(/^[\x21-\x7E]{1,255}$/)
    .optional(),
  claims: z.record(z.string().max(100), z.json()).optional(),
});

/** A client to begin with: as in the knob `clients`, or with its key set. */
export const seedClient = z.strictObject({
  client_id: z.string().regex(/^[\x20-\x7E]{1,200}$/),
  client_secret: z
    .string()
    .regex(/^[\x20-\x7E]{1,200}$/)
    .optional(),
  auth_method: z.enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']).default('none'),
  client_name: text(80).optional(),
  redirect_uris: z.array(text(2000)).max(20).optional(),
  post_logout_redirect_uris: z.array(text(2000)).max(20).optional(),
  grant_types: z.array(text(100)).max(20).optional(),
  scope: z.string().max(2000).optional(),
  resource: z.string().max(2000).optional(),
  jwks: z.record(z.string(), z.json()).optional(),
});

const seedNote = z.strictObject({ email: z.email().max(254).optional(), sub: text(255).optional(), text: text(4096) });

/** `seed` of `POST /api/sandboxes`. */
export const seedSchema = z.strictObject({
  users: z.array(seedUser).max(100).optional(),
  clients: z.array(seedClient).max(100).optional(),
  notes: z.array(seedNote).max(100).optional(),
});

export type Seed = z.output<typeof seedSchema>;
export type SeedClient = z.output<typeof seedClient>;

/** What the maker has to know of a client: its secret, or its private key where that was made here. */
export interface ConnectionDetails extends Partial<Handout> {
  readonly client_id: string;
  readonly auth_method: string;
  readonly client_secret?: string;
  readonly private_jwk?: Readonly<Record<string, unknown>>;
}

export interface SeedTarget {
  readonly store: TenantStore;
  readonly config: SandboxConfig;
  /** The sandbox's secret. */
  readonly secret: string;
  readonly passwords: PasswordHasher;
  readonly random: (bytes: number) => string;
  /** Protocol time, ms. */
  readonly now: number;
}

const PRESETS: Readonly<
  Record<
    SandboxConfig['preset'],
    { clients: readonly SeedClient[]; users: readonly { name: string; password: string }[] }
  >
> = {
  none: { clients: [], users: [] },
  'auth0-device': { clients: [], users: [] },
  'rust-oauth2-server': { clients: [], users: [] },
  'node-oauth2-server': {
    clients: [
      {
        client_id: 'application',
        client_secret: 'secret',
        auth_method: 'client_secret_basic',
        grant_types: ['password', 'refresh_token'],
        client_name: 'application',
      },
      {
        client_id: 'confidentialApplication',
        client_secret: 'topSecret',
        auth_method: 'client_secret_basic',
        grant_types: ['password', 'client_credentials'],
        client_name: 'confidentialApplication',
      },
    ],
    users: [{ name: 'pedroetb', password: 'password' }],
  },
};

/**
 * Makes the clients and faults of the configuration and of its preset, with the preset's users.
 * @returns what each client connects with
 */
export async function seedConfigured(target: SeedTarget): Promise<ConnectionDetails[]> {
  const preset = PRESETS[target.config.preset];
  await saveConfiguredFaults(target.store, target.config, target.now);
  for (const { name, password } of preset.users) {
    if ((await target.store.findUser(name)) !== null) continue;
    await target.store.createUserIfNone({
      sub: name,
      email: name,
      passwordHash: await target.passwords.hash(password),
      claims: { preferred_username: name },
      temporary: false,
      createdAt: target.now,
      lastUsedAt: target.now,
    });
  }
  return saveClients(target, [
    ...preset.clients,
    ...target.config.clients.map((client) => ({ ...client }) as SeedClient),
  ]);
}

/** Makes what the creator of the sandbox asked for. @throws LimitError past the bounds of a sandbox */
export async function applySeed(target: SeedTarget, seed: Seed): Promise<ConnectionDetails[]> {
  for (const user of seed.users ?? []) await saveUser(target, user);
  const details = await saveClients(target, seed.clients ?? []);
  for (const note of seed.notes ?? []) {
    const sub = note.sub ?? (note.email ? (await target.store.findUser(note.email))?.sub : undefined);
    if (sub !== undefined)
      await target.store.addNote({ id: target.random(12), sub, text: note.text, createdAt: target.now });
  }
  return details;
}

/** Makes or replaces a user. */
export async function saveUser(target: SeedTarget, user: z.output<typeof seedUser>): Promise<UserRecord> {
  const present = await target.store.findUser(user.email);
  const record: UserRecord = {
    sub: present?.sub ?? user.sub ?? `u_${target.random(16)}`,
    email: user.email,
    passwordHash:
      user.password === undefined
        ? (present?.passwordHash ?? (await target.passwords.hash(target.random(32))))
        : await target.passwords.hash(user.password),
    claims: user.claims ?? present?.claims ?? {},
    temporary: false,
    createdAt: present?.createdAt ?? target.now,
    lastUsedAt: target.now,
  };
  if (present) await target.store.putUser(record);
  else await target.store.createUser(record);
  return record;
}

/** Makes or replaces clients. */
export async function saveClients(target: SeedTarget, clients: readonly SeedClient[]): Promise<ConnectionDetails[]> {
  const details: ConnectionDetails[] = [];
  for (const client of clients) {
    const method = client.auth_method;
    const withSecret = method === 'client_secret_basic' || method === 'client_secret_post';
    const secret = withSecret
      ? (client.client_secret ?? hmac(target.secret, `client-secret:${client.client_id}`))
      : null;
    const pair =
      method === 'private_key_jwt' && client.jwks === undefined ? keyPair(target.secret, client.client_id) : null;
    const record: ClientRecord = {
      clientId: client.client_id,
      source: 'preregistered',
      metadata: {
        client_id: client.client_id,
        redirect_uris: client.redirect_uris ?? [],
        grant_types: client.grant_types?.map(grantTypeName) ?? defaultGrants(client),
        response_types: (client.redirect_uris ?? []).length > 0 ? ['code'] : [],
        token_endpoint_auth_method: method,
        ...(client.client_name ? { client_name: client.client_name } : {}),
        ...(client.scope ? { scope: client.scope } : {}),
        ...(client.post_logout_redirect_uris ? { post_logout_redirect_uris: client.post_logout_redirect_uris } : {}),
        ...(client.resource ? { resource: client.resource } : {}),
        ...(client.jwks ? { jwks: client.jwks } : pair ? { jwks: { keys: [pair.publicJwk] } } : {}),
      },
      authMethods: withSecret
        ? ['client_secret_basic', 'client_secret_post'].filter(
            (each) => each === method || target.config.preset === 'node-oauth2-server',
          )
        : [method],
      secretHash: secret === null ? null : sha256(secret),
      secretExpiresAt: 0,
      registrationTokenHash: null,
      createdAt: target.now,
    };
    if ((await target.store.getClient(client.client_id)) === null) await target.store.createClient(record);
    else await target.store.putClient(record);
    details.push({
      client_id: client.client_id,
      auth_method: method,
      ...(secret === null ? {} : { client_secret: secret }),
      ...(pair ? { private_jwk: pair.privateJwk } : {}),
    });
  }
  return details;
}

function defaultGrants(client: SeedClient): string[] {
  const grants = (client.redirect_uris ?? []).length > 0 ? ['authorization_code', 'refresh_token'] : [];
  return client.auth_method === 'none' ? grants : [...grants, 'client_credentials'];
}

/** An ES256 key pair that follows from the sandbox's secret and the client's name. */
function keyPair(
  secret: string,
  clientId: string,
): { privateJwk: Record<string, unknown>; publicJwk: Record<string, unknown> } {
  const ecdh = createECDH('prime256v1');
  for (let round = 0; ; round += 1) {
    const d = createHmac('sha256', secret).update(`client-key:${round}:${clientId}`).digest();
    try {
      ecdh.setPrivateKey(d);
    } catch {
      continue; // Not a scalar of the curve: one in 2^32.
    }
    const point = ecdh.getPublicKey();
    const publicJwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      alg: 'ES256',
      use: 'sig',
      kid: sha256(clientId).slice(0, 16),
    };
    return { publicJwk, privateJwk: { ...publicJwk, d: d.toString('base64url') } };
  }
}
