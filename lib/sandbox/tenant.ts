/** From a sandbox and an origin to the tenant that the engine works in. */
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { PasswordHasher, Tenant } from '#lib/oauth/context.ts';
import type { KeySupply } from '#lib/oauth/keys/supply.ts';
import type { Store, TenantStore } from '#lib/store/store.ts';
import { protocolTime } from './clock.ts';
import { takeFrom } from './queues.ts';
import { DEFAULT_ID, type LiveSandbox } from './sandboxes.ts';

/** What a sandbox lives on. */
export interface TenantParts {
  readonly store: Store;
  readonly wall: () => number;
  readonly random: (bytes: number) => string;
  readonly passwords: PasswordHasher;
  readonly keys: KeySupply;
  readonly fetch: GuardedFetch;
  readonly site: { readonly isPublic: boolean; readonly allowedHosts: ReadonlySet<string> };
}

/** `{base}` of a sandbox. @param at the origin that was asked, without a trailing slash */
export function baseOf({ record, ownOrigin }: LiveSandbox, at: string): string {
  if (ownOrigin !== null) return ownOrigin;
  return record.id === DEFAULT_ID ? at : `${at}/s/${record.id}`;
}

/** Labels of further issuers inside a sandbox. */
export type IssuerLabel = 'as2' | 'idp';

/**
 * The tenant of one issuer.
 * @param at the origin that was asked, without a trailing slash; a sandbox with an origin of its own keeps that
 * @param label of a further issuer that the configuration opens, or null for the sandbox's own
 */
export function tenantOf(parts: TenantParts, sandbox: LiveSandbox, at: string, label: IssuerLabel | null): Tenant {
  const { record, config } = sandbox;
  const origin = sandbox.ownOrigin ?? at;
  const scope = label === null ? record.id : `${record.id}/${label}`;
  const own = baseOf(sandbox, at);
  const base = label === null ? own : `${own}/${label}`;
  return {
    sandboxId: record.id,
    origin,
    base,
    issuer: config['issuer.trailingSlash'] ? `${base}/` : base,
    config,
    store: storeOf(parts.store, sandbox, scope),
    secret: record.secret,
    controlTokenHash: sandbox.controlTokenHash,
    isPublic: parts.site.isPublic,
    allowedHosts: parts.site.allowedHosts,
    now: () => protocolTime(record.clock, parts.wall()),
    random: parts.random,
    passwords: parts.passwords,
    keys: parts.keys,
    fetch: parts.fetch,
    queue: (name) => takeFrom(sandbox, storeOf(parts.store, sandbox, record.id), name),
    further: (label) => (config.issuers.includes(label) ? tenantOf(parts, sandbox, origin, label) : null),
  };
}

function storeOf(store: Store, sandbox: LiveSandbox, scope: string): TenantStore {
  const present = sandbox.stores.get(scope);
  if (present) return present;
  const made = store.tenant(scope);
  sandbox.stores.set(scope, made);
  return made;
}
