/** The public keys of a client: inline, or at the address that it registered. */
import type { JWK } from 'jose';
import { processWideMap } from '#lib/spec/bounded-map.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import type { Context } from '../context.ts';
import { publicHalf } from '../keys/ring.ts';

/** ms of protocol time that a fetched key set is believed; an unknown key id has it fetched again. */
const FRESH = 60_000;
const MAX_BYTES = 65_536;
/** Key sets kept in this process. */
const BOUND = 500;

interface KeptSet {
  readonly at: number;
  readonly keys: JWK[];
}

const kept = () => processWideMap<string, KeptSet>('client-key-sets', BOUND);

/**
 * @param fresh whether to ask again, though the set is known
 * @returns the keys, none where the set cannot be had
 */
export async function clientKeys(ctx: Context, client: ClientRecord, fresh: boolean): Promise<JWK[]> {
  const { jwks, jwks_uri: address } = client.metadata;
  if (jwks !== undefined) return keysOf(jwks);
  if (typeof address !== 'string') return [];
  const { tenant } = ctx;
  const name = `${tenant.store.scope} ${address}`;
  const held = kept().get(name);
  if (held && !fresh && Math.abs(tenant.now() - held.at) < FRESH) return held.keys;
  try {
    const answer = await tenant.fetch(address, {
      maxBytes: MAX_BYTES,
      accept: 'application/jwk-set+json, application/json',
    });
    if (answer.status !== 200) return [];
    const keys = keysOf(JSON.parse(new TextDecoder().decode(answer.body)));
    kept().set(name, { at: tenant.now(), keys });
    return keys;
  } catch {
    return [];
  }
}

function keysOf(set: unknown): JWK[] {
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return [];
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
