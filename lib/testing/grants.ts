/** Codes and tokens for tests of the token endpoint, without a walk through the authorization endpoint. */
import { basic as basicHeader } from './client.ts';
import { token } from '#lib/oauth/endpoints/token.ts';
import { isOAuthError, type OAuthError } from '#lib/oauth/errors.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import type { ClientRecord, CodeRecord, GrantRecord, UserRecord } from '#lib/store/store.ts';
import { type Engine, type Params, pkce } from './engine.ts';

export const REDIRECT_URI = 'https://client.example.com/callback';
export const SECRET = 'a-secret-of-the-test';

/** The JSON of an answer, loosely. */
export type Body = Record<string, unknown> & {
  error?: string;
  access_token?: string;
  refresh_token?: string;
  id_token?: string;
};

export async function bodyOf(answer: Response): Promise<Body> {
  return (await answer.json()) as Body;
}

/** A confidential client with {@link SECRET}. */
export function confidential(
  engine: Engine,
  change: Partial<ClientRecord['metadata']> = {},
  rest: Partial<ClientRecord> = {},
): Promise<ClientRecord> {
  return engine.client(
    {
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      ...change,
    },
    { authMethods: ['client_secret_basic', 'client_secret_post'], secretHash: sha256(SECRET), ...rest },
  );
}

/** The Basic header of a client, with the secret of these tests unless another is given. */
export function basic(clientId: string, secret: string = SECRET): string {
  return basicHeader(clientId, secret);
}

export async function testUser(engine: Engine, change: Partial<UserRecord> = {}): Promise<UserRecord> {
  const user: UserRecord = {
    sub: `u_${engine.tenant.random(8)}`,
    email: 'juniper@example.com',
    passwordHash: null,
    claims: { name: 'Juniper', email_verified: true, favourite_colour: 'ochre' },
    temporary: false,
    createdAt: engine.tenant.now(),
    lastUsedAt: engine.tenant.now(),
    ...change,
  };
  await engine.tenant.store.putUser(user);
  return user;
}

/** Approves an authorization, as the consent page would: a grant with its code. */
export async function approve(
  engine: Engine,
  client: ClientRecord,
  change: Partial<GrantRecord> = {},
  code: Partial<CodeRecord> = {},
): Promise<{ code: string; verifier: string; grant: GrantRecord; user: UserRecord }> {
  const { tenant } = engine;
  const user = await testUser(engine);
  const raw = tenant.random(32);
  const { verifier, challenge } = pkce();
  const grant: GrantRecord = {
    id: `g_${tenant.random(8)}`,
    clientId: client.clientId,
    sub: user.sub,
    kind: 'authorization_code',
    scope: ['notes:read'],
    resource: [],
    audience: [],
    details: {},
    createdAt: tenant.now(),
    revokedAt: null,
    revokedBy: null,
    ...change,
  };
  await tenant.store.createGrantWithCode(grant, {
    hash: sha256(raw),
    grantId: grant.id,
    clientId: client.clientId,
    redirectUri: REDIRECT_URI,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    createdAt: tenant.now(),
    expiresAt: tenant.now() + tenant.config['code.lifetime'] * 1000,
    spentAt: null,
    ...code,
  });
  return { code: raw, verifier, grant, user };
}

/** One request to the token endpoint. */
export async function ask(
  engine: Engine,
  form: Params,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const answer = await attempt(() => engine.call(token, { path: '/oauth/token', form, headers }));
  if (answer instanceof Response) return { status: answer.status, body: await bodyOf(answer), headers: answer.headers };
  return {
    status: answer.status,
    body: { error: answer.code, reason: answer.reason, error_description: answer.description },
    headers: new Headers(answer.headers),
  };
}

/** The tokens of a fresh authorization. */
export async function tokensFor(
  engine: Engine,
  client: ClientRecord,
  change: Partial<GrantRecord> = {},
): Promise<Body & { access_token: string; refresh_token: string }> {
  const { code, verifier } = await approve(engine, client, change);
  const { body } = await ask(engine, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    client_id: client.clientId,
  });
  return body as Body & { access_token: string; refresh_token: string };
}

/** What a handler answers, or the refusal that it throws. */
export async function attempt(handle: () => Promise<Response>): Promise<Response | OAuthError> {
  try {
    return await handle();
  } catch (error) {
    if (isOAuthError(error)) return error;
    throw error;
  }
}
