/**
 * A sign-in that is under way at a provider: what the answer is held against. Kept like a consent page, which is bound
 * to a browser, lives as briefly and is taken once as well.
 */
import type { Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import type { ProviderId } from './providers.ts';

export interface PendingSignIn {
  readonly provider: ProviderId;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** SHA-256 of the cookie of the browser that began. */
  readonly browserHash: string;
  /** The consent page that the user came from. */
  readonly interaction: string | null;
  readonly simulated: boolean;
}

/** ms of the sandbox's clock that a user may spend at the provider. */
const LIFETIME = 15 * 60 * 1000;

/** No consent page has such an id: theirs begin with their sandbox. */
const idOf = (state: string): string => ` sign-in ${sha256(`sign-in state ${state}`)}`;

/** @returns `state` for the request to the provider */
export async function keepPending(tenant: Tenant, pending: PendingSignIn): Promise<string> {
  const state = tenant.random(32);
  const { browserHash, ...request } = pending;
  const now = tenant.now();
  await tenant.store.createInteraction({
    id: idOf(state),
    browserHash,
    request,
    createdAt: now,
    expiresAt: now + LIFETIME,
  });
  return state;
}

/** The sign-in with this state, which stays; null if there is none, or it took too long. */
export async function findPending(tenant: Tenant, state: string): Promise<PendingSignIn | null> {
  const record = await tenant.store.getInteraction(idOf(state), tenant.now());
  return record && ({ ...record.request, browserHash: record.browserHash } as unknown as PendingSignIn);
}

/** Uses the sign-in up. @returns false if another answer came first */
export async function takePending(tenant: Tenant, state: string): Promise<boolean> {
  return (await tenant.store.takeInteraction(idOf(state), tenant.now())) !== null;
}
