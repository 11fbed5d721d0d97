/**
 * The signing keys of one issuer: one in use for each algorithm, made when first needed, and the
 * retired ones for as long as they overlap.
 */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { KeyRecord, TenantStore } from '#lib/store/store.ts';
import type { Tenant } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { importedKey, publicHalf } from './imported.ts';
import { algorithmOf, ownKeyProblem, SHARED_SECRET } from './own-key.ts';
import { ownKeys } from './supply.ts';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  /** Bytes of a shared secret (HS256), else a key pair's private half. */
  readonly key: CryptoKey | Uint8Array;
}

/**
 * The key in use for an algorithm; the first time, it is made and stored.
 * @param alg JWS algorithm, such as ES256
 * @throws OAuthError `temporarily_unavailable` for HS256 if the sandbox has no secret of its owner's
 */
export async function signingKey(tenant: Tenant, alg: string): Promise<SigningKey> {
  const present = await tenant.store.listKeys();
  const held = present.find((key) => key.alg === alg && key.retiredAt === null);
  // A secret that this server made up would be of no use: nobody could verify with it.
  if (held === undefined && alg === SHARED_SECRET) {
    throw new OAuthError('temporarily_unavailable', {
      reason: 'signing-key-missing',
      description: 'The knob tokens.alg is HS256, and the sandbox has no oct key. PUT one to its keys.',
      evidence: { knob: 'tokens.alg', expected: 'a key with kty oct', got: null },
    });
  }
  const record = held ?? (await firstKey(tenant, alg, present));
  return { kid: record.kid, alg, key: await importedKey(record.privateJwk as JWK, alg) };
}

/** The algorithm of what is verified with the published key set: that of the access tokens, unless that is a secret. */
export function publishedAlgorithm({ config }: Tenant): string {
  return config['tokens.alg'] === SHARED_SECRET ? 'ES256' : config['tokens.alg'];
}

/** Keys that are being made, by the store that they are for: of many requests that need the first one, one makes it. */
const making = new WeakMap<TenantStore, Map<string, Promise<KeyRecord>>>();

function firstKey(tenant: Tenant, alg: string, present: readonly KeyRecord[]): Promise<KeyRecord> {
  const { store } = tenant;
  const here = making.get(store) ?? new Map<string, Promise<KeyRecord>>();
  making.set(store, here);
  const begun = here.get(alg);
  if (begun) return begun;
  // Another process may make one at the same time: the store keeps the first, and gives it to both.
  const made = newKey(tenant, alg, present)
    .then((key) => store.addKeyIfNone(key))
    .finally(() => here.delete(alg));
  here.set(alg, made);
  return made;
}

/** The keys that signatures are believed from: those in use, and those retired less than `keys.overlap` ago. */
export async function trustedKeys(tenant: Tenant): Promise<KeyRecord[]> {
  const since = tenant.now() - tenant.config['keys.overlap'] * 1000;
  return (await tenant.store.listKeys()).filter((key) => key.retiredAt === null || key.retiredAt > since);
}

/**
 * The public key of a trusted one, by its id.
 * @returns null if no trusted key has the id for that algorithm
 */
export async function verificationKey(
  tenant: Tenant,
  kid: string | undefined,
  alg: string | undefined,
): Promise<CryptoKey | Uint8Array | null> {
  const record = (await trustedKeys(tenant)).find((key) => key.kid === kid && key.alg === alg);
  if (record === undefined) return null;
  const jwk = record.alg === SHARED_SECRET ? record.privateJwk : record.publicJwk;
  return importedKey(jwk as JWK, record.alg);
}

/**
 * The key set, as it is published.
 * @see https://datatracker.ietf.org/doc/html/rfc7517#section-5
 */
export async function publicKeySet(tenant: Tenant): Promise<{ keys: Record<string, unknown>[] }> {
  // An empty set would help nobody: the key of access tokens is made here if it was not before.
  await signingKey(tenant, publishedAlgorithm(tenant));
  const published = (await trustedKeys(tenant)).filter((key) => key.alg !== SHARED_SECRET);
  return { keys: published.map((key) => ({ ...key.publicJwk, kid: key.kid, alg: key.alg, use: 'sig' })) };
}

/**
 * Puts a new key in the place of each one in use. The old ones stay in the key set for `keys.overlap`.
 * @returns the new keys' ids
 */
export async function rotateKeys(tenant: Tenant): Promise<string[]> {
  const now = tenant.now();
  const present = [...(await tenant.store.listKeys())];
  const inUse = present.filter((key) => key.retiredAt === null);
  const algorithms = new Set([...inUse.map((key) => key.alg), publishedAlgorithm(tenant)]);
  // A secret of the owner's is theirs to replace.
  algorithms.delete(SHARED_SECRET);
  const made: string[] = [];
  for (const alg of algorithms) {
    const key = await newKey(tenant, alg, present);
    present.push(key);
    await tenant.store.rotateKey(key, now);
    made.push(key.kid);
  }
  await tenant.store.deleteKeysRetiredBefore(now - tenant.config['keys.overlap'] * 1000);
  return made;
}

/**
 * Puts an owner's own keys in the place of all.
 * @param jwks private JWKs, each with its `alg`, or of a kind that has but one
 * @returns the ids of the keys
 * @throws TypeError that says which key is wrong, and why
 */
export async function replaceKeys(tenant: Tenant, jwks: readonly JWK[]): Promise<string[]> {
  const records: KeyRecord[] = [];
  for (const [index, jwk] of jwks.entries()) {
    const problem = await ownKeyProblem(jwk);
    if (problem !== null) throw new TypeError(`Key ${index}: ${problem}.`);
    const alg = algorithmOf(jwk)!;
    if (records.some((record) => record.alg === alg))
      throw new TypeError(`Key ${index}: another key of the set is for ${alg} as well.`);
    const publicJwk = publicHalf(jwk);
    // A thumbprint of a secret would be a way to guess at it: its id is random instead.
    const kid = jwk.kid ?? (alg === SHARED_SECRET ? tenant.random(16) : await calculateJwkThumbprint(publicJwk));
    records.push({
      kid,
      alg,
      privateJwk: { ...jwk, alg, kid },
      publicJwk: { ...publicJwk },
      createdAt: tenant.now(),
      retiredAt: null,
    });
  }
  if (new Set(records.map((record) => record.kid)).size < records.length)
    throw new TypeError('Two keys have the same kid.');
  await tenant.store.replaceKeys(records);
  return records.map((record) => record.kid);
}

/** Taken if a tenant was put together without a supply. */
const noSupply = ownKeys();

async function newKey(tenant: Tenant, alg: string, present: readonly KeyRecord[]): Promise<KeyRecord> {
  const held = new Set(present.map(({ kid }) => kid));
  const { kid, privateJwk, publicJwk } = await (tenant.keys ?? noSupply).take(alg, held);
  return {
    kid,
    alg,
    privateJwk: { ...privateJwk },
    publicJwk: { ...publicJwk },
    createdAt: tenant.now(),
    retiredAt: null,
  };
}
