import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { importedKey } from '../keys/imported.ts';
import { signJwt } from './sign.ts';

test.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256', 'PS256'])(
  'what is signed with %s verifies, with its type and key',
  async (alg) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    const key = { kid: 'a-key', alg, key: await importedKey(await exportJWK(pair.privateKey), alg) };
    const token = await signJwt(key, 'at+jwt', { sub: 'Ünïcode', exp: 4_000_000_000 });
    const { payload, protectedHeader } = await jwtVerify(token, pair.publicKey, { typ: 'at+jwt', algorithms: [alg] });
    expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: 'a-key' });
    expect(payload).toEqual({ sub: 'Ünïcode', exp: 4_000_000_000 });
    const other = await generateKeyPair(alg);
    await expect(jwtVerify(token, other.publicKey)).rejects.toThrow();
  },
);
