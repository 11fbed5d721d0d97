import type { Make } from '../value.ts';

/** A key pair of Web Crypto: the private part cannot leave the browser, its thumbprint is what tokens are bound to. */
export const dpopKey: Make = {
  values: ['dpop_key', 'dpop_jkt'],
  make: async (keys) => {
    const { jwk, jkt } = await keys.makeKey();
    return { dpop_key: jwk, dpop_jkt: jkt };
  },
};
