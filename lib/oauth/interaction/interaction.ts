/** An interaction: one visit to the consent page, and what it is about. */
import type { ClientRecord, InteractionRecord } from '#lib/store/store.ts';
import type { Context, Tenant } from '../context.ts';
import { sha256 } from '../hash.ts';
import { issuerLabel } from '../issuers.ts';
import { inventUser, type Invention } from '../users/invent.ts';
import type { AuthorizationRequest } from './request.ts';

/** What is kept with an interaction. */
export interface InteractionData {
  readonly authorization: AuthorizationRequest;
  /** The client as it was when the visit began, without its hashes: what the page shows is what is approved. */
  readonly client: ClientRecord;
  /** The user that `action=auto` will make, so that the page can name them. */
  readonly invention: Invention;
  /** A sign-in that failed: the form shows it, and the address that was typed. */
  readonly failed?: { readonly email: string; readonly problem: 'credentials' | 'password'; readonly times: number };
  /** Whether it never comes to an end (`consent.outcome: silent`). */
  readonly silent?: boolean;
}

/** How long the page can be left open, ms of the sandbox's clock. */
const LIFETIME = 30 * 60 * 1000;

/** Bytes of the random part: 256 bits, as nobody else may find it. */
const RANDOM = 32;

/**
 * Stores the request and names the page that asks the user.
 * @returns the address of the consent page, or of the provider that is asked in its place
 */
export async function beginInteraction(
  ctx: Context,
  client: ClientRecord,
  authorization: AuthorizationRequest,
  silent: boolean,
): Promise<string> {
  const { tenant } = ctx;
  const now = tenant.now();
  const data: InteractionData = {
    authorization,
    client: snapshotOf(client),
    invention: inventUser(tenant.random),
    ...(silent ? { silent } : {}),
  };
  const id = `${tenant.store.scope.replace('/', '.')}.${tenant.random(RANDOM)}`;
  await tenant.store.createInteraction({
    id,
    browserHash: sha256(ctx.browser.ensure()),
    request: { ...data },
    createdAt: now,
    expiresAt: now + LIFETIME,
  });
  return tenant.config['upstream.consent'] === 'assumed' && issuerLabel(tenant) === 'own'
    ? `${tenant.base}/auth/login/google?interaction=${id}`
    : consentAddress(tenant, id);
}

/**
 * What the page and the grant need to know of the client. A document may be long, and much of it is nobody's
 * business here.
 */
function snapshotOf(client: ClientRecord): ClientRecord {
  const {
    redirect_uris,
    grant_types,
    response_types,
    token_endpoint_auth_method,
    client_name,
    client_uri,
    policy_uri,
    tos_uri,
    require_auth_time,
  } = client.metadata;
  return {
    ...client,
    secretHash: null,
    registrationTokenHash: null,
    metadata: {
      redirect_uris: redirect_uris.slice(0, 1),
      grant_types,
      response_types,
      token_endpoint_auth_method,
      ...Object.fromEntries(
        Object.entries({ client_name, client_uri, policy_uri, tos_uri, require_auth_time }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    },
  };
}

/** Where the page of an interaction is. */
export function consentAddress(tenant: Tenant, id: string): string {
  return `${tenant.origin}/consent/${id}`;
}

/** The interaction with this id; null if it is over, or was never one of this sandbox. */
export async function findInteraction(tenant: Tenant, id: string): Promise<InteractionRecord | null> {
  return scopeOfInteraction(id) === tenant.store.scope ? tenant.store.getInteraction(id, tenant.now()) : null;
}

/** What an interaction is about. */
export function dataOf(record: InteractionRecord): InteractionData {
  return record.request as unknown as InteractionData;
}

/**
 * Puts an interaction back after a sign-in that failed, with what to show. Between taking and putting
 * back it is gone; the password is verified before, so that this is no longer than two writes.
 * @returns false where somebody else took it meanwhile
 */
export async function keepFailure(
  tenant: Tenant,
  record: InteractionRecord,
  failed: InteractionData['failed'],
): Promise<boolean> {
  const taken = await tenant.store.takeInteraction(record.id, tenant.now());
  if (!taken) return false;
  await tenant.store.createInteraction({ ...taken, request: { ...taken.request, failed } });
  return true;
}

const ID = /^([A-Za-z0-9_-]{1,64})(?:\.(as2|idp))?\.[A-Za-z0-9_-]{1,100}$/;

/**
 * The sandbox that an interaction belongs to, from its id: `/consent/{interaction}` is one path for all. Null where
 * it is no id.
 */
export function sandboxOfInteraction(id: string): string | null {
  return ID.exec(id)?.[1] ?? null;
}

/** The store's scope of an interaction: `{sandbox}`, or of a further issuer `{sandbox}/as2`. Null if it is no id. */
export function scopeOfInteraction(id: string): string | null {
  const match = ID.exec(id);
  if (!match) return null;
  return match[2] ? `${match[1]}/${match[2]}` : match[1]!;
}
