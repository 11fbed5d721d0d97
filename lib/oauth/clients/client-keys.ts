/** The public keys of a client: inline, or at the address that it registered. */
import type { JWK } from 'jose';
import { processWideMap } from '#lib/spec/bounded-map.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import type { Context } from '../context.ts';
import { addressKey } from '../requester.ts';
import { CLIENT_DOCUMENT_KIB } from '#lib/spec/limits.ts';
import { publicHalf } from '../keys/imported.ts';

/** ms of protocol time that a fetched key set is believed. */
const FRESH = 60_000;
/** ms of real time between two fetches that an unknown key id causes: bad assertions do not make this server fetch. */
const PAUSE = 10_000;
/** Key sets kept in this process. */
const BOUND = 500;

interface KeptSet {
  /** Protocol time of the fetch, ms. */
  readonly at: number;
  /** Real time of the latest fetch that an unknown key id caused, ms; null: none did. */
  readonly askedAgain: number | null;
  /** null if the set could not be had. */
  readonly keys: JWK[] | null;
}

/** The keys of a client, as far as they are known. */
export interface ClientKeys {
  /** None if the set cannot be had. */
  readonly keys: readonly JWK[];
  /** Whether they are certainly those of this moment, so that asking again would bring the same. */
  readonly current: boolean;
  /** Whether there is a set at an address, and it could not be had from there. */
  readonly unread: boolean;
}

const kept = () => processWideMap<string, KeptSet>('client-key-sets', BOUND);

/**
 * @param unknownKey whether the set that is known lacks the key that is needed: it is fetched again, now and then
 */
export async function clientKeys(ctx: Context, client: ClientRecord, unknownKey: boolean): Promise<ClientKeys> {
  const { jwks, jwks_uri: address } = client.metadata;
  if (jwks !== undefined) return { keys: keysOf(jwks) ?? [], current: true, unread: false };
  if (typeof address !== 'string') return { keys: [], current: true, unread: false };
  const { tenant } = ctx;
  const name = `${tenant.store.scope} ${address}`;
  const held = kept().get(name);
  const real = performance.now();
  const isFresh = held !== undefined && Math.abs(tenant.now() - held.at) < FRESH;
  const mayAskAgain = unknownKey && (held?.askedAgain == null || real - held.askedAgain >= PAUSE);
  if (held !== undefined && isFresh && !mayAskAgain) return found(held.keys, false);
  const keys = await fetchKeys(ctx, address);
  kept().set(name, { at: tenant.now(), askedAgain: unknownKey ? real : (held?.askedAgain ?? null), keys });
  return found(keys, true);
}

function found(keys: JWK[] | null, current: boolean): ClientKeys {
  return { keys: keys ?? [], current, unread: keys === null };
}

/** @returns null if the address does not answer with a key set */
async function fetchKeys({ tenant, remoteAddress }: Context, address: string): Promise<JWK[] | null> {
  try {
    const answer = await tenant.fetch(address, {
      maxBytes: CLIENT_DOCUMENT_KIB * 1024,
      accept: 'application/jwk-set+json, application/json',
      requester: addressKey(remoteAddress),
    });
    return answer.status === 200 ? keysOf(JSON.parse(new TextDecoder().decode(answer.body))) : null;
  } catch {
    return null;
  }
}

function keysOf(set: unknown): JWK[] | null {
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return null;
  return keys
    .filter((key): key is JWK => typeof key === 'object' && key !== null)
    .slice(0, 20)
    .map((key) => ({
      ...publicHalf(key),
      ...(key.kid ? { kid: key.kid } : {}),
      ...(key.alg ? { alg: key.alg } : {}),
      ...(key.use ? { use: key.use } : {}),
    }));
}
