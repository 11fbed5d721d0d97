/** Where the key pairs of sandboxes come from: made ahead, because an RSA key takes hundreds of milliseconds. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** Bits of an RSA modulus. */
const MODULUS = 2048;

/** A key pair as it is stored. */
export interface MadeKey {
  /** The thumbprint of the public half. @see https://datatracker.ietf.org/doc/html/rfc7638 */
  readonly kid: string;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

/** Gives out key pairs. */
export interface KeySupply {
  /**
   * @param alg JWS algorithm, such as ES256
   * @param held ids of the keys that the issuer has already; none of them is given again
   */
  take(alg: string, held: ReadonlySet<string>): Promise<MadeKey>;
  /** Makes an RSA key for later, if none waits. */
  prepare(): void;
}

/** One RSA key fits all algorithms of its kind. */
const kindOf = (alg: string): string => (/^[RP]S\d/.test(alg) ? 'RSA' : alg);

async function makeKey(alg: string): Promise<MadeKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength: MODULUS });
  const publicJwk = await exportJWK(publicKey);
  return { kid: await calculateJwkThumbprint(publicJwk), privateJwk: await exportJWK(privateKey), publicJwk };
}

/** A key pair for every asker, never given twice. One RSA key is made in advance. */
export function ownKeys(): KeySupply {
  let waiting: Promise<MadeKey> | null = null;
  const prepare = (): void => {
    waiting ??= makeKey('RS256');
    // The caller that takes it gets the failure.
    waiting.catch(() => undefined);
  };
  return {
    prepare,
    async take(alg) {
      if (kindOf(alg) !== 'RSA' || waiting === null) return makeKey(alg);
      const taken = waiting;
      waiting = null;
      const key = await taken;
      prepare();
      return key;
    },
  };
}

/** By kind, in the order in which they were made. */
const pool = new Map<string, Promise<MadeKey>[]>();

/** Key pairs that all issuers of this process share: for tests, where making them would be most of the time. */
export function sharedKeys(): KeySupply {
  const poolOf = (kind: string): Promise<MadeKey>[] => {
    const made = pool.get(kind) ?? [];
    pool.set(kind, made);
    return made;
  };
  return {
    prepare() {
      const made = poolOf('RSA');
      if (made.length > 0) return;
      const key = makeKey('RS256');
      key.catch(() => undefined);
      made.push(key);
    },
    async take(alg, held) {
      const made = poolOf(kindOf(alg));
      for (let index = 0; ; index++) {
        if (index === made.length) made.push(makeKey(alg));
        const key = await made[index]!;
        if (!held.has(key.kid)) return key;
      }
    },
  };
}
