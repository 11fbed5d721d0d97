import { makeState } from '../../pkce.ts';
import type { Make } from '../value.ts';

/** A nonce of another sign-in, for experiments. */
export const freshNonce: Make = { values: ['fresh_nonce'], make: async () => ({ fresh_nonce: makeState() }) };
