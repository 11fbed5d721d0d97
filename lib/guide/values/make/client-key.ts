import { parseObject } from '#lib/exchange/read.ts';
import type { Make } from '../value.ts';

/** A key pair to authenticate with: the public point, and its thumbprint as the name of the key. */
export const clientKey: Make = {
  values: ['client_kid', 'client_key_x', 'client_key_y'],
  make: async (keys) => {
    const { jwk, jkt } = await keys.makeKey();
    const { x, y } = parseObject(jwk) ?? {};
    return { client_kid: jkt, client_key_x: String(x), client_key_y: String(y) };
  },
};
