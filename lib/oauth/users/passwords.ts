/**
 * Password hashing: scrypt, salted per user, on the thread pool.
 *
 * The cost is an interactive one (32 MiB, about 0.1 s): this server is for testing, says so on every
 * page that takes a password, and has to sign in forty made-up users at once in somebody's CI. The
 * parameters stand in each hash, so raising them later leaves old hashes readable.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { PasswordHasher } from '../context.ts';

const COST = 32_768;
const BLOCK = 8;
const PARALLEL = 1;
const LENGTH = 32;

/**
 * @param salt makes the salt; a parameter so that a test can be deterministic
 * @returns a hasher whose hashes read `$scrypt$N,r,p$salt$key`, both in base64url
 * @see https://www.rfc-editor.org/rfc/rfc7914 scrypt
 */
export function scryptHasher(salt: () => Buffer = () => randomBytes(16)): PasswordHasher {
  return {
    async hash(password) {
      const own = salt();
      const key = await derive(password, own, COST, BLOCK, PARALLEL, LENGTH);
      return `$scrypt$${COST},${BLOCK},${PARALLEL}$${own.toString('base64url')}$${key.toString('base64url')}`;
    },
    async verify(password, hash) {
      const match = /^\$scrypt\$(\d+),(\d+),(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash);
      if (!match) return false;
      const [, cost, block, parallel, own, key] = match as unknown as [string, string, string, string, string, string];
      const expected = Buffer.from(key, 'base64url');
      const got = await derive(
        password,
        Buffer.from(own, 'base64url'),
        Number(cost),
        Number(block),
        Number(parallel),
        expected.length,
      );
      return timingSafeEqual(got, expected);
    },
  };
}

/**
 * The same password typed on two keyboards may come in two Unicode forms; NFKC makes them one (RFC 8265 does
 * likewise).
 */
function derive(password: string, salt: Buffer, N: number, r: number, p: number, length: number): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
