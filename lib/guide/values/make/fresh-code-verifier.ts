import { makePkce } from '../../pkce.ts';
import type { Make } from '../value.ts';

/** A verifier that belongs to no challenge, for experiments. */
export const freshCodeVerifier: Make = {
  values: ['fresh_code_verifier'],
  make: async () => ({ fresh_code_verifier: (await makePkce()).verifier }),
};
