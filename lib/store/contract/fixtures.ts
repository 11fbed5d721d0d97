/** Records for the contract suite, each with what it needs and no more. */
import { randomUUID } from 'node:crypto';
import type {
  AccessTokenRecord,
  ClientRecord,
  CodeRecord,
  DeviceRecord,
  FaultRecord,
  GrantRecord,
  InteractionRecord,
  KeyRecord,
  RefreshTokenRecord,
  SandboxRecord,
  Store,
  TenantStore,
  UserRecord,
} from '../store.ts';

/** The time of most tests, ms. */
export const NOW = 1_800_000_000_000;
export const DAY = 86_400_000;

/** What a suite works on: one store, opened before its first test. */
export type Opened = () => Store;

/** A scope that no other test has. */
export const fresh = (store: Store): TenantStore => store.tenant(randomUUID());

export const sandbox = (change: Partial<SandboxRecord> = {}): SandboxRecord => ({
  staged: {},
  configChange: 0,
  epoch: 0,
  id: randomUUID(),
  config: { 'refresh.rotate': true },
  scenario: null,
  controlTokenHash: 'control',
  secret: 'secret',
  clock: { offset: 0, frozenAt: null },
  createdAt: NOW,
  lastUsedAt: NOW,
  ttl: 3600,
  expiresAt: NOW + 3_600_000,
  version: 1,
  ...change,
});

export const key = (change: Partial<KeyRecord> = {}): KeyRecord => ({
  kid: randomUUID(),
  alg: 'ES256',
  privateJwk: { d: 'private' },
  publicJwk: { x: 'public' },
  createdAt: NOW,
  retiredAt: null,
  ...change,
});

export const client = (change: Partial<ClientRecord> = {}): ClientRecord => ({
  clientId: randomUUID(),
  source: 'dynamic',
  metadata: {
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    client_name: 'Contract',
  },
  authMethods: ['none'],
  secretHash: null,
  secretExpiresAt: 0,
  registrationTokenHash: 'registration',
  createdAt: NOW,
  ...change,
});

export const user = (change: Partial<UserRecord> = {}): UserRecord => ({
  sub: randomUUID(),
  email: null,
  passwordHash: null,
  claims: {},
  temporary: false,
  createdAt: NOW,
  lastUsedAt: NOW,
  ...change,
});

export const interaction = (change: Partial<InteractionRecord> = {}): InteractionRecord => ({
  id: randomUUID(),
  browserHash: 'browser',
  request: { state: 'ü"\u0000' },
  createdAt: NOW,
  expiresAt: NOW + 600_000,
  ...change,
});

export const grant = (change: Partial<GrantRecord> = {}): GrantRecord => ({
  id: randomUUID(),
  clientId: 'client',
  sub: 'user',
  kind: 'authorization_code',
  scope: ['notes:read', 'openid'],
  resource: ['http://localhost/mcp'],
  audience: [],
  details: { nonce: 'n' },
  createdAt: NOW,
  revokedAt: null,
  revokedBy: null,
  ...change,
});

export const code = (grantId: string, change: Partial<CodeRecord> = {}): CodeRecord => ({
  hash: randomUUID(),
  grantId,
  clientId: 'client',
  redirectUri: 'http://127.0.0.1/callback',
  codeChallenge: 'challenge',
  codeChallengeMethod: 'S256',
  createdAt: NOW,
  expiresAt: NOW + 60_000,
  spentAt: null,
  ...change,
});

export const access = (grantId: string | null, change: Partial<AccessTokenRecord> = {}): AccessTokenRecord => ({
  id: randomUUID(),
  grantId,
  clientId: 'client',
  sub: 'user',
  scope: ['notes:read'],
  audience: ['http://localhost/mcp'],
  issuedAt: NOW,
  expiresAt: NOW + 3_600_000,
  revokedAt: null,
  jkt: null,
  details: { acr: '1' },
  ...change,
});

export const refresh = (grantId: string, change: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  hash: randomUUID(),
  grantId,
  clientId: 'client',
  scope: ['notes:read'],
  generation: 1,
  parentHash: null,
  issuedAt: NOW,
  expiresAt: NOW + DAY,
  usedAt: null,
  jkt: null,
  ...change,
});

export const device = (change: Partial<DeviceRecord> = {}): DeviceRecord => ({
  hash: randomUUID(),
  userCode: randomUUID(),
  clientId: 'client',
  request: { scope: 'notes:read' },
  createdAt: NOW,
  expiresAt: NOW + 900_000,
  interval: 5,
  polls: 0,
  lastPollAt: null,
  status: 'pending',
  grantId: null,
  ...change,
});

export const fault = (change: Partial<FaultRecord> = {}): FaultRecord => ({
  id: randomUUID(),
  fault: { endpoint: 'token' },
  matched: 0,
  acted: 0,
  createdAt: NOW,
  ...change,
});

/** Runs `count` at once and counts how often each answer came. */
export async function race<T>(
  count: number,
  run: (index: number) => Promise<T>,
  name: (answer: T) => string,
): Promise<Record<string, number>> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => run(index)));
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[name(answer)] = (counts[name(answer)] ?? 0) + 1;
  return counts;
}

/** Runs in sequence, `count` times. */
export async function times(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await run(index);
}
