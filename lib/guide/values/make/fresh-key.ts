import type { Make } from '../value.ts';

/** Another key pair, by its thumbprint, for experiments. */
export const freshKey: Make = {
  values: ['fresh_key'],
  make: async (keys) => ({ fresh_key: (await keys.makeKey()).jkt }),
};
