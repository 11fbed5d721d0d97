import { makeState } from '../../pkce.ts';
import type { Make } from '../value.ts';

/** A fresh `nonce`: what ties an ID token to this request. */
export const nonce: Make = { values: ['nonce'], make: async () => ({ nonce: makeState() }) };
