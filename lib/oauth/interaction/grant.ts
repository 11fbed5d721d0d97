/** What an approval makes: a grant, and the code that stands for it. */
import type { ClientRecord, GrantRecord, UserRecord } from '#lib/store/store.ts';
import { note } from '../checks/check.ts';
import type { Context, GrantDetails } from '../context.ts';
import { sha256 } from '../hash.ts';
import { queuedCode } from '../queued.ts';
import { requesterOf } from '../requester.ts';
import { forgetDenial } from '../grants/elsewhere.ts';
import { grantedScopes } from '../scope.ts';
import type { AuthorizationRequest } from './request.ts';

/** How the user came to be the one who approves. */
export interface Approval {
  readonly user: UserRecord;
  /** What was let through of what was asked for. */
  readonly scope: readonly string[];
  /** When the user proved who they are, ms. */
  readonly authTime: number;
  readonly sid?: string;
}

/** Proved by a password. */
export const ACR_PASSWORD = 'urn:authwalk:acr:password';
/** Not proved at all: a user made up on the spot. "0" is OpenID Connect's own word for this. */
export const ACR_NONE = '0';

/**
 * Stores the grant with its code.
 * @returns the code: 256 random bits, of which only the hash is kept
 * @throws LimitError with more live grants than a sandbox may hold
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2
 */
export async function makeCode(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  approval: Approval,
): Promise<string> {
  const { tenant } = ctx;
  const now = tenant.now();
  const code = (await queuedCode(ctx)) ?? tenant.random(32);
  const plain = makeGrant(ctx, client, 'authorization_code', request, approval);
  const grant = {
    ...plain,
    details: {
      ...plain.details,
      redirectUri: request.redirectUri,
      ...(request.codeChallenge === null ? {} : { challenge: request.codeChallenge }),
      ...(request.state === undefined ? {} : { stateHash: sha256(request.state) }),
    },
  };
  forgetDenial(ctx, client.clientId);
  await tenant.store.createGrantWithCode(
    grant,
    {
      hash: sha256(code),
      grantId: grant.id,
      clientId: client.clientId,
      redirectUri: request.redirectUri,
      codeChallenge: request.codeChallenge,
      codeChallengeMethod: request.codeChallengeMethod,
      createdAt: now,
      expiresAt: now + tenant.config['code.lifetime'] * 1000,
      spentAt: null,
    },
    requesterOf(ctx),
  );
  ctx.trace.set({ grantId: grant.id });
  note(
    ctx.trace,
    'code-made',
    request.codeChallenge === null
      ? 'Made a code and kept its hash, with the client and the redirect URI; there is no challenge'
      : 'Made a code and kept its hash, with the challenge, the client and the redirect URI',
    'oauth21-4.1.2',
    {
      scope: grant.scope,
      lives: tenant.config['code.lifetime'],
      code_challenge: request.codeChallenge,
      redirect_uri: request.redirectUri,
    },
  );
  return code;
}

/** What the grant needs to know of the request that it answers; the device grant has fewer of them. */
export type GrantedRequest = Pick<
  AuthorizationRequest,
  'scope' | 'resource' | 'audience' | 'nonce' | 'maxAge' | 'acrValues' | 'dpopJkt' | 'expiresIn'
>;

/** A grant of this user to this client, not stored yet. @param kind the grant type that will be used */
export function makeGrant(
  ctx: Context,
  client: ClientRecord,
  kind: string,
  request: GrantedRequest,
  approval: Approval,
): GrantRecord {
  const { tenant } = ctx;
  const scope = grantedScopes(tenant.config, approval.scope);
  if (scope.length !== approval.scope.length) ctx.trace.set({ acted: { kind: 'knob', name: 'scopes.grant' } });
  const details: GrantDetails = {
    authTime: approval.authTime,
    requestedScope: request.scope,
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(request.acrValues === undefined ? {} : { acr: acrOf(approval.user) }),
    ...(request.maxAge !== undefined || client.metadata.require_auth_time === true ? { authTimeRequested: true } : {}),
    ...(approval.sid === undefined ? {} : { sid: approval.sid }),
    ...(request.dpopJkt === undefined ? {} : { dpopJkt: request.dpopJkt }),
    ...(request.expiresIn === undefined ? {} : { expiresIn: request.expiresIn }),
  };
  return {
    id: tenant.random(16),
    clientId: client.clientId,
    sub: approval.user.sub,
    kind,
    scope,
    resource: request.resource,
    audience: request.audience,
    details: { ...details },
    createdAt: tenant.now(),
    revokedAt: null,
    revokedBy: null,
  };
}

/**
 * `acr`, where it was asked for: what really happened, not what was wished for; the values are voluntary.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#acrSemantics
 */
function acrOf(user: UserRecord): string {
  return user.passwordHash === null ? ACR_NONE : ACR_PASSWORD;
}
